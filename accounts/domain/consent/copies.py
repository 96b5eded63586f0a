"""What a person takes along: all that they agreed to, as plain text."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain.consent.purposes import labels
from accounts.models import Consent

WIDTH = 60


def written(consent: Consent) -> str:
    """Text, terms and digest of a consent that was given, in the scope of its organisation."""
    organisation, text = consent.organisation, consent.text
    lines = [
        organisation.name,
        text.title,
        "=" * WIDTH,
        text.body.rstrip(),
        "=" * WIDTH,
        _("Agreed to: %s") % "; ".join(map(str, labels(consent.purposes))),
        _("Culture may be taken into account: %s") % _yes(consent.culture),
        _("Recordings may calibrate: %s") % _yes(consent.calibration),
        _("Until: %s") % (consent.until.isoformat() if consent.until else ""),
        _("Signed by: %s") % consent.signer,
        _("On: %s") % _time(consent.given_at),
        _("How: %s") % consent.get_way_display(),
    ]
    if consent.withdrawn_at:
        lines.append(_("Withdrawn on: %s") % _time(consent.withdrawn_at))
    lines += [
        _("Version of the text: %(language)s %(version)d, SHA-256 %(sha256)s")
        % {"language": text.language, "version": text.version, "sha256": text.sha256},
        _("SHA-256 of all that was agreed to: %s") % consent.evidence_sha256,
    ]
    if organisation.privacy_contact:
        lines.append(_("Whom to ask: %s") % organisation.privacy_contact)
    return "\n".join(lines) + "\n"


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _time(moment: object) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M %Z}"  # type: ignore[arg-type]  # given, so it is there
