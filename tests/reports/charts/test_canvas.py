import pytest

from reports.charts.canvas import LAYOUTS, PRINT, Chart, clock, tick_step
from reports.domain.span import Span


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (75, "1:15"), (3600, "1:00:00"), (3661.2, "1:01:01")]
)
def test_times_read_as_on_a_clock(seconds, text):
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("span", "step"), [(3, 1), (20, 5), (40, 5), (600, 120), (7200, 900), (100_000, 7200)]
)
def test_ticks_are_round_and_few(span, step):
    assert tick_step(span, 9) == step


def test_time_is_mapped_into_the_plot_and_held_there():
    chart = Chart(PRINT, 100, Span(100.0, 140.0), key="k", title="t", description="d")

    assert chart.x(0) == chart.x(100) == chart.left
    assert chart.x(120) == pytest.approx((chart.left + chart.right) / 2)
    assert chart.x(150) == chart.right


def test_ticks_lie_on_round_times_within_the_span():
    chart = Chart(PRINT, 100, Span(3607.3, 3668.0), key="k", title="t", description="d")
    chart.time_axis(4, 50)

    assert [tick.text for tick in chart.root.iter("text")] == [
        "1:00:10",
        "1:00:20",
        "1:00:30",
        "1:00:40",
        "1:00:50",
        "1:01:00",
    ]


def test_layouts_of_one_page_have_ids_of_their_own():
    roots = [Chart(layout, 10, Span(0, 1), key="k", title="t", description="d").root for layout in LAYOUTS]

    assert len({root.get("aria-labelledby") for root in roots}) == len(roots)
