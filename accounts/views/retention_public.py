"""The page of an organisation's retention policy, for everybody, where it wants one."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.domain.retention.public import published


@require_safe
@login_not_required
def retention_public(request: HttpRequest, slug: str) -> HttpResponse:
    """404 in the same words for an organisation that is not there and one that shows nothing."""
    policy = published(slug)
    if policy is None:
        raise Http404
    return render(request, "accounts/retention_public.html", {"policy": policy})
