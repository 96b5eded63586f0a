from collections import Counter

from analysis.engine.findings.emotions import describe_emotions
from analysis.engine.findings.patterns import PATTERNS
from analysis.training.evaluation.findings import truth
from analysis.training.evaluation.findings.displays import NONE, OTHERS, SECONDS, TIMES, staged
from tests.support.staged import recorded

STAGED = staged()


def test_every_pattern_is_shown_as_often_as_any_other():
    counts = Counter(display.state for one in STAGED for display in one.displays)

    assert counts == {**{pattern.key: TIMES for pattern in PATTERNS}, NONE: OTHERS}
    assert staged() == STAGED


def test_nobody_is_filmed_twice_and_displays_do_not_touch():
    for seeds in ({one.order.identity for one in STAGED}, {one.order.look for one in STAGED}):
        assert len(seeds) == len(STAGED)
    for one in STAGED:
        ends = [display.end for display in one.displays]
        assert all(end + 0.6 < display.start for end, display in zip(ends, one.displays[1:], strict=False))
        assert ends[-1] < SECONDS


def test_what_is_posed_mostly_fits_its_pattern():
    """By the rig's own units; weak and asymmetric displays may not."""
    fitting = 0
    for one in STAGED:
        film = recorded(one)
        episodes = describe_emotions(truth.series(film), film.time).episodes
        fitting += sum(
            any(e.state == display.state and display.start < e.apex < display.end for e in episodes)
            for display in one.displays
        )

    assert fitting > 0.85 * TIMES * len(PATTERNS)
