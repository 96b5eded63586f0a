"""How accounts come about: by invitation, and from the command line."""

import secrets

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.announcements import demo_made
from accounts.domain.members import add_membership
from accounts.domain.organisations import create_organisation
from accounts.domain.projects import add_subject, create_project
from accounts.enums import PlatformRole, Role
from accounts.models import Organisation, User
from echodepth.tenancy import tenant

DEMO_EMAIL = "owner@demo.example"
DEMO_ORGANISATION = "Demo organisation"


def generate_password() -> str:
    """Four groups of five characters, about 100 bits, without the ones that look alike."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


@transaction.atomic
def create_person(
    email: str, password: str, *, full_name: str = "", platform_role: PlatformRole = PlatformRole.NONE
) -> User:
    """A person whose address counts as verified. Raises IntegrityError where it has an account already."""
    user = User.objects.create_user(email, password, full_name=full_name, platform_role=platform_role)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def person_of(email: str) -> User | None:
    """Whose address this is, in upper or lower case."""
    user = User.objects.filter(email__iexact=email).first()
    if user:
        return user
    address = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    return address.user if address else None


def owns_address(user: User, email: str) -> bool:
    """Whether this is the address the person signs in with, or another that they proved to be theirs."""
    return person_of(email) == user


def confirm_address(user: User) -> None:
    """Whoever could open the password link reads the account's mail: the address is theirs."""
    EmailAddress.objects.filter(user=user, email__iexact=user.email).update(verified=True)


@transaction.atomic
def create_demo(password: str) -> Organisation | None:
    """The demonstration's organisation, owner, project and subject; None when they were made before."""
    if User.objects.filter(email=DEMO_EMAIL).exists():
        return None
    owner = create_person(DEMO_EMAIL, password)
    organisation = create_organisation(DEMO_ORGANISATION, "UTC")
    with tenant(organisation.pk):
        add_membership(organisation, owner, Role.OWNER)
        project = create_project(organisation, "First project")
        add_subject(project, "Speaker 1")
        demo_made.send(Organisation, project=project, owner=owner)
    return organisation
