"""A request that staff enter for a prospect."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.desk_http import desk_view
from accounts.http import OrganisationRequest
from accounts.permissions import Action
from echodepth.errors import UserError
from reports.domain.samples import asking
from reports.sample_forms import SampleForm
from reports.views.desk_actions import shown_once


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Action.MANAGE_PROJECTS)
def new(request: OrganisationRequest) -> HttpResponse:
    """The same form as the public one, in other words; then the private link, shown once to be passed on."""
    form = SampleForm(request.POST or None, by_staff=True)
    if form.is_valid():
        try:
            made = asking.enter(request.user, form.wanted())
        except UserError as error:
            form.add_error(None, str(error.sentence))
        else:
            return shown_once(request, made.sample, made.secret)
    status = 400 if form.errors else 200
    return render(request, "reports/desk/new.html", {"form": form}, status=status)
