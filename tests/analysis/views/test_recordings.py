import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analysis.engine.statement import STATEMENT
from analysis.enums import Progress, RunState
from analysis.views.recordings import PAGE
from tests import factories

SIGNALS = {
    "trust": {"value": 61.6, "low": 55.0, "high": 66.0},
    "credibility": {"value": 48.2, "low": 44.0, "high": 53.0},
    "resistance": None,
}


def done(tenant, title="Finished talk", **fields):
    subject = factories.SubjectFactory(project=tenant.project, label=f"Subject of {title}")
    return tenant.run(
        tenant.recording(title, subject=subject),
        state=RunState.DONE,
        summary={"signals": SIGNALS},
        media_facts={"seconds": 75.2},
        **fields,
    )


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def rows(response):
    return re.findall(r"<tr.*?</tr>", response.content.decode(), re.DOTALL)[1:]


def test_an_empty_list_says_what_to_do(acme):
    page = acme.client().get(acme.address())
    assert "No recordings yet" in text_of(page)
    assert f'href="{acme.address("upload/")}"' in page.content.decode()
    assert acme.address("upload/") not in acme.client("viewer").get(acme.address()).content.decode()


def test_a_finished_recording_shows_its_values(acme):
    run = done(acme)
    page = acme.client().get(acme.address())
    (row,) = rows(page)
    assert acme.address(f"results/{run.pk}/") in row
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))
    assert all(word in shown for word in ("Finished talk", "acme interviews", "Subject of Finished talk"))
    assert re.search(r"Done 62 48 . no value 1:15", shown)
    assert "data-run" not in row


def test_an_unfinished_recording_is_marked_for_polling(acme):
    run = acme.run(state=RunState.ANALYSING, frames_done=30, frames_total=120)
    page = acme.client().get(acme.address())
    (row,) = rows(page)
    assert f'data-run="{run.pk}"' in row
    assert 'value="25"' in row
    assert acme.address(f"recordings/{run.recording_id}/") in row


def test_no_value_stands_where_the_total_is_not_known(acme):
    acme.run(state=RunState.ANALYSING, frames_done=30, frames_total=None)
    (row,) = rows(acme.client().get(acme.address()))
    assert re.search(r"<progress[^>]*>", row)
    assert "value=" not in row


def test_the_list_holds_the_organisations_own_recordings_only(acme, other):
    done(acme, "Ours")
    done(other, "Theirs")
    shown = text_of(acme.client().get(acme.address()))
    assert "Ours" in shown
    assert "Theirs" not in shown


def test_filters(acme):
    project = factories.ProjectFactory(organisation=acme.organisation, name="Second")
    done(acme, "One")
    acme.run(acme.recording("Two"), state=RunState.FAILED)
    factories.RunFactory(recording__project=project, recording__title="Three", state=RunState.CLAIMED)

    def titles(**query):
        page = acme.client().get(acme.address(), query)
        return {title for title in ("One", "Two", "Three") if f">{title}<" in page.content.decode()}

    assert titles() == {"One", "Two", "Three"}
    assert titles(project=project.pk) == {"Three"}
    assert titles(state=Progress.FAILED) == {"Two"}
    assert titles(state=Progress.UNFINISHED) == {"Three"}
    assert titles(project=acme.project.pk, state=Progress.DONE) == {"One"}
    assert titles(project="nonsense", state="nonsense") == {"One", "Two", "Three"}
    nothing = acme.client().get(acme.address(), {"state": Progress.CANCELLED})
    assert "No recording matches" in text_of(nothing)


def test_pages(acme):
    for number in range(PAGE + 2):
        acme.run(acme.recording(f"Talk {number}"), state=RunState.DONE)
    client = acme.client()
    assert len(rows(client.get(acme.address()))) == PAGE
    last = client.get(acme.address(), {"page": 2, "state": "done"})
    assert len(rows(last)) == 2
    assert "state=done" in re.search(r'rel="prev"[^>]*', last.content.decode())[0]


def test_the_number_of_queries_does_not_grow(acme):
    client = acme.client()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(acme.address()).status_code == 200
        return len(captured)

    done(acme, "First")
    queries()  # the first visit writes who the visitor is into the audit trail
    few = queries()
    for number in range(12):
        done(acme, f"More {number}")
        acme.run(state=RunState.ANALYSING)
    assert queries() == few
    # Eight of the page, one for live workers, one for the menu of organisations, six for the audit trail.
    assert few <= 16


def test_progress_tells_how_far_runs_are(acme):
    moving = acme.run(state=RunState.ANALYSING, frames_done=30, frames_total=120)
    over = done(acme)
    answer = acme.client().get(acme.address("progress/"), {"run": [moving.pk, over.pk, "nonsense"]}).json()
    by_id = {run["id"]: run for run in answer["runs"]}
    first, second = by_id[str(moving.pk)], by_id[str(over.pk)]
    assert (first["final"], first["frames"]) == (False, "30 of 120 frames")
    assert "25 %" in first["state"]
    assert "row" not in first
    assert second["final"] is True
    assert second["announcement"] == "Finished talk: Done"
    assert acme.address(f"results/{over.pk}/") in second["row"]


def test_progress_of_another_organisations_run_is_left_out(acme, other):
    foreign = other.run(other.recording("Theirs"), state=RunState.ANALYSING)
    answer = acme.client().get(acme.address("progress/"), {"run": [foreign.pk]})
    assert answer.json() == {"runs": [], "statement": STATEMENT}


def test_progress_asks_once_for_all(acme):
    runs = [acme.run(state=RunState.ANALYSING) for _ in range(10)]
    client = acme.client()

    def queries(asked):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(acme.address("progress/"), {"run": [run.pk for run in asked]})
        assert len(json.loads(answer.content)["runs"]) == len(asked)
        return len(captured)

    assert queries(runs) == queries(runs[:1])
    # Session, person, door, membership with its organisation, runs, live workers.
    assert queries(runs) <= 6


@pytest.mark.parametrize("state", RunState)
def test_every_state_can_be_shown(acme, state):
    acme.run(state=state)
    page = acme.client().get(acme.address())
    assert str(state.label) in text_of(page)
