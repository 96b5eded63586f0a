import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from accounts.models import Project
from analysis.models import Recording, Run
from echodepth.tenancy import tenant
from tests import factories
from tests.analysis.conftest import stored_files
from tests.factories import ProjectFactory
from tests.support.bodies import claimed
from tests.support.tenants import every
from tests.support.uploads import another

JSON = {"HTTP_ACCEPT": "application/json"}


def video(clip, name="talk.mp4"):
    return SimpleUploadedFile(name, clip, "video/mp4")


def broken(name="letter.mp4"):
    return SimpleUploadedFile(name, b"This is not a video. " * 20, "video/mp4")


def post(tenant, files, client=None, headers=None, **fields):
    data = {"uploads": files, "project": tenant.project.pk, "subject": "", "title": ""} | fields
    return (client or tenant.client()).post(tenant.address("upload/"), data, **(headers or {}))


def titles():
    return sorted(recording.title for recording in every(Recording))


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_form_offers_the_organisations_projects_and_subjects(acme, other):
    factories.SubjectFactory(project=acme.project, label="P-ours")
    factories.SubjectFactory(project=other.project, label="P-theirs")
    content = acme.client().get(acme.address("upload/")).content.decode()
    assert "acme interviews" in content
    assert "P-ours" in content
    assert "other interviews" not in content
    assert "P-theirs" not in content


def test_a_project_named_in_the_address_is_chosen(acme):
    factories.ProjectFactory(organisation=acme.organisation)
    page = acme.client().get(acme.address("upload/"), {"project": acme.project.pk})
    assert f'<option value="{acme.project.pk}" selected>' in page.content.decode()
    assert "selected" not in acme.client().get(acme.address("upload/"), {"project": "x"}).content.decode()


def test_without_a_project_the_page_leads_to_the_projects(acme):
    with tenant(acme.organisation.pk):
        Project.objects.all().delete()
    page = acme.client().get(acme.address("upload/"))
    assert "A project first" in text_of(page)
    assert '<input type="file"' not in page.content.decode()


def test_a_plain_form_takes_several_files(acme, clip):
    files = [video(clip, "one.mp4"), video(another(clip), "two.mp4")]
    answer = post(acme, files, title="Ignored", subject="P-1")
    assert answer.status_code == 302
    assert titles() == ["one", "two"]
    with tenant(acme.organisation.pk):
        assert {recording.subject.label for recording in Recording.objects.all()} == {"P-1"}
        assert Run.objects.count() == 2
    assert "“one” was uploaded." in text_of(acme.client().get(answer.url)) or answer.url == acme.address()


def test_one_file_takes_the_title(acme, clip):
    post(acme, [video(clip)], title="First talk")
    assert titles() == ["First talk"]


def test_a_refused_file_is_named_and_the_good_one_kept(acme, clip, storage):
    answer = post(acme, [broken("letter.mp4"), video(clip, "two.mp4")])
    assert answer.status_code == 400
    assert "letter.mp4: This is not a video file we can open." in text_of(answer)
    assert titles() == ["two"]
    assert len(stored_files(storage)) == 1


def test_a_script_is_answered_with_json(acme, clip):
    answer = post(acme, [video(clip)], headers=JSON)
    (recording,) = every(Recording)
    assert answer.status_code == 201
    assert answer.json() == {"title": "talk", "url": acme.address(f"recordings/{recording.pk}/")}


def test_a_refusal_as_json_has_the_code_and_the_sentence(acme):
    answer = post(acme, [broken()], headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["code"] == "unreadable"
    assert answer.json()["sentence"].startswith("This is not a video file we can open.")
    assert titles() == []


def test_what_was_uploaded_already_is_linked(acme, other, clip, storage):
    post(other, [video(clip)], title="Secret of others")
    post(acme, [video(clip)], title="First")
    with tenant(acme.organisation.pk):
        first = Recording.objects.get()
    address = acme.address(f"recordings/{first.pk}/")

    page = post(acme, [video(clip, "<b>.mp4")])

    assert page.status_code == 400
    assert "“First” has the same content." in text_of(page)
    assert "Secret" not in text_of(page)
    assert f'<a href="{address}">Open the recording</a>' in page.content.decode()
    assert "&lt;b&gt;.mp4" in page.content.decode()
    answer = post(acme, [video(clip)], headers=JSON)
    assert answer.status_code == 409
    assert answer.json()["recording"] == {"title": "First", "url": address}
    assert titles() == ["First", "Secret of others"]
    assert len(stored_files(storage)) == 2


def test_a_form_that_is_not_complete_is_told_as_json_too(acme, clip):
    answer = post(acme, [video(clip)], headers=JSON, project="")
    assert answer.status_code == 400
    assert answer.json()["fields"] == {"project": ["This field is required."]}
    assert answer.json()["sentence"] == "This field is required."


def test_another_organisations_project_is_no_choice(acme, other, clip):
    answer = post(acme, [video(clip)], project=other.project.pk)
    assert answer.status_code == 400
    assert titles() == []


def test_a_body_over_the_limit_is_not_read(acme, clip, settings):
    settings.MAX_UPLOAD_BYTES = 1_000
    answer = acme.client().post(
        acme.address("upload/"), {"uploads": video(clip + bytes(200_000)), "project": acme.project.pk}
    )
    assert answer.status_code == 413
    assert titles() == []


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_a_large_file_of_someone_who_may_not_upload_is_not_read(acme, other, role):
    client = acme.client(role) if role else other.client()
    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = "a" * 32
    for path in ("upload/", f"projects/{acme.project.pk}/documents/"):
        assert client.post(acme.address(path), **claimed(900_000_000)).status_code == (403 if role else 404)


def test_before_an_upload_it_is_said_where_nothing_is_analysed_yet(acme, other):
    waits = ProjectFactory(organisation=acme.organisation, name="Undeclared", declared=False)
    ProjectFactory(organisation=other.organisation, name="Elsewhere", declared=False)

    def shown(rest=""):
        return acme.client().get(acme.address("upload/") + rest)

    page = text_of(shown())
    assert "In these projects recordings are kept, and not analysed yet Undeclared" in page
    assert "Elsewhere" not in page
    assert "not analysed yet" in text_of(shown(f"?project={waits.pk}"))
    assert "not analysed yet" not in text_of(shown(f"?project={acme.project.pk}"))
