"""What a browser's session keeps between leaving for the provider and coming back."""

import time
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.domain.sso.oidc import FLOW_SECONDS, Flow
from accounts.domain.sso.people import LinkWanted
from echodepth.errors import UserError, Way

FLOWS, LINK = "sso_flows", "sso_link"
MOST_FLOWS = 5
"""Tabs in which a sign-in may be under way at once; the oldest gives way."""


def flow_over() -> UserError:
    """For whoever comes back without a flow of their own."""
    sentence = _("This sign-in took too long, or it was finished before. Start again.")
    return UserError("sso_state", sentence, way=Way(_("Start again"), reverse("sso-start")))


def keep_flow(session: Any, flow: Flow) -> None:
    flows = [kept for kept in session.get(FLOWS, []) if kept["state"] != flow.state]
    session[FLOWS] = [*flows, flow.kept()][-MOST_FLOWS:]


def take_flow(session: Any, state: str) -> Flow | None:
    """The flow of this state, which is used up by it; whatever the answer to it is worth."""
    flows = session.get(FLOWS, [])
    found = next((kept for kept in flows if kept["state"] == state), None)
    if found is None:
        return None
    session[FLOWS] = [kept for kept in flows if kept is not found]
    # Now, not with the answer: a second request with the same state may be under way.
    session.save()
    return Flow(**found)


def keep_link(session: Any, wanted: LinkWanted) -> None:
    session[LINK] = wanted.kept()


def kept_link(session: Any) -> LinkWanted | None:
    """The link that waits for its confirmation, while it may."""
    found = session.get(LINK)
    wanted = LinkWanted(**found) if found else None
    return wanted if wanted and 0 <= time.time() - wanted.at <= 2 * FLOW_SECONDS else None


def take_link(session: Any) -> None:
    session.pop(LINK, None)
