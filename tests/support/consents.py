"""Texts, consents and notices for tests, made by the functions that the product makes them by."""

from datetime import timedelta

from django.utils import timezone

from accounts.domain.consent import consents, texts
from accounts.domain.consent.consents import Issued, Terms
from accounts.enums import TextKind
from accounts.models import Consent, PrivacyText, Project, Subject
from echodepth.tenancy import tenant
from tests.factories import DeclarationFactory, PrivacyTextFactory, ProjectFactory, SubjectFactory

PURPOSE = "sales_meeting"
PDF = b"%PDF-1.7\nsigned\n%%EOF\n"


def declared_project(organisation, purpose=PURPOSE, region="eu", **more) -> Project:
    """A project whose declared use wants consent and a notice."""
    project = ProjectFactory(organisation=organisation, declared=False, **more)
    DeclarationFactory(project=project, purpose=purpose, setting="online_meeting", region=region)
    return project


def subject_of(organisation, label="Customer 7", **more) -> Subject:
    return SubjectFactory(project=declared_project(organisation, **more), label=label)


def published(organisation, kind=TextKind.CONSENT, language="en", **more) -> PrivacyText:
    """A version that people are shown, under its digest."""
    words = {"title": f"A {kind}", "body": f"What the {kind} says.\n"} | more
    draft = PrivacyTextFactory(
        organisation=organisation, kind=kind, language=language, published_at=None, **words
    )
    with tenant(organisation.pk):
        texts.publish(draft)
    return draft


def terms(*purposes, days=90, **more) -> Terms:
    until = timezone.localdate() + timedelta(days=days)
    return Terms(purposes or (PURPOSE,), until, **more)


def asked(subject, agreed_to=None, email="") -> Issued:
    """Consent is asked for at a link, with the texts that it wants."""
    organisation = subject.organisation
    with tenant(organisation.pk):
        known = {text.kind: text for text in PrivacyText.objects.filter(published_at__isnull=False)}
        if TextKind.NOTICE not in known:
            published(organisation, TextKind.NOTICE)
        text = known.get(TextKind.CONSENT) or published(organisation)
        return consents.ask(subject, text, agreed_to or terms(), email=email)


def given(subject, agreed_to=None, signer="Ada Example"):
    """Consent that was given at its link."""
    consent = asked(subject, agreed_to).consent
    with tenant(subject.organisation_id):
        consents.give(
            consent, signer, consent.purposes, culture=consent.culture, calibration=consent.calibration
        )
        made: Consent = Consent.objects.select_related("text", "subject").get(pk=consent.pk)
    return made
