"""How fast the sales desk's queue answers with hundreds of requests, made and taken back as lists are."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import doors
from accounts.enums import PlatformRole
from accounts.models import Organisation, Project, User
from analysis.enums import RunState
from analysis.models import Recording, Run
from echodepth.static_files import collect_when_changed
from echodepth.tenancy import tenant
from reports.domain.list_benchmark import (
    SUMMARY,
    ListTimes,
    Visitor,
    milliseconds_of,
    queries_of,
    taken_back,
)
from reports.enums import SampleState
from reports.models import SampleRequest

NAME = "sales desk's queue"
REQUESTS = 500
TIMES = 40


class AtDesk(Visitor):
    """Somebody of the sales desk, with a second factor."""

    def lists(self) -> dict[str, tuple[str, dict[str, str]]]:
        return {NAME: (reverse("desk"), {})}


def benchmark_desk(requests: int = REQUESTS, times: int = TIMES) -> ListTimes:
    """Measure the first page of the queue; nothing that is made here stays. Raises ListAnswerError."""
    collect_when_changed()
    with taken_back():
        desk = _desk()
        visitor = _visitor(desk)
        _request(desk, 1)
        few = queries_of(visitor, NAME)
        _request(desk, requests - 1)
        many = queries_of(visitor, NAME)
        taken = [milliseconds_of(visitor, NAME) for _time in range(times)]
    named = f"{NAME}, of {requests} requests"
    return ListTimes(named, few, many, *(list(figures) for figures in zip(*taken, strict=True)))


def _desk() -> Organisation:
    """A desk of its own, in the place of the one that is there."""
    for organisation_id, _slug in doors.DESK.open():
        with tenant(organisation_id):
            Organisation.objects.filter(pk=organisation_id).update(is_desk=False)
    made = Organisation(name="Benchmark", slug=f"benchmark-{uuid4().hex}", is_desk=True)
    with tenant(made.pk):
        made.save(force_insert=True)
    return made


def _visitor(desk: Organisation) -> AtDesk:
    role = PlatformRole.SALES
    user = User.objects.create_user(f"{desk.slug}@benchmark.example", platform_role=role)
    TOTP.activate(user, generate_totp_secret())
    host: dict[str, Any] = {"HTTP_HOST": urlsplit(settings.BASE_URL).netloc}
    client = Client(**host)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [{"method": "mfa", "at": timezone.now().timestamp()}]
    session.save()
    return AtDesk(client, desk.slug, "")


def _request(desk: Organisation, count: int) -> None:
    """Received, each with a finished analysis, due on days before and after today."""
    own = {"organisation": desk}
    numbers = range(count)
    with tenant(desk.pk):
        projects = Project.objects.bulk_create(Project(**own, name=f"S-{number}") for number in numbers)
        recordings = Recording.objects.bulk_create(_recording(project) for project in projects)
        Run.objects.bulk_create(
            Run(**own, recording=one, state=RunState.DONE, media_facts={"seconds": 61.0}, summary=SUMMARY)
            for one in recordings
        )
        SampleRequest.objects.bulk_create(_sample(one, number) for number, one in enumerate(recordings))


def _recording(project: Project) -> Recording:
    key = uuid4()
    return Recording(
        id=key,
        organisation_id=project.organisation_id,
        project=project,
        title="Pitch",
        original_name="pitch.mp4",
        storage_key=f"{project.organisation_id}/recordings/{key}/media",
        size=1_000_000,
        sha256=key.hex * 2,
    )


def _sample(recording: Recording, number: int) -> SampleRequest:
    now = timezone.now()
    return SampleRequest(
        organisation_id=recording.organisation_id,
        project=recording.project,
        recording=recording,
        reference=f"S-{uuid4().hex[:8]}",
        name=f"Prospect {number}",
        email=f"prospect@company-{number % 100}.example",
        company=f"Company {number % 100}",
        country="GB",
        region="uk",
        state=SampleState.RECEIVED,
        confirmed_at=now,
        received_at=now,
        due_on=now.date() + timedelta(days=number % 14 - 4),
        tags=["retail", f"tag {number % 7}"],
        token_hash=uuid4().hex * 2,
    )
