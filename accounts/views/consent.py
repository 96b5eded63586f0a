"""What one person agreed to and was told of: the organisation's side."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import access_consent, access_subject
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.consent import consents, evidence, links, notices, papers, standing
from accounts.domain.consent.consents import Issued, Told
from accounts.domain.consent.purposes import labels
from accounts.domain.lawful import declarations
from accounts.domain.viewing import subject_opened
from accounts.forms.consent import AskForm, NoticeForm, PutDownForm
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Consent, Notice, Subject
from accounts.permissions import Action
from echodepth import files
from echodepth.errors import UserError

PAGE = 50
editor_view = organisation_view(Action.MANAGE_PROJECTS)


@editor_view
def subject_consent(request: OrganisationRequest, project_id: UUID, subject_id: UUID) -> HttpResponse:
    """What is missing, what was asked and given, and what the person was told."""
    subject = access_subject(project_id, subject_id)
    declaration = declarations.current(subject.project)
    rows = Consent.objects.filter(subject=subject).select_related(
        "text", "attested_by", "subject__organisation"
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    told = Notice.objects.filter(subject=subject).select_related("text", "recorded_by")[:PAGE]
    subject_opened(subject)
    context = {
        "subject": subject,
        "declaration": declaration,
        "missing": standing.missing(subject, declaration) if declaration else [],
        "page_obj": page,
        "consents": [_shown(row) for row in page],
        "notices": [(notice, notices.WAYS.get(notice.way, _("At the link"))) for notice in told],
    }
    return render(request, "accounts/consent/subject.html", context)


@editor_view
def consent_ask(request: OrganisationRequest, project_id: UUID, subject_id: UUID) -> HttpResponse:
    """The form; then, once, the link: it goes into this one answer, and by mail, and is kept nowhere."""
    subject = access_subject(project_id, subject_id)
    form = AskForm(request.POST or None, purpose=_purpose(subject))
    if form.is_valid():
        try:
            email = form.cleaned_data["email"]
            issued = consents.ask(subject, form.chosen_text(), form.terms(), email=email)
        except UserError as error:
            form.add_error(None, str(error.sentence))
        else:
            return _link_page(request, subject, issued)
    return _form_page(request, subject, form, "accounts/consent/ask.html")


@editor_view
def consent_put_down(request: OrganisationRequest, project_id: UUID, subject_id: UUID) -> HttpResponse:
    """Consent that was given on a form or before a member."""
    subject = access_subject(project_id, subject_id)
    form = PutDownForm(request.POST or None, request.FILES or None, purpose=_purpose(subject))
    if form.is_valid():
        told = Told(form.cleaned_data["signer"], form.cleaned_data["on"], request.user, form.paper)
        try:
            consents.put_down(subject, form.chosen_text(), form.terms(), told)
        except UserError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("The consent was recorded."))
            return _back(request, subject)
    return _form_page(request, subject, form, "accounts/consent/put_down.html")


@editor_view
def notice_put_down(request: OrganisationRequest, project_id: UUID, subject_id: UUID) -> HttpResponse:
    """That the person was told of the analysis elsewhere."""
    subject = access_subject(project_id, subject_id)
    form = NoticeForm(request.POST or None)
    if form.is_valid():
        way = form.cleaned_data["way"]
        try:
            notices.put_down(subject, form.chosen_text(), way, form.moment(), request.user)
        except UserError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("The notice was recorded."))
            return _back(request, subject)
    return _form_page(request, subject, form, "accounts/consent/notice.html")


@require_POST
@editor_view
def consent_link(
    request: OrganisationRequest, project_id: UUID, subject_id: UUID, consent_id: UUID
) -> HttpResponse:
    """Another link; the old one is void."""
    subject = access_subject(project_id, subject_id)
    return _link_page(request, subject, consents.new_link(access_consent(subject, consent_id)))


@require_POST
@editor_view
def consent_take_back(
    request: OrganisationRequest, project_id: UUID, subject_id: UUID, consent_id: UUID
) -> HttpResponse:
    """What was asked for is asked no more."""
    subject = access_subject(project_id, subject_id)
    consents.take_back(access_consent(subject, consent_id))
    messages.success(request, _("The request was taken back. Its link cannot be signed any more."))
    return _back(request, subject)


@editor_view
def consent_withdraw(
    request: OrganisationRequest, project_id: UUID, subject_id: UUID, consent_id: UUID
) -> HttpResponse:
    """Says what a withdrawal does; POST withdraws for a person who told the organisation so."""
    subject = access_subject(project_id, subject_id)
    found = access_consent(subject, consent_id)
    if request.method == "POST":
        consents.withdraw(found, by_subject=False)
        messages.success(request, _("The consent was withdrawn. The person's recordings are being erased."))
        return _back(request, subject)
    context = {"subject": subject, "consent": found}
    return render(request, "accounts/consent/withdraw.html", context)


@editor_view
def consent_form(
    request: OrganisationRequest,  # noqa: ARG001 - a view's signature
    project_id: UUID,
    subject_id: UUID,
    consent_id: UUID,
) -> HttpResponse:
    """The signed form, by a link of one minute."""
    found = access_consent(access_subject(project_id, subject_id), consent_id)
    address = files.link(papers.LINK_KIND, found.pk)
    record(AuditAction.DOCUMENT_DOWNLOADED, consents.in_trail(found))
    return redirect(address)


@dataclass(frozen=True, slots=True)
class Shown:
    """A consent as it is listed."""

    consent: Consent
    purposes: list[Promise | str]
    is_past: bool
    is_nameless: bool
    is_whole: bool


def _shown(row: Consent) -> Shown:
    is_past = row.until is not None and row.until < standing.today(row.subject.organisation)
    nameless = evidence.is_nameless(row)
    is_whole = row.given_at is None or nameless or evidence.is_whole(row)
    return Shown(row, labels(row.purposes), is_past, nameless, is_whole)


def _form_page(
    request: OrganisationRequest, subject: Subject, form: AskForm | PutDownForm | NoticeForm, template: str
) -> HttpResponse:
    status = 400 if form.errors else 200
    context = {"subject": subject, "form": form, "days": links.SIGNED_WITHIN_DAYS}
    return render(request, template, context, status=status)


def _link_page(request: OrganisationRequest, subject: Subject, issued: Issued) -> HttpResponse:
    sent = None
    if issued.consent.email:
        try:
            links.send(issued)
            sent = True
        except OSError:
            sent = False
    context = {
        "subject": subject,
        "consent": issued.consent,
        "link": links.address(issued.secret),
        "sent": sent,
    }
    return render(request, "accounts/consent/link.html", context, status=201)


def _purpose(subject: Subject) -> str:
    declaration = declarations.current(subject.project)
    return declaration.purpose if declaration else ""


def _back(request: OrganisationRequest, subject: Subject) -> HttpResponse:
    return redirect("subject-consent", request.organisation.slug, subject.project_id, subject.pk)
