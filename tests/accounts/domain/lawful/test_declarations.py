import pytest

from accounts.announcements import standing_changed
from accounts.audit_actions import AuditAction
from accounts.domain.lawful import declarations, rules
from accounts.enums import SubjectRole, UseState
from accounts.models import AuditRecord
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests import factories
from tests.support.tenants import fresh, save

MEETING = {"purpose": "sales_meeting", "setting": "online_meeting", "region": "eu"}
TRAINING = {"purpose": "training_own", "setting": "workplace", "region": "eu"}


@pytest.fixture
def project(db):
    return factories.ProjectFactory(declared=False)


@pytest.fixture
def user(project):
    return factories.MembershipFactory(organisation=project.organisation).user


@pytest.fixture(autouse=True)
def scope(project):
    with tenant(project.organisation_id):
        yield


@pytest.fixture
def told():
    heard = []

    def hear(sender, project_id, subject_id, **_more):
        heard.append((project_id, subject_id))

    standing_changed.connect(hear, weak=False, dispatch_uid="test")
    yield heard
    standing_changed.disconnect(dispatch_uid="test")


def trail():
    return [(line.action, line.facts) for line in AuditRecord.objects.order_by("number")]


def test_nothing_is_declared_of_a_new_project(project):
    assert declarations.current(project) is None


def test_a_declaration_keeps_what_the_rules_said_and_is_announced(project, user, told):
    made = declarations.declare(
        project, user, **MEETING, people=["own_staff", "customer"], details="Demo calls"
    )

    kept = fresh(made)
    assert declarations.current(project) == kept
    assert (kept.state, kept.rules_version, kept.declared_by) == (UseState.ALLOWED, rules.VERSION, user)
    assert kept.people == ["customer", "own_staff"]
    assert kept.outcome["requires"] == ["consent", "culture", "notice", "roles"]
    assert declarations.roles(kept) == {SubjectRole.CUSTOMER, SubjectRole.PROSPECT}
    assert told == [(project.pk, None)]
    assert trail() == [
        (AuditAction.USE_DECLARED, {"purpose": "sales_meeting", "region": "eu", "state": "allowed"})
    ]


def test_another_declaration_ends_the_one_before_and_both_are_kept(project, user):
    first = declarations.declare(project, user, **MEETING)
    second = declarations.declare(project, user, **(MEETING | {"region": "uk"}))

    assert declarations.current(project) == second
    assert declarations.history(project) == [second, first]
    assert fresh(first).ended_at is not None
    assert fresh(first).region == "eu"


def test_a_refused_use_is_kept_too_and_allows_nobody(project, user):
    made = declarations.declare(project, user, **(MEETING | {"purpose": "recruitment"}))

    assert made.state == UseState.REFUSED
    assert made.outcome["rules"] == ["recruitment"]
    assert declarations.roles(made) == frozenset()


def test_what_the_table_does_not_know_is_not_declared(project, user, told):
    with pytest.raises(UserError) as refusal:
        declarations.declare(project, user, **(MEETING | {"purpose": "mind_reading"}))

    assert refusal.value.code == "unknown_choice"
    assert declarations.current(project) is None
    assert told == []


def test_a_named_person_confirms_what_waits_for_it(project, user, told):
    made = declarations.declare(project, user, **TRAINING)
    assert made.state == UseState.UNCONFIRMED

    declarations.confirm(made, user, "Dr. R. Esponsible")

    kept = fresh(made)
    assert (kept.state, kept.confirmed_name) == (UseState.ALLOWED, "Dr. R. Esponsible")
    assert kept.confirmed_by == user
    assert kept.confirmed_at is not None
    assert told == [(project.pk, None)] * 2
    assert trail()[-1] == (AuditAction.USE_CONFIRMED, {"purpose": "training_own"})


@pytest.mark.parametrize("state", ["allowed", "refused", "ended", "confirmed"])
def test_nothing_else_is_confirmed(project, user, state):
    use = {"allowed": MEETING, "refused": MEETING | {"purpose": "covert"}}.get(state, TRAINING)
    made = declarations.declare(project, user, **use)
    if state == "ended":
        declarations.declare(project, user, **MEETING)
    if state == "confirmed":
        declarations.confirm(made, user, "First")
    before = fresh(made)

    with pytest.raises(UserError) as refusal:
        declarations.confirm(made, user, "Somebody")

    assert refusal.value.code == "not_to_confirm"
    assert (fresh(made).state, fresh(made).confirmed_name) == (before.state, before.confirmed_name)


def test_what_is_required_is_asked_of_the_declaration(project):
    rendered = factories.DeclarationFactory(project=project)
    meeting = factories.DeclarationFactory(
        project=factories.ProjectFactory(organisation=project.organisation, declared=False), **MEETING
    )

    for what in ("consent", "notice", "roles", "culture"):
        assert declarations.requires(meeting, what)
        assert not declarations.requires(rendered, what)
    assert declarations.roles(rendered) == frozenset(SubjectRole)


class TestOutdated:
    """A declaration of another version of the rules stands as long as they say the same of it."""

    def declared(self, project, user, **use):
        return save(declarations.declare(project, user, **use), rules_version="0")

    def test_the_same_said_by_other_rules_stands(self, project, user):
        assert not declarations.is_outdated(self.declared(project, user, **MEETING))
        assert not declarations.is_outdated(self.declared(project, user, **(MEETING | {"purpose": "covert"})))

    @pytest.mark.parametrize("key", ["requires", "roles"])
    def test_more_or_less_that_is_required_is_declared_again(self, project, user, key):
        made = self.declared(project, user, **MEETING)
        made.outcome[key] = made.outcome[key][1:]

        assert declarations.is_outdated(made)

    def test_what_is_refused_now_is_declared_again(self, project, user):
        made = self.declared(project, user, **MEETING)
        made.purpose = "recruitment"

        assert declarations.is_outdated(made)

    def test_what_must_be_confirmed_now_is_declared_again_unless_it_was(self, project, user):
        made = self.declared(project, user, **TRAINING)
        made.state = UseState.ALLOWED
        assert declarations.is_outdated(made)

        made.confirmed_name = "R. Esponsible"
        assert not declarations.is_outdated(made)

    def test_what_the_table_does_not_know_any_more_is_declared_again(self, project, user):
        made = self.declared(project, user, **MEETING)
        made.setting = "gone"

        assert declarations.is_outdated(made)

    def test_the_rules_of_today_are_not_asked_again(self, project, user):
        made = declarations.declare(project, user, **MEETING)
        made.outcome = {}

        assert not declarations.is_outdated(made)
