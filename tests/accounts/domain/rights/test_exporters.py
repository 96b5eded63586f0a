"""Rows as they are copied: what is personal, in JSON's types, without keys and without members."""

import json
from datetime import date

import pytest

from accounts.domain.rights import exporters
from accounts.domain.rights.exporters import copy_of
from echodepth.tenancy import tenant
from tests.factories import ConsentFactory, SubjectFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_consent_is_copied_without_its_key_and_who_recorded_it():
    consent = ConsentFactory(until=date(2027, 1, 2), token_hash="ab" * 32, attested_by=UserFactory())
    row = json.loads(json.dumps(copy_of(consent)))
    assert (row["until"], row["culture"]) == ("2027-01-02", False)
    assert row["id"] == str(consent.pk)
    assert row["subject"] == str(consent.subject_id)
    assert {"token_hash", "attested_by", "organisation", "form_key"} & set(row) == set()


def test_what_the_project_declares_is_told_without_who_confirmed_it():
    subject = SubjectFactory()
    with tenant(subject.organisation_id):
        declaration = subject.project.declarations.get()
        declaration.confirmed_name, declaration.details = "C. Onfirmer", "Talks about prices"
        declaration.save()
        [row] = exporters.declarations(subject)
    assert row["details"] == "Talks about prices"
    assert "C. Onfirmer" not in json.dumps(row)


def test_texts_are_those_the_person_was_shown():
    mine, other = ConsentFactory(), ConsentFactory()
    with tenant(mine.organisation_id):
        [exporter] = [one for one in exporters.exporters() if one.model.__name__ == "PrivacyText"]
        assert [row.pk for row in exporter.rows(mine.subject)] == [mine.text_id]
    assert other.text_id != mine.text_id
