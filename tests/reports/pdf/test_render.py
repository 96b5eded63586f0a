import dataclasses
import hashlib
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from reports.domain.compose import compose
from reports.domain.coverage import read_coverage
from reports.domain.report_data import RecordingFacts
from reports.domain.span import Span
from reports.pdf import appendix
from reports.pdf.render import render_pdf
from tests.support.results import example_blocks, example_result, example_track, unscored_track

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
