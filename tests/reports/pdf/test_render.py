import dataclasses
import hashlib
import re
from datetime import UTC, datetime

import numpy as np
import pytest
from pypdf import PdfReader

from reports.domain.compose import compose
from reports.domain.coverage import read_coverage
from reports.domain.report_data import RecordingFacts, Signature
from reports.domain.span import Span
from reports.forms import REMARKS_LENGTH
from reports.pdf import appendix
from reports.pdf.render import render_pdf
from tests.support.results import (
    example_blocks,
    example_result,
    example_track,
    unscored_track,
    withheld_track,
)

FACTS = RecordingFacts(
    title="Interview <3> & more",
    original_name="interview.mp4",
    organisation="Harbour Institute",
    project="Autumn",
    subject="P-014",
    recording_id="5e1c6a0e-0a3b-4f57-9b6a-2f1b9f0f9a11",
    run_id="b7d1f4c2-9c54-4f5e-8a55-0d6a0a7d1c22",
    uploaded_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
    analysed_at=datetime(2026, 7, 1, 22, 40, tzinfo=UTC),
    time_zone="Europe/Berlin",
)
FRAMES = 1200
BANNED = re.compile(
    r"\b(?:lie[sd]?|lying|liars?|truth\w*|honest\w*|genuin\w*|deceit\w*|decepti\w*|sincer\w*|really)\b",
    re.IGNORECASE,
)


def page_texts(path):
    return [page.extract_text() for page in PdfReader(path).pages]


def words(path):
    return "\n".join(page_texts(path))


def flat(path):
    """Without the breaks of lines."""
    return " ".join(words(path).split())


def rendered(folder, result, facts=FACTS, blocks=None, frames=FRAMES):
    coverage = read_coverage(
        example_blocks(frames), [t.track for t in result.tracks], Span(0.0, result.end_time)
    )
    target = folder / "report.pdf"
    pages = render_pdf(compose(result, facts, coverage), blocks or example_blocks(frames), target)
    return target, pages


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return rendered(tmp_path_factory.mktemp("report"), example_result(FRAMES))


@pytest.fixture(scope="module")
def text(report):
    return words(report[0])


def test_every_frame_of_the_table_is_in_the_appendix(report, text):
    lines = re.findall(r"^ *(\d+) +(\d+:\d\d\.\d{3})(?: |$)", text, re.MULTILINE)

    assert [int(frame) for frame, _time in lines] == list(range(FRAMES))
    assert lines[61] == ("61", "0:02.033")


def test_pages_are_numbered_through_body_and_appendix(report, text):
    path, pages = report
    numbers = re.findall(r"Page (\d+) of (\d+)", text)

    assert len(PdfReader(path).pages) == pages == len(numbers)
    assert numbers == [(str(page), str(pages)) for page in range(1, pages + 1)]
    assert text.count(FACTS.recording_id) >= pages


def test_the_cover_has_facts_times_and_the_zone_that_they_are_in(report):
    cover = " ".join(page_texts(report[0])[0].split())

    for fact in (
        "Interview <3> & more",
        "Harbour Institute",
        "Autumn",
        "P-014",
        "interview.mp4",
        "640 \N{MULTIPLICATION SIGN} 480",
    ):
        assert fact in cover
    assert "2 July 2026, 00:30" in cover
    assert "Europe/Berlin" in cover


def test_a_draft_says_so_on_every_page_and_on_its_cover(report):
    pages = [" ".join(page.split()) for page in page_texts(report[0])]

    assert all("Draft \N{EN DASH} not reviewed" in page for page in pages)
    assert all("No decision about a person may rest on it alone." in page for page in pages)
    assert "No person has checked and signed this report yet." in pages[0]
    assert not any("signed by" in page for page in pages)


def test_a_signed_report_names_the_reviewer_on_every_page_and_the_draft_on_its_cover(tmp_path):
    signature = Signature(
        "Ada R. Eviewer",
        datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
        "Left in:\nthe <b>greeting</b>.",
        "ab" * 32,
    )
    facts = dataclasses.replace(FACTS, signature=signature)
    path, _pages = rendered(tmp_path, example_result(60), facts, frames=60)
    pages = [" ".join(page.split()) for page in page_texts(path)]

    told = "Reviewed and signed by Ada R. Eviewer on 23 November 2026, 09:30 (Europe/Berlin)"
    assert all(told in page for page in pages)
    assert not any("Draft" in page for page in pages)
    assert "23 November 2026, 09:30 (Europe/Berlin)." in pages[0]
    assert "ab" * 32 in pages[0]
    assert "Remarks of the reviewer, Ada R. Eviewer Left in: the <b>greeting</b>." in pages[1]


def test_the_longest_signature_stays_on_one_line_and_one_cover(tmp_path):
    when = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    signature = Signature("Ada " * 50, when, "word " * (REMARKS_LENGTH // 5), "ab" * 32)
    facts = dataclasses.replace(FACTS, signature=signature)
    path, _pages = rendered(tmp_path, example_result(60), facts, frames=60)
    texts = [" ".join(text.split()) for text in page_texts(path)]

    assert "Appendix: every frame" in texts[0]
    assert texts[1].startswith("Summary Remarks of the reviewer, Ada Ada")
    assert all(re.search(r"signed by (Ada )+\w*…", text) for text in texts)


def test_signals_findings_and_reasons_are_told(text):
    for told in (
        "Trust Score",
        "Credibility Signal",
        "Resistance Indicator",
        "Duchenne display",
        "6C+12D+25B",
        "Not visible on this face:",
        "Measured, but not reliable: feeds no signal",
        "A (synthetic)",
        "r 0.72 on 2 clips",
        "Five questions to ask of a facial analysis",
        "44 Squint",
        "Face turned away",
        "estimated over the recording",
        "R15B",
        "How to read the appendix",
    ):
        assert told in text
    assert re.search(r"12 +Lip corner puller +1\.0 A +0\.9 to 1\.2 +4\.1 D +30 % +1\.0 +1\.0 +3 +12D", text)


def test_nothing_claims_more_than_a_display(text):
    assert BANNED.findall(text) == []


def test_the_file_says_its_title_language_and_outline(report):
    reader = PdfReader(report[0])
    titles = [item.title for item in reader.outline if not isinstance(item, list)]

    assert reader.metadata.title == "Facial Action Unit report: Interview <3> & more"
    assert reader.root_object["/Lang"] == "en"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert {
        "Summary",
        "Signals over time",
        "Action Units",
        "Method and limits",
        "Appendix: every frame",
    } <= set(titles)
    last = next(
        item for item in reader.outline if not isinstance(item, list) and item.title.startswith("Appendix")
    )
    assert "Appendix: every frame" in reader.pages[reader.get_destination_page_number(last)].extract_text()


def test_every_page_is_part_of_the_documents_structure(report):
    reader = PdfReader(report[0])
    tree = reader.root_object["/StructTreeRoot"]
    numbers = tree["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    section = tree["/K"][0].get_object()["/K"][-1].get_object()
    last = reader.pages[len(reader.pages) - 1]

    assert (section["/S"], section["/T"]) == ("/Sect", "Appendix: every frame")
    assert sorted(parents) == list(range(len(parents)))
    assert len({page["/StructParents"] for page in reader.pages}) == len(reader.pages)
    (paragraph,) = parents[last["/StructParents"]]
    assert paragraph.get_object()["/Pg"].get_object() == last
    content = last.get_contents().get_data()
    assert content.count(b"BDC") == 1
    assert content.count(b"BDC") + content.count(b"BMC") == content.count(b"EMC")


def test_the_same_data_gives_the_same_bytes(report, tmp_path):
    again, _pages = rendered(tmp_path, example_result(FRAMES))

    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(report[0].read_bytes()).digest()


def test_long_appendices_are_drawn_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(appendix, "PART_PAGES", 2)
    path, pages = rendered(tmp_path, example_result(600), frames=600)

    text = words(path)
    assert re.findall(r"Page (\d+) of", text) == [str(page) for page in range(1, pages + 1)]
    assert f"Page {pages} of {pages}" in text


def test_too_little_face_time_gives_no_number(tmp_path):
    track = dataclasses.replace(example_track(90), signals=unscored_track(90).signals)
    result = example_result(90, tracks=(track,), warnings=("too_little_face_time",))
    text = flat(rendered(tmp_path, result, frames=90)[0])

    assert "Not enough to score" in text
    assert "/ 100" not in text
    assert "too short a time" in text


def test_many_faces_keep_the_cover_to_one_page(tmp_path):
    tracks = (*(example_track(60, number) for number in range(1, 6)), unscored_track(60, 7))
    path, _pages = rendered(tmp_path, example_result(60, tracks=tracks), frames=60)
    texts = [" ".join(text.split()) for text in page_texts(path)]

    assert "SHA-256 of the file" in texts[0]
    assert texts[0].count("Face ") == 4
    assert texts[1].startswith("Summary")
    assert "Further faces" in " ".join(texts)
    assert "Face too small" in " ".join(texts)


def test_no_face_at_all_is_a_report_too(tmp_path):
    result = example_result(30, tracks=(), warnings=("no_face",))
    path, pages = rendered(tmp_path, result, frames=30)
    text = flat(path)

    assert "No face was found in this recording" in text
    assert "Trust Score" not in text
    assert pages == len(PdfReader(path).pages)


def test_a_report_from_the_command_line_names_the_file_alone(tmp_path):
    facts = RecordingFacts(title="clip", original_name="clip.mov")
    result = example_result(30)
    text = words(rendered(tmp_path, result, facts, frames=30)[0])

    assert result.media.sha256[:16] in text
    for absent in ("Organisation", "Uploaded", "Times are in", "Recording id", "Analysed"):
        assert absent not in text


def test_people_who_are_left_out_are_named_with_the_reason_and_nothing_else(tmp_path):
    result = example_result(60, tracks=(withheld_track(60),), warnings=("all_withheld",))
    nothing = np.full(60, np.nan)
    block = dict.fromkeys(appendix.COLUMNS, nothing) | {
        "frame": np.arange(60),
        "time": np.arange(60) / 30,
        "track": np.full(60, 2),
        "excluded": np.full(60, "withheld"),
    }

    text = flat(rendered(tmp_path, result, blocks=[block], frames=60)[0])

    assert "People who are left out" in text
    assert (
        "2 0:00\N{EN DASH}0:02 60 Own staff people of this role may not be analysed under the declared use"
        in text
    )
    assert text.count("Withheld: this person may not be analysed") == 60
    assert "none of the people in this recording may be analysed" in text
    body = text.split("What this report can say")[0]
    assert not re.search(r"/ 100|95 % interval \d|\bAU\d", body)
    assert "nan" not in text
