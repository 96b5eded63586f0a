"""A project's page: its recordings, documents and subjects."""

from uuid import UUID

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import access_project
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Project, Subject
from analysis.domain import listing
from analysis.forms import DocumentsForm
from analysis.models import Document, Recording

LATEST = 10
"""Recordings shown before the page sends the reader to the filtered list."""


@organisation_view()
def project(request: OrganisationRequest, project_id: UUID) -> HttpResponse:
    return project_page(request, access_project(project_id), DocumentsForm())


def project_page(request: OrganisationRequest, project: Project, form: DocumentsForm) -> HttpResponse:
    context = {
        "project": project,
        "runs": listing.latest_runs(listing.recordings(project.pk)[:LATEST]),
        "recording_count": Recording.objects.filter(project=project).count(),
        "documents": Document.objects.filter(project=project).select_related("uploaded_by"),
        "subjects": Subject.objects.filter(project=project).annotate(recording_count=Count("recordings")),
        "form": form,
    }
    return render(request, "analysis/project.html", context, status=400 if form.errors else 200)
