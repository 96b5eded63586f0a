"""A sales desk for tests, and what prospects tell it."""

from typing import Any

from accounts.enums import TextKind
from accounts.models import Organisation
from reports.domain.samples import asking
from reports.domain.samples.asking import Issued, Wanted
from tests.factories import OrganisationFactory
from tests.support.consents import published

TOLD: dict[str, Any] = {
    "name": "Grace Example",
    "email": "grace@prospect.example",
    "company": "Prospect Works",
    "wish": "How our pitch comes across.",
    "country": "GB",
    "region": "uk",
    "purpose": "sales_meeting",
    "setting": "online_meeting",
}


def desk(**more: Any) -> Organisation:
    """The organisation of the sales desk, with the texts that people are shown."""
    words = {"name": "Sample desk", "slug": "sample-desk", "time_zone": "Europe/London"} | more
    made: Organisation = OrganisationFactory(is_desk=True, **words)
    published(made)
    published(made, TextKind.NOTICE)
    return made


def wanted(**changes: Any) -> Wanted:
    return Wanted(**(TOLD | changes))


def asked(**changes: Any) -> Issued:
    """A request as a prospect makes it; wants a desk."""
    return asking.ask(wanted(**changes))
