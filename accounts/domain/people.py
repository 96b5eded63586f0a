"""How accounts come about: by invitation, and from the command line."""

import secrets

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.announcements import demo_made
from accounts.domain.organisations import create_organisation
from accounts.domain.projects import add_subject, create_project
from accounts.models import Organisation, User
from echodepth.tenancy import tenant

DEMO_EMAIL = "owner@demo.example"
DEMO_ORGANISATION = "Demo organisation"


def generate_password() -> str:
    """Four groups of five characters, about 100 bits, without the ones that look alike."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


@transaction.atomic
def create_person(email: str, password: str, *, is_platform_admin: bool = False) -> User:
    """A person whose address counts as verified."""
    user = User.objects.create_user(email, password, is_platform_admin=is_platform_admin)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def person_with(email: str) -> User:
    """The person with this address; one we do not know yet gets an account without a usable password."""
    return User.objects.filter(email__iexact=email).first() or _new_person(email)


def _new_person(email: str) -> User:
    user = User.objects.create_user(email)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    return user


@transaction.atomic
def create_demo(password: str) -> Organisation | None:
    """The demonstration's organisation, owner, project and subject; None when they were made before."""
    if User.objects.filter(email=DEMO_EMAIL).exists():
        return None
    owner = create_person(DEMO_EMAIL, password)
    organisation = create_organisation(DEMO_ORGANISATION, "UTC", owner)
    with tenant(organisation.pk):
        project = create_project(organisation, "First project")
        add_subject(project, "Speaker 1")
        demo_made.send(Organisation, project=project, owner=owner)
    return organisation
