import json

import pytest

from analysis.engine.action_units import AU_NUMBERS
from echodepth.errors import UserError
from reports.domain.site import atlas


def test_the_shipped_atlas_has_every_unit_in_the_order_of_facs():
    book = atlas.shipped()

    assert tuple(book.entries) == AU_NUMBERS
    assert all(entry.unit.number == number for number, entry in book.entries.items())
    assert all(set(entry.pictures) == set(atlas.LETTERS) for entry in book.entries.values())
    assert all(entry.change and entry.confused for entry in book.entries.values())


def test_an_entry_is_what_the_file_says():
    facts = json.loads((atlas.FOLDER / atlas.FACTS).read_text(encoding="utf-8"))
    entry, told = atlas.shipped().entries[16], facts["units"]["16"]

    assert entry.change == told["change"]
    assert [unit.number for unit in entry.companions] == told["companions"] == [25]
    assert [(one.unit.number, one.tell) for one in entry.confused] == [
        (one["with"], one["tell"]) for one in told["confused"]
    ]
    assert entry.strongest == "atlas/au16-e.webp"
    assert entry.sides == atlas.Sides("atlas/au16-left.webp", "atlas/au16-right.webp")
    assert entry.loop.static == "atlas/au16.webm"


def test_the_resting_face_is_seen_as_the_unit_is():
    entries = atlas.shipped().entries

    assert entries[12].neutral == "atlas/neutral.webp"
    assert entries[21].neutral == "atlas/neutral-neck.webp"
    assert entries[29].neutral == "atlas/neutral-profile.webp"
    assert entries[17].sides is None


@pytest.mark.parametrize("content", ["", "{}", '{"version": 2}', '{"version": 1, "units": {}}'])
def test_a_file_of_another_kind_is_refused_in_words(tmp_path, content):
    path = tmp_path / atlas.FACTS
    path.write_text(content, encoding="utf-8")

    with pytest.raises(UserError) as refused:
        atlas.read(path)

    assert "atlas of the Action Units is not there" in str(refused.value.sentence)


def test_a_missing_file_is_refused_in_words(tmp_path):
    with pytest.raises(UserError) as refused:
        atlas.read(tmp_path / "nowhere.json")

    assert refused.value.code == "atlas_missing"
