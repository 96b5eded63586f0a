import dataclasses

import pytest
from django.utils import translation

from analysis.engine.finding_types import Blinks, Moment
from analysis.engine.findings.cohorts import shipped
from analysis.engine.result_types import AUEvidence
from analysis.engine.types import Interval
from reports.domain.cohort_page import CohortLine
from reports.domain.compose import compose
from reports.domain.report_data import RecordingFacts
from reports.domain.signals import ComponentReport
from reports.templatetags import report_words as words
from tests.support.results import example_result


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(2.345, 1, "2.3"), (-0.04, 1, "0.0"), (61.5, 0, "62"), (None, 1, "\N{EN DASH}")],
)
def test_decimals_are_fixed(value, places, text):
    assert words.decimal(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.25, "+1.2"), (-3.0, "\N{MINUS SIGN}3.0"), (0.04, "0.0"), (-0.04, "0.0")]
)
def test_points_carry_their_sign(value, text):
    assert words.signed(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (0.004, "under 1 %"), (0.3, "30 %"), (1.0, "100 %"), (None, "\N{EN DASH}")],
)
def test_shares_are_whole_percents_and_little_is_not_nothing(share, text):
    assert words.percent(share) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00.0"), (59.97, "1:00.0"), (3723.4, "1:02:03.4")])
def test_times_to_the_tenth(seconds, text):
    assert words.precise_clock(seconds) == text


def test_times_have_the_decimal_sign_of_the_readers_language():
    with translation.override("de"):
        assert words.precise_clock(7.2) == "0:07,2"


def test_units_left_out_are_named():
    assert words.without((14, 20)) == "without AU 14, 20"
    assert words.without(()) == ""


def test_intervals_letters_and_hashes():
    assert words.span(Interval(50, 41.6, 58.2)) == "42 to 58"
    assert words.lettered(2.6, "C") == "2.6 C"
    assert words.lettered(0.2, "") == "0.2"
    assert words.in_groups("abcdefgh12345678") == "abcdefgh 12345678"


@pytest.mark.parametrize(
    ("clips", "text"),
    [
        ({}, "none"),
        ({"one": 0.724}, "r 0.72 on 1 clip"),
        ({"one": 0.9, "two": 0.5}, "r 0.70 on 2 clips"),
        ({"one": -0.12}, "r \N{MINUS SIGN}0.12 on 1 clip"),
    ],
)
def test_evidence_is_never_told_without_where_it_comes_from(clips, text):
    evidence = AUEvidence(12, "A", 0.81, clips, "shared_skin")

    assert words.synthetic(evidence) == "A (synthetic)"
    assert words.real(evidence) == text


def test_moments_say_when_and_how_much():
    moments = (Moment(4.0, 7.6, 12.06), Moment(61.0, 61.2, -3.0))
    part = ComponentReport("smile", 22, 0.5, 11.0, available=True, moments=moments, without=())

    assert words.moments(part) == "0:04\N{EN DASH}0:08 +12.1, 1:01 \N{MINUS SIGN}3.0"


@pytest.mark.parametrize(
    ("yaw", "pitch", "text"),
    [(-6.5, 3.0, "6° to the person's right, 3° up"), (2.0, -9.6, "2° to the person's left, 10° down")],
)
def test_the_heads_turn_is_told_in_words(yaw, pitch, text):
    quality = compose(example_result(60), RecordingFacts("t", "t.mp4")).tracks[0].quality

    assert words.turn(dataclasses.replace(quality, yaw=yaw, pitch=pitch)) == text


@pytest.mark.parametrize(
    ("asymmetry", "text"), [(None, "\N{EN DASH}"), (0.02, "even"), (0.41, "41 % left"), (-0.4, "40 % right")]
)
def test_sides_of_a_smile_are_told_in_percent(asymmetry, text):
    assert words.sides(asymmetry) == text


@pytest.mark.parametrize(
    ("rate", "ending"),
    [
        (Interval(5, 3, 8), "The rate here is under that."),
        (Interval(20, 12, 30), "The rate here is within that."),
        (Interval(50, 40, 60), "The rate here is over that."),
        (Interval(20, 9, 30), "to say whether it is within that."),
        (None, "(Doughty 2001)."),
    ],
)
def test_blinks_are_told_against_the_norm_of_conversation(rate, ending):
    told = words.blink_norm(Blinks(4, rate))

    assert told.startswith("A review gives 10.5 to 32.5 a minute as the 95 % range in conversation")
    assert told.endswith(ending)


@pytest.mark.parametrize(
    ("citation", "short"),
    [
        ("Safdar et al. 2009, Canadian Journal 41(1), 1-10", "Safdar et al. 2009"),
        ("McDuff, Girard & el Kaliouby 2017, Journal of 1998", "McDuff, Girard & el Kaliouby 2017"),
        ("no year", "no year"),
    ],
)
def test_a_citation_is_shortened_to_authors_and_year(citation, short):
    assert words.short_citation(citation) == short


def test_a_cohort_is_named_by_country_and_language():
    assert words.cohort_name(shipped().cohorts["ca-fr"]) == "Canada, French"
    canada = [CohortLine.of(shipped().cohorts[key]) for key in ("ca-en", "ca-fr")]
    assert words.cohort_group_name(canada) == "Canada: English, French"
    assert words.cohort_group_name(canada[1:]) == "Canada, French"
    assert words.country_names(("CA", "XX")) == "Canada, XX"
