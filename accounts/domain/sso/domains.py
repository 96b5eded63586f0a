"""The mail domains of the organisation in scope: claimed by an admin, proven by the DNS."""

import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.sso.dns_proof import check_record
from accounts.domain.sso.names import domain_name
from accounts.models import Domain, Organisation
from echodepth.errors import UserError

MOST_DOMAINS = 50


@transaction.atomic
def add_domain(organisation: Organisation, text: str) -> Domain:
    """Claim a domain, with a new secret to publish.

    Raises UserError as `domain_name` does, `domain_listed` or `domains_full`. That another organisation has
    it is not said here: anybody could ask.
    """
    name = domain_name(text)
    if Domain.objects.count() >= MOST_DOMAINS:
        sentence = _("This organisation has %(most)d domains, and no more are possible. Remove one first.")
        raise UserError("domains_full", sentence % {"most": MOST_DOMAINS}, 409)
    domain, created = Domain.objects.get_or_create(
        organisation=organisation, name=name, defaults={"secret": secrets.token_hex(20)}
    )
    if not created:
        raise UserError("domain_listed", _("This domain is in the list already."), 409)
    record(AuditAction.DOMAIN_CHANGED, domain, change="added")
    made: Domain = domain
    return made


def prove_domain(domain: Domain) -> None:
    """Ask the DNS, and keep that it said so.

    Raises UserError as `check_record` does, or `domain_taken`, which only somebody who governs the domain's
    DNS is told; whose it is, nobody is.
    """
    if domain.proven_at:
        return
    check_record(domain.name, domain.secret)
    try:
        with transaction.atomic():
            domain.proven_at = timezone.now()
            domain.save(update_fields=["proven_at"])
            record(AuditAction.DOMAIN_CHANGED, domain, change="proven")
    except IntegrityError:
        domain.proven_at = None
        sentence = _("The record is right, but this domain is in use elsewhere. Write to support to move it.")
        raise UserError("domain_taken", sentence, 409) from None


@transaction.atomic
def remove_domain(domain: Domain) -> None:
    """Nobody new joins with an address there; who is linked stays linked."""
    record(AuditAction.DOMAIN_CHANGED, domain, change="removed")
    domain.delete()


def has_proven(name: str) -> bool:
    """Whether the organisation in scope has proven this domain, written as `domain_of` writes it."""
    found: Any = Domain.objects.filter(name=name, proven_at__isnull=False)
    return bool(name) and bool(found.exists())
