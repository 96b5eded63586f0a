"""The pages of a person in recordings: no account, no name in the address, the link alone opens them.

The address is a secret. The middleware writes no address into the log, no page here links elsewhere, and the
referrer policy of all pages (`same-origin`) tells no other site of it; `no-referrer` would make browsers send
forms with an unknown origin, which the protection against forged requests refuses.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import limits
from accounts.domain.consent import consents, copies, links, notices, purposes, standing, texts
from accounts.domain.rights import requests as rights
from accounts.enums import ConsentState, OrganisationState, RightsKind
from accounts.forms.consent import RightsForm, SignForm
from accounts.models import Consent, Membership, PrivacyText
from accounts.secret_pages import secret_page
from echodepth.errors import UserError

consent_page = secret_page(limits.CONSENT_LINK, links.find)


@consent_page
def consent(request: HttpRequest, token: str, found: Consent) -> HttpResponse:
    """The text to sign, while it can be signed; afterwards what was agreed."""
    if request.method == "POST":
        _refuse_members(request)
    if not _can_be_signed(found):
        return _page(request, token, found, situation=_situation(found))
    notice = texts.notice_for(found.text.language)
    if not _is_ahead_of_time(request):
        notices.opened(found.subject, notice)
    if "decline" in request.POST:
        consents.take_back(found, by_subject=True)
        return redirect("consent", token)
    form = SignForm(request.POST or None, consent=found)
    if form.is_valid():
        told = form.cleaned_data
        culture, calibration = bool(told.get("culture")), bool(told.get("calibration"))
        consents.give(found, told["signer"], told["purposes"], culture=culture, calibration=calibration)
        messages.success(request, _("Thank you. Your consent was recorded."))
        return redirect("consent", token)
    return _page(request, token, found, situation="asked", form=form, notice=notice)


@consent_page
def withdraw(request: HttpRequest, token: str, found: Consent) -> HttpResponse:
    """Says what it does; POST withdraws, at any time and without reasons."""
    if request.method == "POST":
        _refuse_members(request)
        try:
            consents.withdraw(found, by_subject=True)
        except UserError:
            if links.read(found.pk).state != ConsentState.WITHDRAWN or found.given_at is None:
                raise
            # It was sent twice: it is withdrawn, as the page that follows says.
        return redirect("consent", token)
    if found.state != ConsentState.GIVEN:
        return redirect("consent", token)
    return _page(request, token, found, situation="withdrawing")


@consent_page
def copy(request: HttpRequest, token: str, found: Consent) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """All that was agreed to, as a plain text file to keep."""
    if found.given_at is None:
        raise links.invalid()
    response = HttpResponse(copies.written(found), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="consent.txt"'
    return response


@consent_page
def ask_by_right(request: HttpRequest, token: str, found: Consent) -> HttpResponse:
    """A copy of everything, correction, objection, erasure: asked of the organisation."""
    if found.given_at is None:
        raise links.invalid()
    form = RightsForm(request.POST or None)
    if form.is_valid():
        limits.CONSENT_RIGHTS.take(str(found.pk))
        kind = RightsKind(form.cleaned_data["kind"])
        made = rights.receive(found.subject, kind, form.cleaned_data["words"], by_subject=True)
        due = {"day": f"{made.due_on:%-d %B %Y}"}
        messages.success(request, _("Your request was received. It is to be answered by %(day)s.") % due)
        return redirect("consent", token)
    return _page(request, token, found, situation="rights", form=form)


def _refuse_members(request: HttpRequest) -> None:
    """Nobody who works for the organisation answers in the person's place by a link that they made.

    It keeps one from doing so without meaning to: who signs out is a stranger here. Raises UserError
    `member_signs`.
    """
    user = request.user
    if user.is_authenticated and Membership.objects.filter(user=user).exists():
        sentence = _(
            "You are signed in as a member of the organisation that asks. The person answers at this link "
            "themselves. If that is you, sign out first; what somebody told you is entered on their page."
        )
        raise UserError("member_signs", sentence, status=403)


def _can_be_signed(found: Consent) -> bool:
    return (
        found.state == ConsentState.ASKED
        and not links.is_over(found, timezone.now())
        and found.until is not None
        and found.until >= standing.today(found.organisation)
        and found.organisation.state == OrganisationState.ACTIVE
    )


def _situation(found: Consent) -> str:
    if found.state == ConsentState.GIVEN:
        return "given"
    if found.state == ConsentState.WITHDRAWN:
        return "withdrawn" if found.given_at else "declined" if found.withdrawn_by_subject else "over"
    return "over"


def _is_ahead_of_time(request: HttpRequest) -> bool:
    """A browser that fetches what may be opened, or a look at the headers alone: nobody reads it."""
    fetched = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return "prefetch" in fetched or request.method == "HEAD"


def _page(
    request: HttpRequest,
    token: str,
    found: Consent,
    *,
    situation: str,
    form: SignForm | RightsForm | None = None,
    notice: PrivacyText | None = None,
) -> HttpResponse:
    past = found.until is not None and found.until < standing.today(found.organisation)
    context: dict[str, Any] = {
        "token": token,
        "consent": found,
        "situation": situation,
        "form": form,
        "notice": notice,
        "notice_paragraphs": texts.paragraphs(notice.body) if notice else [],
        "paragraphs": texts.paragraphs(found.text.body),
        "purposes": purposes.labels(found.purposes),
        "is_past": past,
        "requests": list(found.subject.rights_requests.filter(by_subject=True)[:20]),
    }
    return render(request, "accounts/consent/public.html", context, status=_status(form))


def _status(form: SignForm | RightsForm | None) -> int:
    return 400 if form is not None and form.errors else 200
