"""How fast the list of recordings answers, of one organisation among many with many recordings.

Everything is made in one transaction of this process and taken back at the end: rows alone, no files. The
requests go through the whole of the product, from middleware to template, on the same connection; what a
commit costs is not in the figures.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.domain import tokens
from accounts.enums import Role, Scope
from accounts.models import Membership, Organisation, Project, Subject, User
from accounts.permissions import Permissions
from analysis.enums import RunState
from analysis.models import Recording, Run
from echodepth.static_files import collect_when_changed
from echodepth.tenancy import tenant
from reports.domain.benchmark import machine

BAR_MS = 150.0
"""The 95th percentile is to be below this."""
SUMMARY = {
    "signals": {
        "trust": {"value": 61.6, "low": 55.0, "high": 66.0},
        "credibility": {"value": 48.2, "low": 44.0, "high": 53.0},
        "resistance": None,
    }
}


class ListAnswerError(Exception):
    """A list did not answer with 200; the message says which, and what came."""


@dataclass(frozen=True, slots=True)
class Size:
    tenants: int = 100
    recordings: int = 100
    """Of each tenant."""
    asked: int = 10
    """Tenants whose lists are requested."""
    times: int = 20
    """Each list of each of them is requested."""


@dataclass(frozen=True, slots=True)
class ListTimes:
    name: str
    queries_small: int
    """With one recording in the organisation."""
    queries_large: int
    milliseconds: list[float]
    cpu: list[float]
    """Milliseconds of this process; the database's own are not among them, where it is a server."""

    @property
    def median(self) -> float:
        return median(self.milliseconds)

    @property
    def p95(self) -> float:
        return quantiles(self.milliseconds, n=20, method="inclusive")[-1]

    @property
    def holds(self) -> bool:
        return self.queries_small == self.queries_large and self.p95 < BAR_MS


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member, signed in, who has a token too."""

    client: Client
    slug: str
    token: str

    def lists(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Name -> address and headers."""
        page = reverse("analysis:recordings", args=[self.slug])
        bearer = {"authorization": f"Bearer {self.token}"}
        return {
            "page of recordings": (page, {}),
            "page of recordings that are done": (f"{page}?state=done", {}),
            "API, recordings": (reverse("api:recordings"), bearer),
        }

    def get(self, address: str, headers: dict[str, str]) -> None:
        answer = self.client.get(address, headers=headers, secure=settings.HTTPS)
        if answer.status_code != 200:
            raise ListAnswerError(f"{address}: {answer.status_code}")


def benchmark_lists(size: Size) -> list[ListTimes]:
    """Measure each list; nothing that is made here stays. Raises ListAnswerError."""
    collect_when_changed()
    with taken_back():
        small = _visitor(_organisation(1))
        organisations = [_organisation(size.recordings) for _number in range(size.tenants)]
        large = [_visitor(organisation) for organisation in organisations[:: size.tenants // size.asked]]
        return [_measured(name, small, large, size.times) for name in small.lists()]


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _measured(name: str, small: Visitor, large: list[Visitor], times: int) -> ListTimes:
    few = queries_of(small, name)
    many = max(queries_of(visitor, name) for visitor in large)
    taken = [milliseconds_of(visitor, name) for _time in range(times) for visitor in large]
    return ListTimes(name, few, many, *(list(figures) for figures in zip(*taken, strict=True)))


def queries_of(visitor: Visitor, name: str) -> int:
    """How many the second visit takes: the first one writes who the visitor is into the audit trail."""
    visitor.get(*visitor.lists()[name])
    with CaptureQueriesContext(connection) as captured:
        visitor.get(*visitor.lists()[name])
    return len(captured)


def milliseconds_of(visitor: Visitor, name: str) -> tuple[float, float]:
    """By the clock on the wall, and of this process's CPU."""
    address, headers = visitor.lists()[name]
    began, worked = time.perf_counter(), time.process_time()
    visitor.get(address, headers)
    return (time.perf_counter() - began) * 1_000, (time.process_time() - worked) * 1_000


def _organisation(recordings: int) -> Organisation:
    """With a project, ten subjects at most, and a finished run of each recording."""
    made = Organisation(name="Benchmark", slug=f"benchmark-{uuid4().hex}")
    with tenant(made.pk):
        made.save(force_insert=True)
        project = Project.objects.create(organisation=made, name="Interviews")
        subjects = Subject.objects.bulk_create(
            Subject(organisation=made, project=project, label=f"P-{number}")
            for number in range(min(recordings, 10))
        )
        rows = Recording.objects.bulk_create(
            _recording(made.pk, project, subjects[number % len(subjects)], number)
            for number in range(recordings)
        )
        Run.objects.bulk_create(_run(made.pk, recording) for recording in rows)
    return made


def _recording(organisation_id: UUID, project: Project, subject: Subject, number: int) -> Recording:
    key = uuid4()
    return Recording(
        id=key,
        organisation_id=organisation_id,
        project=project,
        subject=subject,
        title=f"Interview {number}",
        original_name="interview.mp4",
        storage_key=f"{organisation_id}/recordings/{key}/media",
        size=1_000_000,
        sha256=key.hex * 2,
    )


def _run(organisation_id: UUID, recording: Recording) -> Run:
    return Run(
        organisation_id=organisation_id,
        recording=recording,
        state=RunState.DONE,
        finished_at=timezone.now(),
        media_facts={"seconds": 61.0, "width": 1280, "height": 720, "frames": 1830},
        summary=SUMMARY,
    )


def _visitor(organisation: Organisation) -> Visitor:
    user = User.objects.create_user(f"{organisation.slug}@benchmark.example")
    with tenant(organisation.pk):
        member = Membership.objects.create(organisation=organisation, user=user, role=Role.OWNER)
        actor = Actor(user, organisation, Permissions(Role.OWNER), member)
        _token, text = tokens.issue(actor, "Benchmark", [Scope.READ], 1)
    host: dict[str, Any] = {"HTTP_HOST": urlsplit(settings.BASE_URL).netloc}
    client = Client(**host)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return Visitor(client, organisation.slug, text)


def table(size: Size, found: list[ListTimes]) -> str:
    """The figures as Markdown."""
    many = size.tenants * size.recordings
    of = f"{many} recordings among {size.tenants} organisations on {connection.display_name}"
    queries = f"queries, of 1 recording | of {size.recordings}"
    lines = [
        f"{of}; {len(found[0].milliseconds)} requests of each list, on {machine()}.",
        "",
        f"| list | {queries} | CPU, median ms | median, ms | 95th percentile, ms |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.name} | {one.queries_small} | {one.queries_large} "
        f"| {median(one.cpu):.1f} | {one.median:.1f} | {one.p95:.1f} |"
        for one in found
    ]
    return "\n".join(lines) + "\n"
