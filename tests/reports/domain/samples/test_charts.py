from datetime import date
from xml.etree import ElementTree as ET

from reports.domain.samples.charts import drawn
from reports.domain.samples.figures import Week


def bars(weeks):
    root = ET.fromstring(str(drawn(weeks)))  # noqa: S314 - our own drawing
    return [(bar.get("class"), float(bar.get("height"))) for bar in root.iter("rect")]


def test_two_bars_a_week_as_high_as_their_counts():
    found = bars([Week(date(2026, 11, 16), asked=4, delivered=1), Week(date(2026, 11, 23), asked=2)])

    asked = [high for name, high in found if name == "desk-chart__asked"]
    delivered = [high for name, high in found if name == "desk-chart__delivered"]
    assert asked[0] == 2 * asked[1] == 4 * delivered[0] > 0
    assert delivered[1] == 0


def test_nothing_is_drawn_high_where_nothing_happened_and_nothing_is_styled_inline():
    text = str(drawn([Week(date(2026, 11, 23))]))

    assert {high for _name, high in bars([Week(date(2026, 11, 23))])} == {0.0}
    assert "style=" not in text
    assert "23 Nov" in text
