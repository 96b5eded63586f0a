"""Projects whose declaration wants to know who is who, and runs that ask for it."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from accounts.enums import SubjectRole
from accounts.models import Declaration, Project, Subject
from analysis.domain.work import runs
from analysis.models import Run
from echodepth.tenancy import tenant
from tests.analysis.conftest import Tenant
from tests.factories import DeclarationFactory, SubjectFactory
from tests.support.engines import face, fake_engine
from tests.support.work import answer_all

CUSTOMERS = {"requires": ["roles"], "roles": ["customer", "prospect"]}
"""Outcome of a use in which nobody else may be analysed."""


def declare_roles(project: Project, **outcome: Sequence[str]) -> Declaration:
    """In place of what was declared of the project before."""
    with tenant(project.organisation_id):
        Declaration.objects.filter(project=project, ended_at=None).update(ended_at=timezone.now())
    made: Declaration = DeclarationFactory(project=project, outcome=CUSTOMERS | outcome)
    return made


def run_of_customer(place: Tenant, role: SubjectRole = SubjectRole.CUSTOMER, **fields: Any) -> Run:
    """A requested run of a recording of a customer, or of somebody else."""
    if not Declaration.objects.filter(project=place.project, ended_at=None, outcome=CUSTOMERS).exists():
        declare_roles(place.project)
    subject = SubjectFactory(project=place.project, role=role)
    return runs.request(place.recording(subject=subject, **fields), place.user, {"width": 640, "height": 480})


def waiting_run(place: Tenant, faces: int = 2, **fields: Any) -> Run:
    """One that waits to be told who so many people are."""
    run = run_of_customer(place, **fields)
    answer_all(fake_engine(faces=[face(number) for number in range(1, faces + 1)]))
    run.refresh_from_db()
    return run


def subject_of(run: Run) -> Subject:
    found = run.recording.subject
    assert found is not None
    return found
