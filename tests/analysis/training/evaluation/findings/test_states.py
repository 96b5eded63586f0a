import pytest

from analysis.engine.action_units import AU_INDEX
from analysis.engine.findings.patterns import PATTERNS
from analysis.training.evaluation.findings import states
from analysis.training.evaluation.findings.displays import NONE, staged
from tests.support.staged import measured, recorded

STAGED = staged()[:12]
FILMS = [recorded(one) for one in STAGED]


@pytest.fixture(scope="module")
def perfect():
    return states.judged(STAGED, FILMS, [measured(film) for film in FILMS])


def row(table, state):
    (found,) = [line for line in table.splitlines() if line.startswith(f"| {state} |")]
    return [cell.strip() for cell in found.strip("|").split("|")]


def test_a_measurement_without_error_finds_what_the_rig_shows(perfect):
    assert len(perfect.displays) == 3 * len(STAGED)
    assert all(one.posed == one.found for one in perfect.displays)
    assert perfect.inside
    assert all(perfect.inside)


def test_the_state_posed_is_among_those_found_mostly(perfect):
    drawn = [one for one in perfect.displays if one.state != NONE]

    assert sum(one.state in one.found for one in drawn) > 0.8 * len(drawn)
    for one in drawn:
        assert one.fits[one.state] == pytest.approx(one.true[one.state], abs=1e-4)


def test_a_measurement_that_sees_no_brows_misses_and_is_not_believed():
    blind = [AU_INDEX[au] for au in (1, 2, 4, 5)]
    judged = states.judged(STAGED, FILMS, [measured(film, blind=blind) for film in FILMS])

    missed = [one for one in judged.displays if one.posed and not one.found]
    assert len(missed) > 10
    lost = [
        row(states.confusion(judged.displays), state)[-1]
        for state in {one.state or "none of them" for one in missed}
    ]
    assert all("none" in counts for counts in lost)


def test_weak_units_are_left_out_of_the_measurement_alone(perfect):
    judged = states.judged(STAGED, FILMS, [measured(film, weak=frozenset({1, 4})) for film in FILMS])

    assert all("sadness" not in one.fits for one in judged.displays)
    assert all("sadness" in one.true for one in judged.displays)
    assert [one.posed for one in judged.displays] == [one.posed for one in perfect.displays]


def test_the_page_counts_every_display_once(perfect):
    text = states.body(perfect)
    table = states.confusion(perfect.displays)

    assert sum(int(row(table, key)[1]) for key in (*(p.key for p in PATTERNS), "none of them")) == 36
    assert table in text
    assert states.calibration(perfect.displays) in text
    assert "(100%)" in text


def test_calibration_of_a_perfect_measurement_is_the_diagonal(perfect):
    for line in states.calibration(perfect.displays).splitlines()[2:]:
        _, _, fit, true, shown = (cell.strip() for cell in line.strip("|").split("|"))
        assert fit == true
        assert shown == ("100%" if int(fit) >= 50 else "0%")


def test_a_recording_without_a_face_says_nothing():
    empty = measured(FILMS[0])
    nobody = type(empty)(
        type(empty.rows)(*(getattr(empty.rows, name)[:0] for name in empty.rows.__dataclass_fields__)),
        type(empty.series)(
            *(getattr(empty.series, name)[:, :0] for name in empty.series.__dataclass_fields__)
        ),
        frozenset(),
    )

    assert states.judged(STAGED[:1], FILMS[:1], [nobody]) == states.Judged((), ())
