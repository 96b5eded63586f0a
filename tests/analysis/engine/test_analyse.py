"""The whole chain on real video made in code, and on the shared clips where they are."""

import csv
import dataclasses
import hashlib

import numpy as np
import pytest

from analysis.engine import errors, frame_table
from analysis.engine.action_units import ACTION_UNITS, PRESENT_FROM
from analysis.engine.analyse import Config, analyse
from analysis.engine.findings.cohorts import shipped
from analysis.engine.neutral_choice import Kept, Span
from analysis.engine.result import from_json, to_json
from analysis.engine.types import Warn
from tests.support import clips
from tests.support.cards import example_card
from tests.support.results import example_result
from tests.support.shared import shared_clip


@pytest.fixture
def run(models, tmp_path):
    """Analyse a file; give the result and the table's rows."""

    def analysed(path, progress=lambda *_: None, neutral=None, cohort=None):
        folder = tmp_path / f"out-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        result = analyse(path, folder, models, Config(neutral=neutral, cohort=cohort), progress)
        table = folder / "frames.parquet"
        assert [one.name for one in folder.iterdir()] == ["frames.parquet"]
        assert hashlib.sha256(table.read_bytes()).hexdigest() == result.frames_sha256
        frame_table.parquet_to_csv(table, folder / "frames.csv")
        with (folder / "frames.csv").open(newline="") as handle:
            return result, list(csv.DictReader(handle))

    return analysed


def column(rows, name):
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


def test_what_the_portrait_does_is_found(run, tmp_path):
    result, rows = run(clips.portrait_clip(tmp_path / "a.mp4", frames=180))
    assert result.frames == len(rows) == 180
    assert result.warnings == ()
    assert [track.track for track in result.tracks] == [1]
    done = [clips.course(i) for i in range(180)]
    smile, brows = (np.array([one[name] for one in done]) for name in ("smile", "brows"))
    assert np.corrcoef(column(rows, "AU12"), smile)[0, 1] > 0.8
    assert np.corrcoef(column(rows, "AU02"), brows)[0, 1] > 0.8
    signals = {signal.key: signal.overall for signal in result.tracks[0].signals}
    assert set(signals) == {"trust", "credibility", "resistance"}
    assert all(0 <= one.low <= one.value <= one.high <= 100 for one in signals.values())


def test_the_same_recording_gives_the_same_bytes(run, tmp_path):
    path = clips.portrait_clip(tmp_path / "a.mp4", frames=30)
    (first, _), (second, _) = run(path), run(path)
    assert to_json(first) == to_json(second)
    assert first.frames_sha256 == second.frames_sha256


def test_two_people_have_a_row_each_in_every_frame(run, tmp_path):
    result, rows = run(clips.write(tmp_path / "a.mp4", clips.two_people(20)))
    assert {track.track for track in result.tracks} == {1, 2}
    assert [(int(row["frame"]), row["track"]) for row in rows] == [
        (frame, track) for frame in range(20) for track in ("1", "2")
    ]


def test_a_declared_cohort_is_that_of_the_person_most_seen(run, tmp_path):
    cohort = shipped().cohorts["ch-it"]
    result, _ = run(clips.write(tmp_path / "a.mp4", clips.two_people(165)), cohort=cohort)

    calibrated = [track.track for track in result.tracks for signal in track.signals if signal.calibrated]
    assert {track.track for track in result.tracks} == {1, 2}
    assert calibrated == [1, 1, 1]
    assert result.cohort == from_json(to_json(result)).cohort == cohort
    assert (result.configuration["cohort"], result.configuration["cohort_version"]) == ("ch-it", "1")


def test_whoever_is_marked_comes_first_though_seen_less(run, tmp_path):
    """One at the left for twelve frames, then another at the right for thirty-six."""
    left, right = (list(clips.cut(*counts, width=320)) for counts in ((12, 0), (0, 36)))
    blank = np.full_like(left[0], 90)
    apart = [np.concatenate([one, blank], axis=1) for one in left]
    apart += [np.concatenate([blank, one], axis=1) for one in right]
    file = clips.write(tmp_path / "a.mp4", apart)

    (most, _), (marked, _) = run(file), run(file, neutral=Span(0.0, 0.3))

    assert [track.quality.frames for track in most.tracks] == [36, 12]
    assert [track.quality.frames for track in marked.tracks] == [12, 36]
    assert [track.neutral.source for track in marked.tracks] == ["marked", "estimated"]


def test_a_cohorts_numbers_are_part_of_the_configuration():
    cohort = shipped().cohorts["ch-it"]
    other = cohort.varied("smile", 1)

    first, second = (Config(cohort=one).facts(example_card()) for one in (cohort, other))

    assert (first["cohort"], first["cohort_version"]) == (second["cohort"], second["cohort_version"])
    assert first["cohort_sha256"] != second["cohort_sha256"]


def test_frames_without_a_face_say_so(run, tmp_path):
    result, rows = run(clips.write(tmp_path / "a.mp4", [*clips.pictures(8), *clips.blank(5)]))
    assert [row["excluded"] for row in rows] == [""] * 8 + ["no_face"] * 5
    assert [row["track"] for row in rows] == ["1"] * 8 + [""] * 5
    assert result.excluded == {"no_face": 5}
    assert result.warnings == (Warn.TOO_LITTLE_FACE_TIME,)
    assert all(signal.overall is None for signal in result.tracks[0].signals)


def test_no_face_at_all(run, tmp_path):
    result, rows = run(clips.write(tmp_path / "a.mp4", clips.blank(12)))
    assert result.warnings == (Warn.NO_FACE,)
    assert result.tracks == ()
    assert {row[f"{au.code}_state"] for row in rows for au in ACTION_UNITS} == {"not_visible"}


@pytest.mark.parametrize("count", [1, 2])
def test_one_and_two_frames(run, tmp_path, count):
    result, rows = run(clips.portrait_clip(tmp_path / "a.mp4", frames=count))
    assert len(rows) == count
    assert rows[0]["AU12_state"] == "scored"
    assert Warn.TOO_LITTLE_FACE_TIME in result.warnings


def test_a_recording_that_ends_early_is_analysed_as_far_as_it_goes(run, tmp_path):
    source = clips.portrait_clip(tmp_path / "a.mp4", frames=60, options={"movflags": "faststart"})
    result, rows = run(clips.shortened(tmp_path / "b.mp4", source, 0.6))
    assert Warn.TRUNCATED in result.warnings
    assert 5 < len(rows) < 60


def test_few_pictures_a_second_are_warned_of(run, tmp_path):
    path = clips.portrait_clip(tmp_path / "a.mp4", frames=10, times=range(0, 1000, 100))
    assert Warn.LOW_FRAME_RATE in run(path)[0].warnings


def test_a_stream_that_does_not_start_at_zero_keeps_its_times(run, tmp_path):
    times = range(3_600_000, 3_600_400, 40)
    result, rows = run(clips.portrait_clip(tmp_path / "a.mkv", frames=10, times=times))
    assert (result.start_time, result.end_time) == (3600.0, 3600.36)
    assert result.seconds == pytest.approx(0.36)
    assert rows[0]["time"] == "3600"


def test_progress_is_told_and_may_stop_the_work(run, tmp_path):
    path, told = clips.portrait_clip(tmp_path / "a.mp4", frames=70), []
    run(path, lambda *step: told.append(step))
    assert ("analysing", 70, 70) in told
    assert told[-1] == ("scoring", 1, 1)

    def stop(*_):
        raise errors.CancelledError

    with pytest.raises(errors.CancelledError):
        run(path, stop)
    assert not list(tmp_path.glob("out-*/work"))


def share_without_face(rows):
    return np.mean([row["excluded"] == "no_face" for row in rows])


def test_shared_clip_of_a_face_that_leaves(run):
    result, rows = run(shared_clip("face-then-none.mov"))
    assert [track.track for track in result.tracks] == [1]
    assert not any(row["excluded"] for row in rows[:70])
    assert share_without_face(rows[75:]) == 1


def test_shared_clip_of_a_face_that_comes(run):
    result, rows = run(shared_clip("none-then-face.mov"))
    assert [track.track for track in result.tracks] == [1]
    assert share_without_face(rows[:90]) == 1


def test_shared_clip_without_a_face(run):
    result, rows = run(shared_clip("no-face.mp4"))
    assert result.warnings == (Warn.NO_FACE,)
    assert share_without_face(rows) == 1


def lit(count):
    """The portrait keeps its face: the light sinks by half, grows warm and comes from one side, and back."""
    across = np.linspace(-0.4, 0.4, 320)[None, :, None]
    for index in range(count):
        change = np.sin(np.pi * index / count)
        light = (1 - 0.5 * change) * (1 + change * across) * (1 + change * np.array([0.1, 0, -0.2]))
        picture = clips.placed(clips.portrait(), 320, 240, 160, 120, 1.0)
        yield np.clip(picture * light, 0, 255).astype(np.uint8)


def moving(count):
    """The portrait keeps its face: it tilts, wanders, comes nearer and goes back."""
    for index in range(count):
        swing = np.sin(2 * np.pi * index / count)
        place = 160 + 30 * swing, 120 - 12 * swing
        yield clips.placed(clips.portrait(), 320, 240, *place, 1 + 0.25 * abs(swing), 15 * swing)


@pytest.mark.parametrize("pictures", [lit, moving])
def test_light_and_movement_of_the_head_are_no_displays(run, tmp_path, pictures):
    _, rows = run(clips.write(tmp_path / "a.mp4", pictures(90)))

    shown = {au.number: column(rows, au.code) for au in ACTION_UNITS}
    assert {au for au, values in shown.items() if np.nanstd(values) > 0.5} == set()
    # She smiles with parted lips in every frame.
    shares = {au: np.mean(values >= PRESENT_FROM) for au, values in shown.items() if au not in {12, 25}}
    assert {au: share for au, share in shares.items() if share > 0.05} == {}


def test_the_configuration_tells_two_neutrals_of_one_recording_apart():
    earlier = example_result(60)
    again = dataclasses.replace(earlier, frames_sha256="00" * 32)

    first, second = (Config(neutral=one).facts(example_card()) for one in (earlier, again))

    assert first["neutral_from_sha256"] == second["neutral_from_sha256"]
    assert first != second


def test_a_neutral_brings_the_persons_range_along(run, tmp_path):
    """From 22 seconds at five pictures a second to a recording of one second."""
    earlier, _ = run(clips.portrait_clip(tmp_path / "a.mp4", frames=110, times=range(0, 22_000, 200)))
    short = clips.portrait_clip(tmp_path / "b.mp4", frames=12, times=range(0, 960, 80))

    (alone, _), (told, _) = run(short), run(short, neutral=Kept(earlier))

    assert (alone.tracks[0].neutral.source, alone.tracks[0].own_range) == ("estimated", None)
    assert (told.tracks[0].neutral.source, told.tracks[0].own_range.source) == ("carried", "carried")
    known = earlier.tracks[0].own_range
    assert (known.source, known.seconds) == ("measured", pytest.approx(22, abs=0.3))
    assert np.array_equal(told.tracks[0].own_range.high, known.high, equal_nan=True)
    assert told.configuration["neutral_from_frames_sha256"] == earlier.frames_sha256


def test_a_kept_neutral_that_is_gone_is_estimated_and_said(run, tmp_path):
    short = clips.portrait_clip(tmp_path / "a.mp4", frames=12)

    (alone, _), (told, _) = run(short), run(short, neutral=Kept(None))

    assert told.warnings == (*alone.warnings, Warn.KEPT_NEUTRAL_MISSING)
    assert told.tracks[0].neutral.source == "estimated"
    assert told.configuration == alone.configuration
