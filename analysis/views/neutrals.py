"""Keeping a result's neutral for its subject, and resetting it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import access_subject
from accounts.http import OrganisationRequest, organisation_view
from accounts.permissions import Action
from analysis.access import access_run
from analysis.domain import neutrals


@require_POST
@organisation_view(Action.UPLOAD)
def keep(request: OrganisationRequest, run_id: UUID) -> HttpResponseRedirect:
    run = access_run(run_id)
    kept = neutrals.keep(run, request.user)
    messages.success(
        request,
        _("This neutral is kept for %(subject)s. Recordings analysed from now on are measured from it.")
        % {"subject": kept.subject.label},
    )
    return redirect("reports:result", request.organisation.slug, run.pk)


@require_POST
@organisation_view(Action.UPLOAD)
def reset(request: OrganisationRequest, project_id: UUID, subject_id: UUID) -> HttpResponseRedirect:
    subject = access_subject(project_id, subject_id)
    if neutrals.reset(subject, request.user):
        messages.success(
            request,
            _("No neutral is kept for %(subject)s any more. Results there are stay as they are.")
            % {"subject": subject.label},
        )
    address = reverse("analysis:project", args=[request.organisation.slug, project_id])
    return redirect(f"{address}#subjects")
