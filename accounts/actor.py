"""Who is acting, in which organisation, and from where."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from accounts.enums import Role
from accounts.models import Membership, Organisation, StaffSession, User
from accounts.permissions import Action, Permissions


@dataclass(frozen=True, slots=True)
class Actor:
    """A member, or platform staff inside a session: one of `membership` and `staff_session` is set.

    Neither is set where a platform admin changes the organisation on the platform's own pages, nor for the
    platform's people in the sales desk's own organisation (`can.at_desk`).
    """

    user: User
    organisation: Organisation
    can: Permissions
    membership: Membership | None = None
    staff_session: StaffSession | None = None
    token_id: UUID | None = None
    """The API token that is used; None in the portal."""
    address: str = ""
    """Network address of the client."""

    @property
    def is_guest(self) -> bool:
        return self.membership is not None and self.membership.role == Role.GUEST

    def may(self, action: Action) -> bool:
        return self.can.may(action)


_current: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current_actor() -> Actor | None:
    """Who acts in this request; None in tasks and commands."""
    return _current.get()


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """What happens inside is done by this actor; the audit trail names it."""
    token = _current.set(actor)
    try:
        yield
    finally:
        _current.reset(token)
