"""Setting up the sales desk: its organisation and the texts that people are shown."""

from django.db import transaction

from accounts import doors
from accounts.domain.consent import texts
from accounts.domain.consent.templates import LANGUAGE
from accounts.domain.organisations import create_organisation
from accounts.enums import TextKind
from accounts.models import Organisation
from echodepth.tenancy import tenant
from reports.domain.samples import desk_texts


def prepare(name: str, contact: str, time_zone: str) -> tuple[Organisation, bool]:
    """The desk, ready to take requests, and whether it was made now. What is there already stays as it is.

    `contact` is an e-mail address or telephone number that people in recordings are told.
    """
    with transaction.atomic():
        organisation, is_new = _organisation(name, contact, time_zone)
        with tenant(organisation.pk):
            for kind in TextKind:
                _publish(organisation, kind, name, contact)
    return organisation, is_new


def _organisation(name: str, contact: str, time_zone: str) -> tuple[Organisation, bool]:
    rows = doors.DESK_KEPT.open()
    if rows:
        with tenant(rows[0][0]):
            return Organisation.objects.get(pk=rows[0][0]), False
    made = create_organisation(name, time_zone)
    made.is_desk, made.privacy_contact = True, contact
    with tenant(made.pk):
        made.save(update_fields=["is_desk", "privacy_contact"])
    return made, True


def _publish(organisation: Organisation, kind: TextKind, name: str, contact: str) -> None:
    if texts.current(kind).exists():
        return
    draft = texts.begin(organisation, kind, LANGUAGE, None)
    texts.change(draft, *desk_texts.filled(kind, name, contact))
    texts.publish(draft)
