from analysis.engine.action_units import LETTER_THRESHOLDS, letter, stretches


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
