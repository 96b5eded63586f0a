from analysis.engine.action_units import (
    ACTION_UNITS,
    AU_INDEX,
    AU_NUMBERS,
    LETTER_THRESHOLDS,
    MISCELLANEOUS,
    OTHER_MUSCLES,
    letter,
    stretches,
)


def test_of_the_44_facs_names_a_muscle_for_30():
    assert len(AU_NUMBERS) == len(set(AU_NUMBERS)) == 44
    assert sorted(MISCELLANEOUS) == [8, 19, 21, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39]
    assert set(AU_NUMBERS) > MISCELLANEOUS


def test_sources_differ_where_facs_names_a_muscle_and_the_other_one_is_not_shown():
    assert set(OTHER_MUSCLES) == {42, 44}
    assert not MISCELLANEOUS & set(OTHER_MUSCLES)
    for number, other in OTHER_MUSCLES.items():
        assert other not in ACTION_UNITS[AU_INDEX[number]].muscle


def test_a_name_reaches_to_where_the_next_begins():
    assert stretches([("much", 3.0), ("little", 0.5), ("some", 1.0)], 5.0) == [
        ("little", 0.5, 1.0),
        ("some", 1.0, 3.0),
        ("much", 3.0, 5.0),
    ]


def test_a_letter_is_that_of_its_stretch():
    middles = {name: (low + high) / 2 for name, low, high in stretches(LETTER_THRESHOLDS, 5.0)}

    assert "".join(middles) == "ABCDE"
    assert {name: letter(middle) for name, middle in middles.items()} == {name: name for name in "ABCDE"}
    assert letter(min(low for _name, low in LETTER_THRESHOLDS) - 0.01) == ""
