import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.domain.erasure import erasures
from accounts.domain.offboarding import steps
from accounts.enums import ErasureReason, ErasureState, OrganisationState, Role
from accounts.models import AuditParty, AuditRecord, Certificate, User
from echodepth.fence import tenant_models
from echodepth.tenancy import tenant
from tests.factories import (
    AuditPartyFactory,
    ConsentFactory,
    DocumentFactory,
    InvitationFactory,
    MembershipFactory,
    ProjectFactory,
    RecordingFactory,
    ReportFactory,
    SubjectFactory,
    SubjectNeutralFactory,
    UserFactory,
)
from tests.support.tenants import fresh


@pytest.fixture
def owner(db):
    return MembershipFactory(
        role=Role.OWNER, user=UserFactory(email="jo@harbour.example", full_name="Jo Doe")
    )


def erased(owner):
    organisation = owner.organisation
    with tenant(organisation.pk):
        erasure = erasures.request(
            ErasureReason.OFFBOARDING, steps.KIND, organisation.pk, organisation.pk, asked_by=owner.user
        )
        for _turn in range(20):
            erasures.work(erasure.pk)
        erasure.refresh_from_db()
        assert erasure.state == ErasureState.DONE, erasure.error_code
        return erasure


def rows_of(organisation):
    with tenant(organisation.pk):
        counted = {model: model._default_manager.count() for model in tenant_models()}
    return {model for model, count in counted.items() if count}


def test_nothing_of_an_organisation_is_left_but_what_says_so(owner):
    organisation = owner.organisation
    subject = SubjectFactory(project__organisation=organisation, label="Ann Onymous")
    recording = RecordingFactory(project=subject.project, subject=subject)
    report = ReportFactory(run__recording=recording)
    SubjectNeutralFactory(subject=subject, run=report.run)
    ConsentFactory(subject=subject)
    DocumentFactory(project=subject.project)
    InvitationFactory(organisation=organisation)
    AuditPartyFactory(organisation=organisation)
    for key in (recording.storage_key, f"{organisation.pk}/nobody/knows/of.it"):
        default_storage.save(key, ContentFile(b"of Ann"))
    other = RecordingFactory()
    default_storage.save(other.storage_key, ContentFile(b"not of Ann"))

    erasure = erased(owner)

    assert rows_of(organisation) <= steps.KEPT
    with tenant(organisation.pk):
        assert not AuditParty.objects.exists()
        assert AuditRecord.objects.exists()
        body = Certificate.objects.get(erasure=erasure).body
    assert body["counts"]["recording"] == 1
    assert "jo@harbour.example" not in str(body)
    assert not default_storage.exists(recording.storage_key)
    assert not default_storage.exists(f"{organisation.pk}/nobody/knows/of.it")
    assert default_storage.exists(other.storage_key)
    assert fresh(other)


def test_the_organisations_row_stays_without_a_name(owner):
    erased(owner)

    row = fresh(owner.organisation)

    assert row.state == OrganisationState.CLOSED
    assert row.erased_at
    assert owner.organisation.name not in (row.name, row.slug)
    assert row.name == f"erased {row.pk.hex[:8]}"


def test_an_account_goes_unless_it_leads_somewhere_else(owner):
    assert EmailAddress.objects.filter(email="jo@harbour.example").exists()
    Authenticator.objects.create(user=owner.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    both = MembershipFactory(organisation=owner.organisation, user=UserFactory(email="both@harbour.example"))
    elsewhere = MembershipFactory(user=both.user)

    erased(owner)

    gone = User.objects.get(pk=owner.user.pk)
    assert (gone.full_name, gone.is_active, gone.has_usable_password()) == ("", False, False)
    assert gone.email == f"erased-{gone.pk}@erased.invalid"
    assert not EmailAddress.objects.filter(email="jo@harbour.example").exists()
    assert not Authenticator.objects.filter(user=gone).exists()
    assert User.objects.get(pk=both.user.pk).email == "both@harbour.example"
    assert fresh(elsewhere)


def test_tables_are_emptied_before_those_they_hang_on(db):
    order = [model.__name__ for model in steps.emptied()]

    assert set(order) == {model.__name__ for model in set(tenant_models()) - steps.KEPT}
    assert order.index("Report") < order.index("Run") < order.index("Recording") < order.index("Project")
    assert order.index("Consent") < order.index("PrivacyText")
    assert order.index("Consent") < order.index("Subject") < order.index("Project")


def test_other_erasures_leave_the_names_beside_the_trail(owner):
    party = AuditPartyFactory(organisation=owner.organisation)
    project = ProjectFactory(organisation=owner.organisation)
    with tenant(owner.organisation.pk):
        erasure = erasures.request(ErasureReason.MEMBER, "project", project.pk, owner.organisation.pk)
        assert erasures.work(erasure.pk)
    assert fresh(party)
