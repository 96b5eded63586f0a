"""What is declared of a subject: the cultural cohort, and consent to calibrate it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import access_subject
from accounts.domain.viewing import subject_opened
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Subject
from accounts.permissions import Action
from analysis.domain import cohorts
from analysis.forms import CohortForm


@organisation_view(Action.MANAGE_PROJECTS)
def subject_cohort(request: OrganisationRequest, project_id: UUID, subject_id: UUID) -> HttpResponse:
    found = access_subject(project_id, subject_id)
    form = CohortForm(request.POST or None, initial=_declared(found))
    if form.is_valid():
        told = form.cleaned_data
        cohorts.declare(found, told["cohort"], told["declared_by"], request.user)
        cohorts.consent(found, told["consent_on"], request.user)
        messages.success(request, _("The declarations of “%(label)s” were saved.") % {"label": found.label})
        return redirect("subjects", request.organisation.slug, found.project_id)
    subject_opened(found)
    context = {"form": form, "subject": found}
    return render(request, "analysis/subject_cohort.html", context, status=400 if form.errors else 200)


def _declared(subject: Subject) -> dict[str, object]:
    return {
        "cohort": subject.cohort,
        "declared_by": subject.cohort_declared_by,
        "consent_on": subject.calibration_consent_on,
    }
