"""Erasures whose workers are killed, kill -9, at any statement or any touch of storage; each ends complete.

A round erases a recording, a person or a whole organisation. The worker kills itself at a moment that chance
chooses among all that an undisturbed erasure has; then the product's own sweep finds what was left, and
another worker goes on. What is judged: nothing is left, nothing of anybody else is gone, and the certificate
says what that of the undisturbed erasure says. `python -m tests.drills.erasure --rounds N --seed S` plays it;
`--rounds 0` tries every moment of every kind once.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.support import postgres

KINDS = ("recording", "subject", "organisation")
LEASE_SECONDS = 1
DEADLINE = 60.0
ALIKE = {"queue task"}
"""Left out where certificates are compared: a killed worker is followed by more wake-ups."""
say = partial(print, flush=True)


@dataclass(frozen=True)
class Target:
    """What is erased, and what there was of it and of others before."""

    organisation: UUID
    kind: str
    object_id: UUID
    rows: frozenset[tuple[str, str]]
    """Label of the model and primary key, of all that must go."""
    keys: frozenset[str]
    others: frozenset[tuple[str, str]]
    """That must stay."""
    other_keys: frozenset[str]


def main() -> None:
    told = _arguments()
    with _installation():
        faults, rounds = play(told.rounds, random.Random(told.seed))
    for fault in faults:
        say(f"  {fault}")
    say(f"{rounds} erasures, incomplete {len(faults)}")
    sys.exit(1 if faults else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def play(rounds: int, chance: random.Random) -> tuple[list[str], int]:
    """What went wrong, and how many erasures were disturbed."""
    undisturbed = {kind: _undisturbed(kind) for kind in KINDS}
    for kind, (moments, counts) in undisturbed.items():
        say(f"{kind}: {moments} moments; {dict(sorted(counts.items()))}")
    every = [(kind, moment) for kind, (moments, _counts) in undisturbed.items() for moment in range(moments)]
    chosen = [chance.choice(every) for _round in range(rounds)] if rounds else every
    faults: list[str] = []
    for kind, moment in chosen:
        found = _disturbed(kind, moment, undisturbed[kind][1])
        say(f"{kind}, killed at moment {moment}: {found or 'complete'}")
        faults += [f"{kind}, moment {moment}: {fault}" for fault in found]
    return faults, len(chosen)


def _undisturbed(kind: str) -> tuple[int, Counter[str]]:
    """How many moments it has, and what its certificate counts."""
    target = _prepared(kind)
    erasure = _requested(target)
    read, write = os.pipe()
    _in_child(lambda: os.write(write, str(_worked(target, erasure, kill_at=None)).encode()))
    moments = int(os.read(read, 20))
    os.close(read)
    os.close(write)
    found = _judged(target, erasure, None)
    if found:
        raise RuntimeError(f"an undisturbed erasure of a {kind}: {found}")
    return moments, _counts(target, erasure)


def _disturbed(kind: str, moment: int, counts: Counter[str]) -> list[str]:
    target = _prepared(kind)
    erasure = _requested(target)
    status = _in_child(lambda: _worked(target, erasure, kill_at=moment))
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
        return [f"the worker ended by itself: {status}"]
    _recovered(target, erasure)
    return _judged(target, erasure, counts)


def _in_child(work: Callable[[], object]) -> int:
    """A process of its own, with a connection of its own; how it ended."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - nothing of the parent may go on here
        say(repr(error))
        os._exit(1)
    os._exit(0)


def _worked(target: Target, erasure: UUID, *, kill_at: int | None) -> int:
    """How many moments there were; at `kill_at` it is the end of this process."""
    from django.db import connection

    from accounts.domain.erasure import erasures
    from echodepth.storage import erasing
    from echodepth.tenancy import tenant

    seen = 0

    def moment() -> None:
        nonlocal seen
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1

    def statement(execute: Any, *told: Any) -> Any:
        moment()
        return execute(*told)

    def disturbed(touch: Callable[..., Any]) -> Callable[..., Any]:
        def inner(*told: Any, **named: Any) -> Any:
            moment()
            answer = touch(*told, **named)
            moment()  # the object is gone, and nobody has written that down
            return answer

        return inner

    for name in ("erase", "erase_under"):
        setattr(erasing, name, disturbed(getattr(erasing, name)))
    with tenant(target.organisation), connection.execute_wrapper(statement):
        erasures.work(erasure)
    return seen


def _recovered(target: Target, erasure: UUID) -> None:
    """By the product's own sweep and wake-ups, as long as that takes."""
    from django.utils import timezone
    from django_q.conf import Conf
    from django_q.models import OrmQ

    from accounts.domain.erasure import erasures
    from accounts.tasks import erase

    end = time.monotonic() + DEADLINE
    # Its wake-up was taken, and stays locked far longer than anybody would wait.
    OrmQ.objects.update(lock=timezone.now() + timedelta(seconds=Conf.RETRY))
    while time.monotonic() < end and not _is_done(target, erasure):
        erasures.sweep()
        for waiting in OrmQ.objects.filter(lock__lte=timezone.now()).order_by("pk"):
            told = waiting.task
            waiting.delete()
            if told["func"] == erasures.ERASE_TASK:
                erase(*told["args"])
        time.sleep(0.2)


def _is_done(target: Target, erasure: UUID) -> bool:
    from accounts.enums import ErasureState
    from accounts.models import Erasure
    from echodepth.tenancy import tenant

    with tenant(target.organisation):
        return bool(Erasure.objects.get(pk=erasure).state == ErasureState.DONE)


def _judged(target: Target, erasure: UUID, counts: Counter[str] | None) -> list[str]:
    from accounts.domain.erasure import certificates
    from accounts.models import Certificate
    from echodepth.tenancy import tenant

    if not _is_done(target, erasure):
        return ["it did not end"]
    here, keys = _rows_and_keys(target.organisation)
    with tenant(target.organisation):
        certified = list(Certificate.objects.filter(erasure=erasure))
    if len(certified) != 1:
        return [f"{len(certified)} certificates"]
    verdict = certificates.verify(certificates.document(certified[0]))
    faults = [f"row {row} is left" for row in sorted(target.rows & here)]
    faults += [f"object {key} is left" for key in sorted(target.keys & keys)]
    faults += [f"row {row} of others is gone" for row in sorted(target.others - _everything()[0])]
    faults += [f"object {key} of others is gone" for key in sorted(target.other_keys - _everything()[1])]
    if verdict != certificates.Verdict.VALID:
        faults.append(f"the certificate is {verdict}")
    if counts is not None and (found := _counts(target, erasure)) != counts:
        faults.append(f"the certificate counts {dict(found)}, not {dict(counts)}")
    return faults


def _counts(target: Target, erasure: UUID) -> Counter[str]:
    from accounts.models import Certificate
    from echodepth.tenancy import tenant

    with tenant(target.organisation):
        told = Certificate.objects.get(erasure=erasure).body["counts"]
    return Counter({kind: count for kind, count in told.items() if kind not in ALIKE})


def _requested(target: Target) -> UUID:
    from django_q.models import OrmQ

    from accounts.domain.erasure import erasures
    from accounts.enums import ErasureReason
    from echodepth.tenancy import tenant

    OrmQ.objects.all().delete()
    with tenant(target.organisation):
        asked = erasures.request(ErasureReason.MEMBER, target.kind, target.object_id, target.organisation)
    return asked.pk


def _prepared(kind: str) -> Target:
    """An organisation with two people and a recording of each; one of them, or all of it, is to go."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from analysis.domain import objects
    from echodepth.tenancy import tenant
    from reports.domain.requests import report_key

    factories: Any = import_module("tests.factories")
    member = factories.MembershipFactory(role="owner")
    place = member.organisation
    before = _everything(place.pk)
    project = factories.ProjectFactory(organisation=place)
    made: list[tuple[Any, frozenset[tuple[str, str]], frozenset[str]]] = []
    for _person in range(2):
        known, keys = _rows_and_keys(place.pk)
        subject = factories.SubjectFactory(project=project)
        recording = factories.RecordingFactory(project=project, subject=subject)
        run = factories.RunFactory(recording=recording, state="done")
        report = factories.ReportFactory(run=run, state="ready")
        factories.SegmentFactory(run=run)
        factories.SubjectNeutralFactory(subject=subject, run=run)
        folder = f"{objects.run_folder(place.pk, run.pk)}/1"
        with tenant(place.pk):
            recording.storage_key = objects.recording_key(place.pk, recording.pk)
            run.result_key, run.frames_key = f"{folder}/result.json", f"{folder}/frames.parquet"
            report.storage_key = report_key(place.pk, report.pk, 1)
            for row in (recording, run, report):
                row.save()
        for key in (recording.storage_key, run.result_key, run.frames_key, report.storage_key):
            default_storage.save(key, ContentFile(b"of somebody"))
        rows_after, keys_after = _rows_and_keys(place.pk)
        made.append(((subject, recording), rows_after - known, keys_after - keys))
    (subject, recording), rows, keys = made[0]
    if kind == "organisation":
        everything, keys = _whole(place.pk)
        return Target(place.pk, kind, place.pk, everything, keys, *before)
    if kind == "recording":
        rows = frozenset(row for row in rows if row[0] not in {"accounts.Subject", "analysis.SubjectNeutral"})
    chosen = subject if kind == "subject" else recording
    return Target(place.pk, kind, chosen.pk, rows, keys, made[1][1] | before[0], made[1][2] | before[1])


def _whole(organisation_id: UUID) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """All of an organisation but what stays on purpose."""
    from accounts.domain.offboarding.steps import KEPT

    stays = {model._meta.label for model in KEPT} - {"accounts.Membership"}
    rows, keys = _rows_and_keys(organisation_id)
    return frozenset(row for row in rows if row[0] not in stays), keys


def _rows_and_keys(organisation_id: UUID) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """Rows of an organisation, without the work of erasing, and its objects."""
    from accounts.models import AuditHead, AuditParty, AuditRecord, Certificate, ErasedThing, Erasure
    from echodepth.fence import tenant_models
    from echodepth.storage.verify import listed
    from echodepth.tenancy import tenant

    without = {AuditHead, AuditParty, AuditRecord, Certificate, ErasedThing, Erasure}
    with tenant(organisation_id):
        rows = {
            (model._meta.label, str(key))
            for model in tenant_models()
            if model not in without
            for key in model._default_manager.values_list("pk", flat=True)
        }
    return frozenset(rows), frozenset(one.key for one in listed(f"{organisation_id}/"))


def _everything(without: UUID | None = None) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    from accounts import doors

    found = [
        _rows_and_keys(organisation_id)
        for organisation_id, _slug in doors.ORGANISATIONS.open()
        if organisation_id != without
    ]
    rows = frozenset[tuple[str, str]]().union(*(rows for rows, _keys in found))
    return rows, frozenset[str]().union(*(keys for _rows, keys in found))


@contextmanager
def _installation() -> Iterator[None]:
    """A database and a storage of their own; nothing is left of them."""
    folder = Path(tempfile.mkdtemp(prefix="echodepth-drill-"))
    try:
        with postgres.running() as server:
            (folder / "data").mkdir()
            os.environ.update(
                postgres.urls(server.place)
                | {
                    "DJANGO_SETTINGS_MODULE": "echodepth.settings",
                    "ECHODEPTH_DATA_FOLDER": str(folder / "data"),
                    "ECHODEPTH_LEASE_SECONDS": str(LEASE_SECONDS),
                    "ECHODEPTH_DEMO": "false",
                }
            )
            import django
            from django.core.management import call_command
            from django.db import connections

            django.setup()
            call_command("migrate", verbosity=0)
            try:
                yield
            finally:
                connections.close_all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
