"""Consent, retention, erasure, rights, review and leaving for tests; `tests.factories` gives them."""

import hashlib
import uuid
from datetime import timedelta

import factory
from django.utils import timezone

from accounts.enums import (
    ConsentWay,
    DataClass,
    ErasureReason,
    RetentionStart,
    RightsKind,
    SubjectRole,
    TextKind,
)
from accounts.models import (
    Certificate,
    Consent,
    ErasedThing,
    Erasure,
    LegalHold,
    Notice,
    Offboarding,
    OffboardingPart,
    PrivacyText,
    Retention,
    RetentionPolicy,
    RightsRequest,
)
from analysis.models import (
    TrackAssignment,
)
from reports.enums import ReviewOutcome
from reports.models import Review
from tests.factory_core import (
    OrganisationFactory,
    RecordingFactory,
    ReportFactory,
    SubjectFactory,
    TenantFactory,
)


class PrivacyTextFactory(TenantFactory):
    """Published."""

    class Meta:
        model = PrivacyText

    organisation = factory.SubFactory(OrganisationFactory)
    kind = TextKind.CONSENT
    language = "en"
    version = factory.Sequence(lambda n: n + 1)
    title = "Consent"
    body = "I agree that my recordings are analysed."
    sha256 = factory.LazyAttribute(lambda text: hashlib.sha256(text.body.encode()).hexdigest())
    published_at = factory.LazyFunction(timezone.now)


class ConsentFactory(TenantFactory):
    """Asked for at a link."""

    class Meta:
        model = Consent

    organisation = factory.SelfAttribute("subject.organisation")
    subject = factory.SubFactory(SubjectFactory)
    text = factory.SubFactory(PrivacyTextFactory, organisation=factory.SelfAttribute("..organisation"))
    way = ConsentWay.LINK
    token_hash = factory.Sequence(lambda n: hashlib.sha256(f"consent {n}".encode()).hexdigest())


class NoticeFactory(TenantFactory):
    class Meta:
        model = Notice

    organisation = factory.SelfAttribute("subject.organisation")
    subject = factory.SubFactory(SubjectFactory)
    text = factory.SubFactory(
        PrivacyTextFactory, organisation=factory.SelfAttribute("..organisation"), kind=TextKind.NOTICE
    )
    way = "spoken"
    shown_at = factory.LazyFunction(timezone.now)


class RetentionPolicyFactory(TenantFactory):
    class Meta:
        model = RetentionPolicy

    organisation = factory.SubFactory(OrganisationFactory)
    data_class = DataClass.MEDIA
    days = 90
    counted_from = RetentionStart.UPLOAD


class RetentionFactory(TenantFactory):
    class Meta:
        model = Retention

    organisation = factory.SubFactory(OrganisationFactory)
    data_class = DataClass.MEDIA
    kind = "recording"
    object_id = factory.LazyFunction(uuid.uuid4)
    starts_at = factory.LazyFunction(timezone.now)


class LegalHoldFactory(TenantFactory):
    class Meta:
        model = LegalHold

    organisation = factory.SubFactory(OrganisationFactory)
    kind = "recording"
    object_id = factory.LazyFunction(uuid.uuid4)
    reason = "Case 12"


class ErasureFactory(TenantFactory):
    class Meta:
        model = Erasure

    organisation = factory.SubFactory(OrganisationFactory)
    reason = ErasureReason.MEMBER
    kind = "recording"
    object_id = factory.LazyFunction(uuid.uuid4)


class ErasedThingFactory(TenantFactory):
    class Meta:
        model = ErasedThing

    organisation = factory.SelfAttribute("erasure.organisation")
    erasure = factory.SubFactory(ErasureFactory)
    kind = "recording"
    object_id = factory.LazyFunction(lambda: str(uuid.uuid4()))


class CertificateFactory(TenantFactory):
    class Meta:
        model = Certificate

    organisation = factory.SelfAttribute("erasure.organisation")
    erasure = factory.SubFactory(ErasureFactory)
    body = factory.LazyFunction(dict)
    public_key = "0" * 64
    signature = "0" * 128
    issued_at = factory.LazyFunction(timezone.now)


class RightsRequestFactory(TenantFactory):
    class Meta:
        model = RightsRequest

    organisation = factory.SelfAttribute("subject.organisation")
    subject = factory.SubFactory(SubjectFactory)
    kind = RightsKind.ACCESS
    received_at = factory.LazyFunction(timezone.now)
    due_on = factory.LazyFunction(lambda: timezone.now().date() + timedelta(days=30))


class TrackAssignmentFactory(TenantFactory):
    class Meta:
        model = TrackAssignment

    organisation = factory.SelfAttribute("recording.organisation")
    recording = factory.SubFactory(RecordingFactory)
    engine_version = "1"
    track = factory.Sequence(int)
    role = SubjectRole.CUSTOMER


class ReviewFactory(TenantFactory):
    class Meta:
        model = Review

    organisation = factory.SelfAttribute("report.organisation")
    report = factory.SubFactory(ReportFactory)
    outcome = ReviewOutcome.SIGNED
    name = "R. Eviewer"
    report_sha256 = "0" * 64


class OffboardingFactory(TenantFactory):
    """An organisation that takes everything along; nothing is put together yet."""

    class Meta:
        model = Offboarding

    organisation = factory.SubFactory(OrganisationFactory)


class OffboardingPartFactory(TenantFactory):
    class Meta:
        model = OffboardingPart

    organisation = factory.SelfAttribute("offboarding.organisation")
    offboarding = factory.SubFactory(OffboardingFactory)
    number = factory.Sequence(lambda n: n + 1)
    storage_key = factory.LazyAttribute(
        lambda part: f"{part.organisation.pk}/offboarding/{part.offboarding.pk}/{part.number}.zip"
    )
    size = 100
    sha256 = "0" * 64
    entries = 1
