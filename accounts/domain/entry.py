"""What stands between a member and the organisation beside the membership itself."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.domain.security import has_second_factor, require_second_factor
from accounts.domain.sso.session import check_confinement
from accounts.enums import OrganisationState
from accounts.models import Identity, Organisation
from echodepth.errors import UserError
from echodepth.tenancy import tenant


def check_entry(request: HttpRequest, actor: Actor) -> None:
    """Raises UserError `organisation_suspended`, `mfa_required`; and as `check_confinement` does.

    Platform staff enter what is suspended too: that is when they are asked for help.
    """
    check_confinement(request, actor)
    if not actor.staff_session:
        check_open(actor.organisation)
    # The organisation's identity provider asks for what it wants of its people.
    vouched_for = request.session.get("sso_organisation") == str(actor.organisation.pk)
    if actor.staff_session or _works_at_desk(actor) or (actor.organisation.require_mfa and not vouched_for):
        require_second_factor(request, actor.user)


def _works_at_desk(actor: Actor) -> bool:
    """Whether somebody of the platform enters the sales desk's organisation, a member of it too."""
    return actor.organisation.is_desk and actor.user.works_at_desk


def check_token_entry(actor: Actor) -> None:
    """The same for an API token, which has no session: its owner must still be one who could enter.

    Raises UserError `organisation_suspended`, `mfa_required`.
    """
    check_open(actor.organisation)
    if actor.organisation.require_mfa and not (has_second_factor(actor.user) or _signs_in_elsewhere(actor)):
        sentence = _(
            "The organisation requires two-factor sign-in, and the owner of this token has no second factor."
        )
        raise UserError("mfa_required", sentence, status=403)


def check_open(organisation: Organisation) -> None:
    """Raises UserError `organisation_suspended`."""
    if organisation.state == OrganisationState.SUSPENDED:
        sentence = _("Nothing is lost. The reason that was given: %(reason)s")
        raise UserError(
            "organisation_suspended",
            sentence % {"reason": organisation.state_reason or _("none")},
            status=403,
            heading=_("This organisation is suspended"),
        )


def _signs_in_elsewhere(actor: Actor) -> bool:
    """Whether the organisation's own identity provider vouches for the person."""
    with tenant(actor.organisation.pk):
        return bool(Identity.objects.filter(user=actor.user, provider__enabled=True).exists())
