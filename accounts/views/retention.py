"""How long data are kept, and what is due."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access_project
from accounts.domain.retention import choices, holds, limits, lineage, notices, policies, retentions
from accounts.domain.retention.public import publish
from accounts.domain.viewing import list_read
from accounts.enums import DataClass
from accounts.forms.retention import DueForm, ExtendForm, PolicyForm, PublicPolicyForm
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Organisation, Project, Retention
from accounts.permissions import Action
from echodepth.errors import UserError

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGE = 50
keeper_view = organisation_view(Action.MANAGE_RETENTION)


@dataclass(frozen=True, slots=True)
class Due:
    """A row of the list."""

    row: Retention
    shown: lineage.Shown | None
    held: bool

    @property
    def data_class(self) -> str:
        return str(DataClass(self.row.data_class).label)


@require_safe
@organisation_view()
def retention(request: OrganisationRequest) -> HttpResponse:
    """What is kept until when, what goes first at the top; `page` is its page."""
    form = DueForm(request.GET)
    form.is_valid()
    page = Paginator(_chosen(request, form), PAGE).get_page(request.GET.get("page"))
    rows: list[Retention] = list(page.object_list)
    things = [(row.kind, row.object_id) for row in rows]
    shown, held = lineage.describe(things), holds.holding(things)
    list_read("retention", rows=len(rows))
    context = {
        "form": form,
        "page_obj": page,
        "due": [Due(row, shown.get(thing), thing in held) for row, thing in zip(rows, things, strict=True)],
        "filtered": any(form.cleaned_data.values()),
        "soon": notices.summary(notices.soon()),
        "extension": ExtendForm(auto_id="extend_%s"),  # the filter has an `until` too
    }
    return render(request, "accounts/retention.html", context, status=400 if form.errors else 200)


@require_POST
@keeper_view
def retention_extend(request: OrganisationRequest) -> HttpResponse:
    """Keep the rows that are chosen longer: all of them, or those before the first that may not be."""
    form = ExtendForm(request.POST)
    if not form.is_valid():
        raise UserError("nothing_chosen", _("Choose what is to be kept longer, and until when."))
    keys = [_uuid(key) for key in form.cleaned_data["row"]]
    for key in keys:
        choices.extend(key, form.cleaned_data["until"], request.user)
    told = ngettext("%(n)d due date was moved.", "%(n)d due dates were moved.", len(keys))
    messages.success(request, told % {"n": len(keys)})
    return redirect("retention", request.organisation.slug)


@require_safe
@organisation_view()
def retention_policies(request: OrganisationRequest) -> HttpResponse:
    """What holds in the organisation, and the public page of it."""
    copy = Organisation.objects.get(pk=request.organisation.pk)
    context = {"policies": _table(None), "public_form": PublicPolicyForm(instance=copy)}
    return render(request, "accounts/retention_policies.html", context)


@require_safe
@organisation_view()
def project_retention(request: OrganisationRequest, project_id: UUID) -> HttpResponse:
    """What holds in a project, and where from."""
    project = access_project(project_id)
    context = {
        "policies": _table(project),
        "project": project,
        "illinois": policies.is_illinois(project.pk),
        "holds": holds.of("project", project.pk),
    }
    return render(request, "accounts/retention_policies.html", context)


@keeper_view
def retention_policy(
    request: OrganisationRequest, data_class: str, project_id: UUID | None = None
) -> HttpResponse:
    """Choose how long one class is kept; `inherit` in what is sent takes the choice back."""
    project = access_project(project_id) if project_id else None
    if data_class not in DataClass.values or not limits.of(DataClass(data_class)).chosen:
        raise Http404
    wanted = DataClass(data_class)
    if request.method == "POST" and "inherit" in request.POST:
        return _changed(request, choices.inherit(wanted, project), project)
    limit, policy = limits.of(wanted), policies.of(wanted, project)
    form = PolicyForm(
        request.POST or None,
        data_class=wanted,
        limit=limit,
        initial={"days": policy.days, "counted_from": policy.counted_from},
    )
    if form.is_valid():
        start = form.start(limit)
        moved = choices.choose(wanted, form.cleaned_data["days"], start, project, request.user)
        return _changed(request, moved, project)
    context = {
        "form": form,
        "project": project,
        "data_class": wanted,
        "limit": limit,
        "own": policy.source == ("project" if project else "organisation"),
    }
    return render(request, "accounts/retention_policy.html", context)


@require_POST
@keeper_view
def retention_publish(request: OrganisationRequest) -> HttpResponse:
    """Show the policies to everybody, or no longer."""
    copy = Organisation.objects.get(pk=request.organisation.pk)
    form = PublicPolicyForm(request.POST, instance=copy)
    if not form.is_valid():
        context = {"policies": _table(None), "public_form": form}
        return render(request, "accounts/retention_policies.html", context)
    publish(request.organisation, form.cleaned_data["shows_retention"], form.cleaned_data["privacy_contact"])
    messages.success(request, _("The public page was saved."))
    return redirect("retention-policies", request.organisation.slug)


def _chosen(request: OrganisationRequest, form: DueForm) -> "QuerySet[Retention]":
    """Who asked for something by right is nobody's business but theirs who answer."""
    rows = Retention.objects.annotate(ends=retentions.ENDS).select_related("project", "extended_by")
    if not request.actor.may(Action.HANDLE_RIGHTS):
        rows = rows.exclude(kind="rights_request")
    told = form.cleaned_data
    if told.get("data_class"):
        rows = rows.filter(data_class=told["data_class"])
    if told.get("project"):
        rows = rows.filter(project=told["project"])
    if told.get("until"):
        rows = rows.filter(ends__date__lte=told["until"])
    found: QuerySet[Retention] = rows.order_by("ends", "pk")
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table of policies."""

    policy: policies.Policy
    limit: limits.Limit

    @property
    def start(self) -> str:
        return str(limits.start_words(self.policy.data_class, self.policy.counted_from))


def _table(project: Project | None) -> list[Line]:
    return [Line(policy, limits.of(name)) for name, policy in policies.table(project).items()]


def _changed(request: OrganisationRequest, moved: int, project: Project | None) -> HttpResponse:
    told = ngettext(
        "The policy was saved; %(n)d due date changed.",
        "The policy was saved; %(n)d due dates changed.",
        moved,
    )
    messages.success(request, told % {"n": moved})
    slug = request.organisation.slug
    if project:
        return redirect("project-retention", slug, project.pk)
    return redirect("retention-policies", slug)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
