"""The sample report as it is committed: of the model and the recording that are shipped, and whole."""

import hashlib
import json

import cv2
import pytest

from analysis.domain.demonstration import RECORDING
from analysis.engine.model_card import ModelCard
from analysis.engine.result import from_json
from echodepth.errors import UserError
from reports.domain.site import specimen
from reports.domain.site.specimen import CHAPTERS, FOLDER, Posed, Specimen, shipped


def size(name):
    height, width = cv2.imread(str(FOLDER / name)).shape[:2]
    return width, height


def digest(content):
    return hashlib.sha256(content).hexdigest()


def test_it_belongs_to_the_model_and_the_recording_that_are_shipped():
    found = shipped()

    assert found.card_sha256 == ModelCard.load().sha256, f"out of date; type: {found.command}"
    assert found.recording_sha256 == digest(RECORDING.read_bytes())


def test_its_result_and_its_frame_table_are_of_one_analysis():
    result = from_json((FOLDER / specimen.RESULT).read_text(encoding="utf-8"))

    assert result.frames_sha256 == digest((FOLDER / specimen.TABLE).read_bytes())
    assert result.media.sha256 == shipped().recording_sha256
    assert result.evidence.card_sha256 == shipped().card_sha256
    assert (result.frames, round(result.seconds, 3)) == (shipped().frames, shipped().duration)


def test_it_names_every_picture_that_is_there_with_its_size_and_no_other():
    named = {one.picture: (one.width, one.height) for one in (*shipped().moments, *shipped().pages)}
    named |= {page.small: (page.small_width, page.small_height) for page in shipped().pages}

    assert {name: size(name) for name in named} == named
    assert {file.name for file in FOLDER.glob("*.webp")} == named.keys()
    assert (FOLDER / specimen.REPORT).stat().st_size == shipped().pdf_bytes


def test_every_chapter_that_begins_on_a_page_is_explained_and_no_other():
    begun = [title for page in shipped().pages for title in page.chapters]

    assert begun == [title for title, _words in CHAPTERS]
    assert shipped().page_of("Cover") == 1
    with pytest.raises(ValueError, match="not in list"):
        shipped().page_of("Horoscope")


def test_each_page_says_in_words_what_its_picture_shows():
    for number, page in enumerate(shipped().pages, start=1):
        assert f"Page {number} of {shipped().all_pages}" in page.text
        assert "Draft" in page.text
    assert "a head rendered by a computer, no living person" in shipped().pages[0].text


def test_the_card_of_a_link_has_the_size_that_is_told_and_is_light():
    assert size(specimen.CARD) == specimen.CARD_SIZE
    assert (FOLDER / specimen.CARD).stat().st_size < 200_000


def test_an_interval_that_misses_the_truth_says_so():
    reading = Posed(au=12, side="left", measured=1.0, low=0.5, high=1.5, letter="A", posed=4.0)

    assert not reading.inside
    assert reading.action_unit.name == "Lip corner puller"


@pytest.mark.parametrize("content", [None, "", "{}", '{"version": 0}', '{"version": 1}'])
def test_where_it_is_not_there_or_of_another_version_it_says_so(content, tmp_path, monkeypatch):
    if content is not None:
        (tmp_path / specimen.FACTS).write_text(content)
    monkeypatch.setattr(specimen, "FOLDER", tmp_path)

    with pytest.raises(UserError, match="specimen_missing") as refusal:
        shipped()
    assert "is not there" in str(refusal.value.sentence)
    assert refusal.value.status == 404


def test_a_report_with_other_chapters_is_not_explained_by_these(tmp_path, monkeypatch):
    told = json.loads((FOLDER / specimen.FACTS).read_text(encoding="utf-8"))
    told["pages"][1]["title"] = "Findings"
    (tmp_path / specimen.FACTS).write_text(json.dumps(told), encoding="utf-8")
    monkeypatch.setattr(specimen, "FOLDER", tmp_path)

    with pytest.raises(UserError, match="specimen_missing"):
        shipped()


def test_the_report_is_given_with_its_hash():
    with specimen.report() as content:
        assert digest(content.read()) == specimen.report_sha256()


def test_where_the_report_is_not_there_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(specimen, "FOLDER", tmp_path)

    for ask in (specimen.report, specimen.report_sha256):
        with pytest.raises(UserError, match="specimen_missing"):
            ask()


def test_facts_of_another_version_are_not_read():
    with pytest.raises(ValueError, match="2"):
        Specimen.of({"version": 2})
