"""The functions themselves; who gets to which page stands in `tests/contracts/test_access.py`."""

from uuid import uuid4

import pytest
from django.http import Http404

from analysis.access import access_document, access_recording, access_run
from echodepth.tenancy import tenant


def test_what_the_organisation_has_is_found_with_what_its_page_needs(acme, django_assert_num_queries):
    older = acme.run(state="done")
    newer = acme.run(older.recording)
    document = acme.document()
    with tenant(acme.organisation.pk):
        recording, run = access_recording(older.recording_id)
        assert (recording, run) == (older.recording, newer)
        assert access_document(document.pk) == document
        found = access_run(older.pk)
        with django_assert_num_queries(0):
            assert found.recording.project == recording.project == run.recording.project


def test_what_another_has_is_as_missing_as_what_nobody_has(acme, other):
    run, document = other.run(), other.document()
    theirs = [(access_recording, run.recording_id), (access_run, run.pk), (access_document, document.pk)]
    with tenant(acme.organisation.pk):
        for access, key in theirs:
            for asked in (key, uuid4()):
                with pytest.raises(Http404):
                    access(asked)
