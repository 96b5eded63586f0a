import json

import cv2
import numpy as np
import pytest

from analysis.engine.action_units import ACTION_UNITS, AU_INDEX, AU_NUMBERS
from analysis.training import __main__ as command
from analysis.training import atlas, facekit
from analysis.training.generator.sequences import Parts
from analysis.training.portraits import Sitter
from echodepth.env import BASE_DIR

FOLDER = BASE_DIR / "static" / "atlas"
TEXT = (FOLDER / atlas.CONTENTS).read_text(encoding="utf-8")
COMMITTED = json.loads(TEXT)

NOTICE = "NOTICE.txt"


def picture(name):
    return cv2.imread(str(FOLDER / name), cv2.IMREAD_UNCHANGED)


def named():
    """Every file that the committed contents name."""
    files = [*COMMITTED["neutral"].values(), COMMITTED["map"]["picture"]]
    for unit in COMMITTED["units"].values():
        files += [*unit["pictures"].values(), unit["loop"]["file"]]
    return files


def test_the_committed_contents_say_what_the_tables_say():
    places = {int(au): tuple(unit["point"]) for au, unit in COMMITTED["units"].items()}

    assert atlas.contents(places) == COMMITTED
    assert json.dumps(COMMITTED, indent=1, sort_keys=True) + "\n" == TEXT
    assert {int(au) for au in COMMITTED["units"]} == set(AU_NUMBERS)
    assert len(AU_NUMBERS) == 44


def test_a_stale_text_would_be_seen():
    places = dict.fromkeys(AU_NUMBERS, (0, 0))
    said = atlas.contents(places)["units"]["12"]

    assert said["change"] == COMMITTED["units"]["12"]["change"]
    assert said | {"point": COMMITTED["units"]["12"]["point"]} == COMMITTED["units"]["12"]
    assert said != COMMITTED["units"]["12"]


def test_every_file_is_named_once_and_every_name_is_a_file():
    files = named()

    assert len(files) == len(set(files))
    assert {path.name for path in FOLDER.iterdir()} == {*files, atlas.CONTENTS, NOTICE}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 6 << 20


def test_the_notice_names_the_command_and_holds_the_whole_licence():
    notice, licence = (FOLDER / NOTICE).read_text(encoding="utf-8"), "MIT License\n"
    demonstration = (BASE_DIR / "analysis" / "demonstration" / "NOTICE").read_text(encoding="utf-8")

    assert atlas.COMMAND in notice
    assert "not a living person" in notice
    assert "Copyright (c) 2020 USC Institute for Creative Technologies" in notice
    assert notice.partition(licence)[2] == demonstration.partition(licence)[2] != ""


def test_pictures_have_the_size_that_the_contents_claim():
    stills = [*COMMITTED["neutral"].values()]
    for unit in COMMITTED["units"].values():
        stills += unit["pictures"].values()

    assert {picture(name).shape for name in stills} == {(COMMITTED["size"], COMMITTED["size"], 3)}
    assert picture(COMMITTED["map"]["picture"]).shape == (800, 600, 4)
    assert (COMMITTED["map"]["width"], COMMITTED["map"]["height"]) == (600, 800)


def test_every_unit_has_its_letters_and_both_sides_where_facs_gives_it_sides():
    for unit in ACTION_UNITS:
        which = set(COMMITTED["units"][str(unit.number)]["pictures"])
        assert which == {"A", "C", "E"} | ({"left", "right"} if unit.sided else set())


@pytest.mark.parametrize("unit", ACTION_UNITS, ids=lambda unit: unit.code)
def test_a_unit_changes_the_face_and_the_more_the_stronger_it_is(unit):
    entry = COMMITTED["units"][str(unit.number)]
    calm = picture(COMMITTED["neutral"][entry["view"]]).astype(int)
    changed = {
        which: np.abs(picture(name).astype(int) - calm).mean() for which, name in entry["pictures"].items()
    }

    assert changed["A"] < changed["C"] < changed["E"]
    # Compression alone differs by less.
    assert changed["E"] > 0.3


def test_what_has_sides_changes_more_on_the_side_that_is_named():
    for unit in ACTION_UNITS:
        entry = COMMITTED["units"][str(unit.number)]
        if not unit.sided or unit.number == 30:  # the jaw takes the whole mouth along
            continue
        calm = picture("neutral.webp").astype(int)
        for side, there, other in (
            ("left", np.s_[:, 260:], np.s_[:, :220]),
            ("right", np.s_[:, :220], np.s_[:, 260:]),
        ):
            # Compression changes pixels too, but not by much.
            changed = np.abs(picture(entry["pictures"][side]).astype(int) - calm) > 25
            assert changed[there].sum() > 50 + 2 * changed[other].sum(), (unit.code, side)


def test_points_are_on_the_face_and_the_left_ones_on_the_persons_left():
    chart = picture(COMMITTED["map"]["picture"])
    for unit in ACTION_UNITS:
        x, y = COMMITTED["units"][str(unit.number)]["point"]
        assert chart[y, x, 3] == 255, unit.code
        assert x > 300 if unit.sided else x >= 300, unit.code


def test_the_map_has_nothing_behind_the_head():
    chart = picture(COMMITTED["map"]["picture"])

    assert (chart[:20, :, 3] == 0).all()
    assert (chart[300:600, 280:320, 3] == 255).all()


def test_what_is_alike_before_black_and_white_is_there():
    black = np.array([[[10, 20, 30], [0, 0, 0], [50, 50, 50]]], np.uint8)
    white = np.array([[[10, 20, 30], [240, 240, 240], [170, 170, 170]]], np.uint8)

    (there, through, half) = atlas.cut_out(black, white)[0].tolist()

    assert there == [10, 20, 30, 255]
    assert through[3] == 0
    assert half == [100, 100, 100, 128]


def test_a_unit_rendered_again_is_the_committed_one(rig, renderer):
    sitter = Sitter(Parts(rig, renderer))
    unit = ACTION_UNITS[AU_INDEX[12]]

    for which, name in atlas.pictures(unit).items():
        again = atlas.still(sitter, unit, which)[..., ::-1].astype(int)
        # WebP at this quality differs from what it was given by about one grey level.
        assert np.abs(again - picture(name)).mean() < 3, name
    assert np.abs(again - picture("au15-e.webp")).mean() > 3
    assert atlas.points(sitter, atlas.MAP_STAND, atlas.MAP_SIZE)[12] == tuple(
        COMMITTED["units"]["12"]["point"]
    )


@pytest.mark.usefixtures("rig")
def test_the_command_writes_pictures_loop_and_contents(tmp_path):
    out = tmp_path / "new"

    assert command.main(["atlas", str(out), "--only", "45"]) == 0

    assert {path.name for path in out.iterdir()} == {
        "atlas.json",
        "map.webp",
        *COMMITTED["neutral"].values(),
        *COMMITTED["units"]["45"]["pictures"].values(),
        "au45.webm",
    }
    assert (out / "atlas.json").read_text(encoding="utf-8") == TEXT
    for name in ("map.webp", "neutral-neck.webp", "neutral-profile.webp"):
        again = cv2.imread(str(out / name), cv2.IMREAD_UNCHANGED).astype(int)
        assert np.abs(again - picture(name)).mean() < 0.5, name


def test_a_number_that_is_no_unit_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        command.main(["atlas", str(tmp_path), "--only", "3"])

    assert "invalid choice: 3" in capsys.readouterr().err


def test_without_the_head_model_the_command_says_so_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(facekit.SETTING, str(tmp_path / "none.npz"))

    assert command.main(["atlas", str(tmp_path / "new")]) == 1

    assert facekit.SETTING in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
