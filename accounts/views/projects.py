from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import access_project, access_subject
from accounts.domain.projects import add_subject, change_project, create_project, rename_subject, set_role
from accounts.domain.viewing import list_read, subject_opened
from accounts.forms.organisation import ProjectForm, SubjectForm
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Project
from accounts.permissions import Action

PAGE = 50
editor_view = organisation_view(Action.MANAGE_PROJECTS)


@organisation_view()
def projects(request: OrganisationRequest) -> HttpResponse:
    found = Project.objects.annotate(subject_count=Count("subjects")).order_by("name", "pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/projects.html", {"page_obj": page})


@editor_view
def project_new(request: OrganisationRequest) -> HttpResponse:
    form = ProjectForm(request.POST or None)
    if form.is_valid():
        project = create_project(
            request.organisation, form.cleaned_data["name"], form.cleaned_data["description"]
        )
        messages.success(request, _("The project was created. Say now what its recordings are analysed for."))
        return redirect("project-use-new", request.organisation.slug, project.pk)
    return render(request, "accounts/project_form.html", {"form": form})


@editor_view
def project_edit(request: OrganisationRequest, project_id: UUID) -> HttpResponse:
    form = ProjectForm(request.POST or None, instance=access_project(project_id))
    if form.is_valid():
        change_project(form.instance, form.cleaned_data["name"], form.cleaned_data["description"])
        messages.success(request, _("The project was saved."))
        return redirect("analysis:project", request.organisation.slug, project_id)
    return render(
        request, "accounts/project_form.html", {"form": form, "project": access_project(project_id)}
    )


@editor_view
def subjects(request: OrganisationRequest, project_id: UUID) -> HttpResponse:
    """The subjects of a project, and the form that adds one."""
    project = access_project(project_id)
    form = SubjectForm(request.POST or None, project=project)
    if form.is_valid():
        add_subject(project, form.cleaned_data["label"], form.cleaned_data["role"])
        messages.success(request, _("The subject was added."))
        return redirect("subjects", request.organisation.slug, project.pk)
    listed = list(project.subjects.all())
    list_read("subjects", project, rows=len(listed))
    context = {"form": form, "project": project, "subjects": listed}
    return render(request, "accounts/subjects.html", context)


@editor_view
def subject(request: OrganisationRequest, project_id: UUID, subject_id: UUID) -> HttpResponse:
    found = access_subject(project_id, subject_id)
    before = {"label": found.label, "role": found.role}
    form = SubjectForm(request.POST or None, project=found.project, initial=before, keep=found)
    if form.is_valid():
        if form.cleaned_data["label"] != found.label:
            rename_subject(found, form.cleaned_data["label"])
        set_role(found, form.cleaned_data["role"])
        messages.success(request, _("The subject was saved."))
        return redirect("subjects", request.organisation.slug, found.project_id)
    subject_opened(found)
    return render(request, "accounts/subject_form.html", {"form": form, "subject": found})
