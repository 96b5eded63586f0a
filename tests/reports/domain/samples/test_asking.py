import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from django.utils.functional import Promise

from accounts.audit_actions import AuditAction
from accounts.domain.consent import consents
from accounts.enums import ConsentState, ConsentWay, PlatformRole, SubjectRole, UseState
from accounts.models import AuditParty, AuditRecord, Consent, Declaration, Notice, Project, Subject
from analysis.domain import gate
from analysis.models import Recording, Run
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.samples import asking
from reports.enums import SampleState
from reports.models import SampleRequest
from tests.factories import RecordingFactory, UserFactory
from tests.support.catalogues import recorded
from tests.support.samples import TOLD, asked, desk, wanted
from tests.support.tenants import every, fresh, save

pytestmark = pytest.mark.django_db


def confirm(sample):
    with tenant(sample.organisation_id):
        asking.confirm(sample)


def missing(sample, **of):
    """What the analysis of a recording of the request's waits for."""
    with tenant(sample.organisation_id):
        recording = RecordingFactory.build(
            organisation=sample.organisation,
            project=Project.objects.get(pk=sample.project_id),
            subject=Subject.objects.get(project=sample.project_id),
            **of,
        )
        return [one.code for one in gate.missing(recording)]


def test_what_is_kept_is_in_english_whatever_the_prospect_reads():
    desk()

    with translation.override("de"), recorded("de") as looked_up:
        asked(region="other")

    (consent,) = every(Consent)
    assert consent.signer == "Everybody, says Grace Example"
    assert looked_up == {}


def test_asking_makes_a_project_of_its_own_with_its_use_and_its_person():
    home = desk()

    sample = asked(people=("own_staff",)).sample

    (project,), (subject,), (declaration,) = every(Project), every(Subject), every(Declaration)
    assert {row.organisation_id for row in (sample, project, subject, declaration)} == {home.pk}
    assert project.name == subject.label == sample.reference
    assert (sample.project_id, subject.project_id, declaration.project_id) == (project.pk,) * 3
    assert subject.role == SubjectRole.CUSTOMER
    assert (declaration.purpose, declaration.region, declaration.people) == (
        "sales_meeting",
        "uk",
        ["customer", "own_staff"],
    )
    assert (sample.state, sample.confirmed_at, sample.entered_by_id) == (SampleState.UNCONFIRMED, None, None)
    assert {name: getattr(sample, name) for name in ("name", "email", "company", "wish", "country")} == {
        name: TOLD[name] for name in ("name", "email", "company", "wish", "country")
    }


def test_references_are_read_out_and_secrets_are_kept_nowhere():
    desk()

    first, second = asked(), asked(email="Other@Prospect.Example ")

    assert first.sample.reference != second.sample.reference
    assert re.fullmatch(r"S-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}", first.sample.reference)
    assert second.sample.email == "other@prospect.example"
    for row in every(SampleRequest):
        assert not {first.secret, second.secret} & set(map(str, vars(row).values()))


def test_what_was_said_counts_once_the_address_is_confirmed():
    desk()
    sample = asked().sample
    before = missing(sample)

    confirm(sample)

    assert before == ["notice_missing"]
    assert missing(sample) == []
    assert sample.state == fresh(sample).state == SampleState.OPEN
    assert timezone.now() - fresh(sample).confirmed_at < timedelta(minutes=1)
    (consent,), (notice,) = every(Consent), every(Notice)
    assert (consent.state, consent.way, consent.attested_by_id) == (
        ConsentState.GIVEN,
        ConsentWay.ATTESTED,
        None,
    )
    assert (consent.signer, consent.purposes) == ("Everybody, says Grace Example", ["sales_meeting"])
    assert consent.until == timezone.localdate() + timedelta(days=90)
    assert (notice.way, notice.recorded_by_id) == ("written", None)


def test_a_recording_that_was_sent_before_waits_and_then_begins_by_itself(django_capture_on_commit_callbacks):
    desk()
    sample = asked().sample
    with tenant(sample.organisation_id):
        project, subject = Project.objects.get(), Subject.objects.get()
        recording = RecordingFactory(project=project, subject=subject, analysis_wanted=True)
    save(sample, recording=recording)
    waited = every(Run)

    with django_capture_on_commit_callbacks(execute=True):
        confirm(sample)

    assert waited == []
    (run,) = every(Run)
    assert run.recording_id == recording.pk
    assert (fresh(sample).state, fresh(sample).due_on is None) == (SampleState.RECEIVED, False)
    assert every(Recording) == [recording]


def test_a_speaker_signs_for_themselves_by_confirming():
    desk()
    sample = asked(purpose="own_pitch", setting="stage").sample
    before = missing(sample), every(Consent)[0].state

    confirm(sample)

    assert before == (["consent_missing", "notice_missing"], ConsentState.ASKED)
    assert missing(sample) == []
    (consent,), (notice,) = every(Consent), every(Notice)
    assert (consent.state, consent.way, consent.signer) == (
        ConsentState.GIVEN,
        ConsentWay.LINK,
        "Grace Example",
    )
    assert (consent.culture, consent.calibration, notice.way) == (False, False, "link")


def test_confirming_twice_is_confirming_once():
    desk()
    sample = asked().sample
    confirm(sample)
    first = fresh(sample).confirmed_at

    confirm(sample)

    assert fresh(sample).confirmed_at == first
    assert len(every(Notice)) == 1


def test_what_is_over_is_not_confirmed():
    desk()
    sample = save(asked().sample, state=SampleState.WITHDRAWN)

    with pytest.raises(UserError) as refusal:
        confirm(sample)

    assert refusal.value.code == "sample_state_differs"
    assert (fresh(sample).state, every(Notice)) == (SampleState.WITHDRAWN, [])


def test_a_use_that_somebody_answers_for_is_confirmed_by_the_prospect_s_name():
    desk()

    asked(region="us_illinois")

    (declaration,) = every(Declaration)
    assert (declaration.state, declaration.confirmed_name, declaration.confirmed_by_id) == (
        UseState.ALLOWED,
        "Grace Example",
        None,
    )


@pytest.mark.parametrize(
    "refused",
    [
        {"people": ("children",)},
        {"people": ("applicants",)},
        {"region": "eu", "setting": "workplace"},
        {"purpose": "lie_detection"},
        {"purpose": "rendered_people", "setting": "demonstration"},
    ],
)
def test_of_a_refused_use_nothing_is_kept(refused):
    desk()

    with pytest.raises(UserError) as refusal:
        asked(**refused)

    assert refusal.value.code == "use_refused"
    assert every(SampleRequest) == every(Project) == every(Declaration) == []


def test_a_refusal_is_said_in_the_language_in_which_it_is_read():
    desk()

    with translation.override("de"), pytest.raises(UserError) as refusal:
        asked(purpose="lie_detection")

    assert isinstance(refusal.value.sentence, Promise)


def test_without_a_desk_or_its_texts_nothing_is_taken(organisation):
    for _attempt in ("none at all", "without texts"):
        with pytest.raises(UserError) as refusal:
            asked()
        assert (refusal.value.code, refusal.value.status) == ("no_desk", 503)
        save(organisation, is_desk=True)

    assert every(SampleRequest) == every(Project) == []


def test_staff_enters_one_for_a_prospect_and_it_is_open_at_once():
    desk()
    user = UserFactory()

    sample, secret = asking.enter(user, wanted(purpose="own_pitch", setting="stage"))

    assert (sample.state, sample.entered_by_id, sample.confirmed_at) == (SampleState.OPEN, user.pk, None)
    assert missing(sample) == []
    (consent,), (notice,) = every(Consent), every(Notice)
    assert (consent.way, consent.attested_by_id, consent.signer) == (
        ConsentWay.ATTESTED,
        user.pk,
        "Grace Example",
    )
    assert notice.recorded_by_id == user.pk
    assert len(secret) > 40


@pytest.mark.parametrize(
    ("role", "state", "name"),
    [
        (PlatformRole.SALES, UseState.UNCONFIRMED, ""),
        (PlatformRole.ADMIN, UseState.ALLOWED, "Grace Example"),
    ],
)
def test_of_staff_an_administrator_alone_confirms_a_use_by_name(role, state, name):
    desk()
    sample, _secret = asking.enter(UserFactory(platform_role=role), wanted(region="us_illinois"))

    (declaration,) = every(Declaration)
    assert (declaration.state, declaration.confirmed_name) == (state, name)
    assert (missing(sample) == []) == (state == UseState.ALLOWED)


def test_the_trail_tells_of_it_and_never_names_the_prospect():
    desk()

    sample = asked().sample
    confirm(sample)

    trail = sorted(every(AuditRecord), key=lambda line: line.number)
    told = [line for line in trail if line.target_kind == "samplerequest"]
    assert [line.action for line in told] == [AuditAction.SAMPLE_ASKED, AuditAction.SAMPLE_CHANGED]
    assert {line.target for line in told} == {str(sample.pk)}
    written = repr([vars(row) for row in (*every(AuditRecord), *every(AuditParty))])
    assert sample.reference in written
    for secret in ("Grace", "grace@", "Prospect Works", "comes across"):
        assert secret not in written


def test_consent_to_a_sample_can_be_withdrawn_as_any_other():
    desk()
    sample = asked().sample
    confirm(sample)

    with tenant(sample.organisation_id):
        consents.withdraw(Consent.objects.get(), by_subject=True)

    assert missing(sample) == ["consent_withdrawn"]


@pytest.mark.parametrize(
    ("asked_for", "signs"),
    [({}, False), ({"purpose": "own_pitch", "setting": "stage"}, True)],
)
def test_before_confirming_one_reads_the_notice_and_what_one_signs(asked_for, signs):
    desk()
    sample = asked(**asked_for).sample

    with tenant(sample.organisation_id):
        told = asking.agreement(sample)

    assert [paragraph.lines for paragraph in told.notice_paragraphs] == [("What the notice says.",)]
    consent = [paragraph.lines for paragraph in told.consent_paragraphs]
    assert consent == ([("What the consent says.",)] if signs else [])
