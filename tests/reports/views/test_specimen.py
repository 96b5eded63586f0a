import re

import pytest

from reports.domain.site import specimen
from reports.templatetags.report_words import decimal
from tests.support.pages import text_of
from tests.support.samples import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages():
    return specimen.shipped().pages


def shown(client, query=""):
    return text_of(client.get(f"/sample/report/{query}"))


def turns(text):
    """The addresses of `previous` and `next`."""
    return dict(re.findall(r'rel="(prev|next)" href="([^"]+)#leaf"', text))


def test_it_opens_at_the_cover_and_says_what_it_is(client, pages):
    text = shown(client)

    assert f"Page 1 of {len(pages)}:</span> Cover" in text
    assert "rendered by a computer" in text
    assert "Nobody has signed it." in text
    assert turns(text) == {"next": "?page=2"}


def test_a_page_has_its_picture_its_words_and_ways_on(client, pages):
    text = shown(client, "?page=3")

    assert f"Page 3 of {len(pages)}:</span> Signals over time" in text
    assert f"/{pages[2].picture}" in text.split("leaf__strip")[0]
    assert "There is a value each second" in text
    assert turns(text) == {"prev": "?page=2", "next": "?page=4"}
    assert re.search(r'href="\?page=3#leaf" data-leaf="3" aria-current="page"', text)
    assert text.count('aria-current="page"') == 1


def test_the_last_page_leads_no_further(client, pages):
    assert turns(shown(client, f"?page={len(pages)}")) == {"prev": f"?page={len(pages) - 1}"}


@pytest.mark.parametrize(("asked", "number"), [("0", 14), ("99", 14), ("x", 1), ("-3", 14), ("", 1)])
def test_what_is_no_page_is_answered_with_one_that_is_there(client, pages, asked, number):
    text = shown(client, f"?page={asked}")

    assert f"Page {number} of {len(pages)}:</span> {pages[number - 1].title}" in text


def test_every_chapter_is_explained_and_leads_to_its_page(client):
    text = shown(client)

    for title, words in specimen.CHAPTERS:
        number = specimen.shipped().page_of(title)
        assert f'href="?page={number}#leaf" data-leaf="chapter-{number}">{title}</a>' in text
        assert words in text


def test_what_was_measured_stands_beside_what_was_posed(client):
    text = shown(client)

    for moment in specimen.shipped().moments:
        assert moment.alt in text
        for unit in moment.units:
            figures = f'{decimal(unit.posed)}</td><td class="number">{decimal(unit.measured)}'
            assert f'{unit.action_unit.name}</th><td class="number">{figures}' in text
    missed = [unit for moment in specimen.shipped().moments for unit in moment.units if not unit.inside]
    assert text.count("misses it") == len(missed)


def test_the_whole_report_opens_in_the_browsers_own_viewer(client):
    answer = client.get("/sample/report/file/")

    content = b"".join(answer.streaming_content)
    assert content == (specimen.FOLDER / specimen.REPORT).read_bytes()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="echodepth-sample-report.pdf"'
    assert "sandbox" not in answer["Content-Security-Policy"]


def test_who_has_the_whole_report_is_not_sent_it_again(client):
    first = client.get("/sample/report/file/")
    again = client.get("/sample/report/file/", headers={"if-none-match": first["ETag"]})
    other = client.get("/sample/report/file/", headers={"if-none-match": '"another"'})

    assert (again.status_code, again.content) == (304, b"")
    assert b"".join(other.streaming_content).startswith(b"%PDF")
    assert first["Cache-Control"] == "no-cache"
    first.close()


def test_where_the_report_alone_is_not_there_it_says_so_too(client, tmp_path, monkeypatch):
    (tmp_path / specimen.FACTS).write_bytes((specimen.FOLDER / specimen.FACTS).read_bytes())
    monkeypatch.setattr(specimen, "FOLDER", tmp_path)
    answer = client.get("/sample/report/file/")

    assert answer.status_code == 404
    assert "The sample report of this installation is not there." in text_of(answer)


def test_files_are_saved_under_their_own_names(client):
    """Their addresses have a hash in them."""
    text = shown(client)

    assert re.findall(r'download="([^"]+)"', text) == [specimen.RESULT, specimen.TABLE]


def test_where_it_is_not_there_the_page_says_so(client, tmp_path, monkeypatch):
    monkeypatch.setattr(specimen, "FOLDER", tmp_path)

    for path in ("/sample/report/", "/sample/report/file/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "The sample report of this installation is not there." in text_of(answer)


def test_it_wants_no_sales_desk_and_offers_a_sample_where_one_is(client, organisation):
    """Also where no free samples are taken, somebody may want to see a report."""
    assert client.get("/sample/").status_code == 503
    without = shown(client)
    desk()

    assert "A sample report" in without
    assert 'href="/sample/"' not in without
    assert 'href="/sample/">Ask for a free analysis of your own</a>' in shown(client)
