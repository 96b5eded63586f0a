"""What a person sees of their own account, across their organisations."""

from typing import Any

from allauth.account.models import EmailAddress, Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import flows
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.domain import security as domain
from accounts.http import SignedInRequest


@never_cache
def security(request: SignedInRequest) -> HttpResponse:
    """Everything that proves who the person is, on one page."""
    found = Authenticator.objects.filter(user=request.user).order_by("created_at")
    wrapped = [(authenticator, authenticator.wrap()) for authenticator in found]
    of = Authenticator.Type
    codes = next((wrap for row, wrap in wrapped if row.type == of.RECOVERY_CODES), None)
    context = {
        "address": EmailAddress.objects.get_primary(request.user),
        "app": next((row for row, _wrap in wrapped if row.type == of.TOTP), None),
        "passkeys": [(row, wrap) for row, wrap in wrapped if row.type == of.WEBAUTHN],
        "codes_left": len(codes.get_unused_codes()) if codes else None,
        "protected": domain.has_second_factor(request.user),
        "session_count": len(UserSession.objects.purge_and_list(request.user)),
    }
    return render(request, "account/security.html", context)


@never_cache
def sessions(request: SignedInRequest) -> HttpResponse:
    """Where the person is signed in; POST ends all but this one."""
    if request.method == "POST":
        ended = domain.end_other_sessions(request.user, request.session.session_key or "")
        sentence = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended)
        messages.success(request, sentence % {"count": ended})
        return redirect("usersessions_list")
    open_ones = UserSession.objects.purge_and_list(request.user)
    open_ones.sort(key=lambda session: session.created_at, reverse=True)
    return render(request, "usersessions/usersession_list.html", {"sessions": open_ones})


@require_POST
def end_session(request: SignedInRequest, session_id: int) -> HttpResponse:
    """End one of the person's sessions; this one only by signing out."""
    if not domain.end_session(request.user, session_id, request.session.session_key or ""):
        raise Http404
    messages.success(request, _("The session was ended."))
    return redirect("usersessions_list")


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]
    """allauth's, which forgets where the person wanted to go."""

    def form_valid(self, form: Any) -> HttpResponse:
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        answer: HttpResponse = flows.perform_passwordless_login(self.request, authenticator, login)
        return answer
