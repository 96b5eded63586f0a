import pytest

from accounts.domain.lawful import declarations
from accounts.enums import UseState
from accounts.models import Declaration
from echodepth.tenancy import tenant
from tests.factories import DeclarationFactory, ProjectFactory
from tests.support.tenants import fresh, save

MEETING = {"purpose": "sales_meeting", "setting": "online_meeting", "region": "eu", "people": ["own_staff"]}


@pytest.fixture
def project(organisation):
    return ProjectFactory(organisation=organisation, name="Pilot calls", declared=False)


def page_of(project, rest=""):
    return f"/o/harbour/projects/{project.pk}/use/{rest}"


def declared(project):
    with tenant(project.organisation_id):
        return declarations.current(project)


def test_a_new_project_leads_to_its_declaration_and_that_to_the_upload(analyst_client, organisation):
    made = analyst_client.post("/o/harbour/projects/new/", {"name": "Pilot"}, follow=True)
    form = made.content.decode()
    address = made.redirect_chain[-1][0]
    assert address.endswith("/use/new/")
    assert "Say now what its recordings are analysed for" in form
    assert "A sales conversation" in form

    answer = analyst_client.post(
        address, {"purpose": "rendered_people", "setting": "demonstration", "region": "other"}, follow=True
    ).content.decode()
    assert "The use was declared and is allowed." in answer
    assert "/upload/?project=" in answer


def test_the_page_says_what_follows_why_and_from_where(analyst_client, viewer_client, project):
    analyst_client.post(page_of(project, "new/"), MEETING)

    page = viewer_client.get(page_of(project)).content.decode()

    use = declared(project)
    assert (use.purpose, use.people, use.state) == ("sales_meeting", ["own_staff"], UseState.ALLOWED)
    assert "In the European Union your own people&#x27;s emotions are not inferred at work" in page
    assert "EU AI Act, Art. 50(3), in application since 2 August 2026" in page
    assert "read on 23 Nov 2026" in page
    assert "Customer, Prospect" in page
    assert "no legal advice" in page
    assert "Declare anew" not in page  # a viewer declares nothing


def test_a_refused_use_is_told_so_with_its_source(analyst_client, project):
    answer = analyst_client.post(page_of(project, "new/"), MEETING | {"purpose": "recruitment"}, follow=True)

    page = answer.content.decode()
    assert "this product refuses it" in page
    assert "Why it is refused" in page
    assert "malegislature.gov" in page
    assert "/upload/?project=" not in page
    assert declared(project).state == UseState.REFUSED


def test_what_is_left_out_or_unknown_is_asked_for_again(analyst_client, project):
    page = analyst_client.post(page_of(project, "new/"), MEETING | {"purpose": "", "region": "moon"})

    assert page.status_code == 400
    shown = page.content.decode()
    assert 'href="#id_purpose"' in shown
    assert 'id="id_purpose"' in shown
    assert declared(project) is None


def test_the_form_begins_with_what_was_declared_before_but_not_with_what_was_refused(analyst_client, project):
    use = DeclarationFactory(project=project, **(MEETING | {"details": "Calls of spring"}))
    assert "Calls of spring" in analyst_client.get(page_of(project, "new/")).content.decode()

    save(use, state=UseState.REFUSED)
    assert "Calls of spring" not in analyst_client.get(page_of(project, "new/")).content.decode()


NAME = {"name": "Dr. R. Esponsible", "responsible": "on"}


@pytest.fixture
def use(project):
    return DeclarationFactory(project=project, purpose="training_own", setting="workplace", region="eu")


def test_an_owner_confirms_by_name(owner_client, project, use):
    page = owner_client.get(page_of(project)).content.decode()
    assert "results reach the person who trains" in page

    answer = owner_client.post(page_of(project, f"{use.pk}/confirm/"), NAME, follow=True).content.decode()

    assert fresh(use).state == UseState.ALLOWED
    assert "Dr. R. Esponsible" in answer


def test_without_a_name_or_the_tick_nothing_is_confirmed(owner_client, project, use):
    for told in ({"name": "Dr. R. Esponsible"}, {"responsible": "on", "name": " "}):
        answer = owner_client.post(page_of(project, f"{use.pk}/confirm/"), told)
        assert answer.status_code == 400
    assert fresh(use).state == UseState.UNCONFIRMED


@pytest.mark.usefixtures("use")
def test_an_analyst_reads_who_does_it(analyst_client, project):
    page = analyst_client.get(page_of(project)).content.decode()

    assert "An owner or admin of your organisation confirms it here." in page
    assert "confirm/" not in page


def test_another_projects_declaration_is_not_confirmed_here(owner_client, organisation, use):
    other = ProjectFactory(organisation=organisation)

    answer = owner_client.post(page_of(other, f"{use.pk}/confirm/"), NAME)

    assert answer.status_code == 404
    assert fresh(use).state == UseState.UNCONFIRMED


def test_what_was_declared_before_stays_on_the_page(analyst_client, project):
    analyst_client.post(page_of(project, "new/"), MEETING | {"details": "The first words"})
    analyst_client.post(page_of(project, "new/"), MEETING | {"purpose": "customer_interview"})

    page = analyst_client.get(page_of(project)).content.decode()

    assert "Declared before" in page
    assert "The first words" in page
    with tenant(project.organisation_id):
        assert Declaration.objects.count() == 2


def test_rules_that_changed_are_told(analyst_client, project):
    use = DeclarationFactory(project=project, **MEETING)
    save(use, rules_version="0", outcome=use.outcome | {"requires": []})

    page = analyst_client.get(page_of(project)).content.decode()

    assert "The rules changed since this use was declared" in page
    assert "/upload/?project=" not in page
