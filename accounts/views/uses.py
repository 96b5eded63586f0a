"""What a project's recordings are analysed for: declared, confirmed by name, and its history."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access_declaration, access_project
from accounts.domain.lawful import declarations
from accounts.domain.lawful.told import told
from accounts.domain.viewing import list_read
from accounts.enums import UseState
from accounts.forms.uses import ConfirmationForm, UseForm
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Declaration, Project
from accounts.permissions import Action

SAID = {
    UseState.ALLOWED: gettext_lazy("The use was declared and is allowed."),
    UseState.UNCONFIRMED: gettext_lazy(
        "The use was declared. It waits for a responsible person's confirmation."
    ),
    UseState.REFUSED: gettext_lazy(
        "The use was declared, and this product refuses it: nothing will be analysed."
    ),
}


@require_safe
@organisation_view()
def use(request: OrganisationRequest, project_id: UUID) -> HttpResponse:
    """The declaration in force, what the rules say of it, and those before."""
    return _page(request, access_project(project_id), ConfirmationForm())


@organisation_view(Action.MANAGE_PROJECTS)
def use_new(request: OrganisationRequest, project_id: UUID) -> HttpResponse:
    project = access_project(project_id)
    form = UseForm(request.POST or None, initial=_last(declarations.current(project)))
    if form.is_valid():
        made = declarations.declare(project, request.user, **form.cleaned_data)
        say = messages.success if made.state == UseState.ALLOWED else messages.warning
        say(request, SAID[UseState(made.state)])
        return redirect("project-use", request.organisation.slug, project.pk)
    context = {"form": form, "project": project, "first": declarations.current(project) is None}
    return render(request, "accounts/use_new.html", context, status=400 if form.errors else 200)


@require_POST
@organisation_view(Action.CONFIRM_USE)
def use_confirm(request: OrganisationRequest, project_id: UUID, declaration_id: UUID) -> HttpResponse:
    declaration = access_declaration(project_id, declaration_id)
    form = ConfirmationForm(request.POST)
    if not form.is_valid():
        return _page(request, declaration.project, form)
    declarations.confirm(declaration, request.user, form.cleaned_data["name"])
    messages.success(request, _("The use was confirmed."))
    return redirect("project-use", request.organisation.slug, project_id)


def _page(request: OrganisationRequest, project: Project, form: ConfirmationForm) -> HttpResponse:
    listed = declarations.history(project)
    list_read("declarations", project, rows=len(listed))
    current = next((one for one in listed if one.ended_at is None), None)
    context = {
        "project": project,
        "use": told(current) if current else None,
        "is_outdated": current is not None and declarations.is_outdated(current),
        "before": [told(one) for one in listed if one.ended_at is not None],
        "form": form,
    }
    return render(request, "accounts/use.html", context, status=400 if form.errors else 200)


def _last(declaration: Declaration | None) -> dict[str, object]:
    """What was declared before stands in the form; purposes that were refused do not."""
    if declaration is None or declaration.state == UseState.REFUSED:
        return {}
    return {
        name: getattr(declaration, name) for name in ("purpose", "setting", "region", "people", "details")
    }
