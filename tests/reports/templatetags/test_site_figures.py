import dataclasses
import re

import pytest
from django.utils import translation

from reports.charts import intensity
from reports.domain.site.specimen import Moment, Posed
from reports.templatetags import site_figures as figures

SMILE = Posed(au=12, side="both", measured=3.65, low=3.0, high=4.3, letter="D", posed=4.2)
CHEEK = Posed(au=6, side="left", measured=2.6, low=2.0, high=3.0, letter="C", posed=2.8)
FAINT = Posed(au=25, side="both", measured=0.9, low=0.2, high=1.6, letter="A", posed=1.1)
MOMENT = Moment(
    time=7.2, frame=216, picture="moment-1.webp", width=480, height=480, alt="A face.",
    units=(CHEEK, SMILE, FAINT), unscored=(),
)  # fmt: skip


def test_a_frame_is_written_in_facs_notation_without_what_is_not_present():
    assert figures.notation(MOMENT) == "L6C+12D"
    assert figures.notation(dataclasses.replace(MOMENT, units=(FAINT,))) == ""


def test_a_reading_of_one_side_says_so():
    assert figures.reading_name(CHEEK) == "Cheek raiser, left"
    assert figures.reading_name(SMILE) == "Lip corner puller"


def test_the_strongest_reading_is_the_one_of_highest_intensity():
    assert figures.strongest(MOMENT) is SMILE


@pytest.mark.parametrize(("language", "text"), [("en", "91,608"), ("de", "91.608")])
def test_thousands_stand_apart_as_the_reader_writes_them(language, text):
    with translation.override(language):
        assert figures.grouped(91608) == text


@pytest.mark.parametrize(
    "address",
    [
        "/", "/de/", "/science/", "/how-it-works/", "/data-protection/", "/faq/", "/cohorts/", "/model/",
        "/questions/", "/action-units/", "/action-units/12/", "/sample/example/",
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_large_numbers_of_public_pages_have_their_thousands_apart(client, address):
    page = client.get(address, follow=True).content.decode()
    shown = page[page.index("<main") : page.index("</main>")]
    assert ungrouped(shown) == []


def ungrouped(markup):
    """Numbers of five digits or more that are read as numbers: no code, hash, address, drawing or norm."""
    apart = r"<(code|svg|script)\b.*?</\1>|<span class=\"[^\"]*\bmono\b.*?</span>|<[^>]*>|https?://\S+"
    return re.findall(
        r"(?<!ISO )(?<!IEC )(?<![\w.,/-])\d{5,}(?![\w/-])", re.sub(apart, " ", markup, flags=re.DOTALL)
    )


def test_what_stands_together_is_found_and_codes_are_left():
    assert ungrouped('<p id="n12345">On 91608 frames, <code>12345</code>, 91,608</p>') == ["91608"]


def test_marks_are_drawn_from_the_reading():
    drawn = figures.intensity_mark(SMILE)
    band = re.search(r'<rect x="([\d.]+)"[^>]* width="([\d.]+)"', drawn)
    left, width = float(band[1]), float(band[2])

    assert left == pytest.approx(intensity.x_of(SMILE.low), abs=0.01)
    assert left + width == pytest.approx(intensity.x_of(SMILE.high), abs=0.01)
    assert float(re.search(r'cx="([\d.]+)"', drawn)[1]) == pytest.approx(
        intensity.x_of(SMILE.measured), abs=0.01
    )
    assert f'd="M{intensity.x_of(SMILE.posed):.2f} ' in drawn


def test_the_scale_its_legend_and_the_way_are_drawn():
    assert ">A</" in figures.intensity_axis()
    assert "intensity__posed" in figures.legend_mark("posed")
    assert "Erasure" in figures.way_drawing()
