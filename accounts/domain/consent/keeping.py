"""How records of consent are erased, and how the signed forms are copied for the person they are of."""

from collections.abc import Iterator
from functools import partial

from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.domain.consent import papers
from accounts.domain.erasure import registry, steps, things
from accounts.domain.erasure.registry import Job, Order
from accounts.domain.rights import exporters
from accounts.domain.rights.exporters import CopiedFile
from accounts.enums import ConsentState, DataClass, ErasureReason
from accounts.models import Consent, Subject

LOST = {
    ErasureReason.WITHDRAWAL: {"email": ""},
    ErasureReason.REQUEST: {"signer": "", "email": "", "evidence_sha256": ""},
}
"""What a record of consent loses when all else of the person goes, by the reason."""


def connect() -> None:
    """Called once, when the app is ready."""
    registry.register("consent", _form, Order.OBJECTS, [DataClass.CONSENTS])
    registry.register("consent", steps.itself(Consent), Order.ITSELF, [DataClass.CONSENTS])
    registry.register("subject", _forms, Order.OBJECTS)
    registry.register("subject", _names, Order.ROWS)
    exporters.register_files(form_files)


def form_files(subject: Subject, media: bool) -> Iterator[CopiedFile]:  # noqa: ARG001 - an exporter's signature
    """The person's signed forms, whatever was asked for: they are theirs alone."""
    for consent in Consent.objects.filter(subject=subject).exclude(form_key=""):
        kind = consent.form_key.rpartition(".")[2]
        yield CopiedFile(f"consents/{consent.pk}.{kind}", partial(_copy, consent.form_key))


def _copy(key: str, into: object) -> None:
    with default_storage.open(key) as kept:
        for piece in kept.chunks():
            into.write(piece)  # type: ignore[attr-defined]  # a file


def _form(job: Job) -> bool:
    return _erase_form(job, Consent.objects.filter(pk=job.object_id).exclude(form_key="").first())


def _forms(job: Job) -> bool:
    """After a withdrawal the signed form stays, as a part of the proof."""
    if _is_withdrawal(job):
        return False
    signed = Consent.objects.filter(subject=job.object_id).exclude(form_key="")
    return _erase_form(job, signed.order_by("pk").first())


def _erase_form(job: Job, consent: Consent | None) -> bool:
    if consent is None:
        return False
    things.erase_object(job, papers.KIND, consent.pk, consent.form_key, sha256=consent.form_sha256)
    with things.writing(job):
        Consent.objects.filter(pk=consent.pk).update(form_key="")
    return True


def _names(job: Job) -> bool:
    """Where the proof stays, it loses what it can do without.

    After a withdrawal that is the address the link was sent to: a proof without the name proves nothing. A
    person who asked to be erased goes from it by name too, and the digest with it, of which a name could be
    guessed: it keeps what was agreed and when, and ends.
    """
    if job.erasure.kind != "subject" or job.erasure.reason not in LOST:
        return False
    lost = LOST[ErasureReason(job.erasure.reason)]
    mine = Consent.objects.filter(subject=job.object_id)
    in_force = mine.exclude(state=ConsentState.WITHDRAWN)
    keys = set(mine.exclude(**lost).values_list("pk", flat=True))
    keys |= set(in_force.values_list("pk", flat=True))
    if not keys:
        return False
    with things.writing(job):
        for key in keys:
            things.note(job, "name on a consent", key)
        in_force.update(state=ConsentState.WITHDRAWN, withdrawn_at=timezone.now(), withdrawn_by_subject=True)
        mine.update(**lost)
    return True


def _is_withdrawal(job: Job) -> bool:
    return job.erasure.kind == "subject" and job.erasure.reason == ErasureReason.WITHDRAWAL
