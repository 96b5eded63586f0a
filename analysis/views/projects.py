"""A project's page: its recordings, documents and subjects."""

from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import access_project
from accounts.domain.lawful import declarations
from accounts.domain.lawful.told import told
from accounts.domain.viewing import list_read
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Project, Subject
from analysis.domain import gate, listing
from analysis.domain.sight import in_sight
from analysis.domain.work import standing
from analysis.forms import DocumentsForm
from analysis.models import Document, Recording, SubjectNeutral

LATEST = 10
"""Recordings shown before the page sends the reader to the filtered list."""


@organisation_view()
def project(request: OrganisationRequest, project_id: UUID) -> HttpResponse:
    return project_page(request, access_project(project_id), DocumentsForm())


def project_page(request: OrganisationRequest, project: Project, form: DocumentsForm) -> HttpResponse:
    declaration = declarations.current(project)
    runs = listing.latest_runs(listing.recordings(project.pk)[:LATEST])
    standing.tell(runs)
    list_read("project", project, rows=len(runs))
    context = {
        "project": project,
        "runs": runs,
        "recording_count": in_sight(Recording.objects.filter(project=project)).count(),
        "documents": in_sight(Document.objects.filter(project=project).select_related("uploaded_by")),
        "subjects": _subjects(project),
        "use": told(declaration) if declaration else None,
        "missing": gate.of_project(project, declaration),
        "form": form,
    }
    return render(request, "analysis/project.html", context, status=400 if form.errors else 200)


def _subjects(project: Project) -> "QuerySet[Subject]":
    """Each with `recording_count`, and what is kept for it as a list `kept` of one or none."""
    kept = SubjectNeutral.objects.filter(ended_at=None).select_related("kept_by", "run__recording")
    found: QuerySet[Subject] = Subject.objects.filter(project=project)
    return found.annotate(recording_count=Count("recordings")).prefetch_related(
        Prefetch("neutrals", queryset=kept, to_attr="kept")
    )
