"""The platform's view of the work under way: which, where, how long; never whose by name, never of what."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import PlatformRole
from accounts.http import SignedInRequest
from accounts.platform_http import platform_view
from analysis.domain import operations as work
from analysis.domain.work.retries import run_again

DAYS = 7
"""How far back failures are shown."""

admin_view = platform_view(PlatformRole.ADMIN)


@admin_view
@require_safe
def operations(request: SignedInRequest) -> HttpResponse:
    """Queue, workers, runs under way and waiting, failures. Its script asks for it again while it is open."""
    since = timezone.now() - timedelta(days=DAYS)
    machines, queue = work.machines(), work.queue()
    context = {
        "at": timezone.now(),
        "days": DAYS,
        "machines": machines,
        "workers": sum(machine.workers for machine in machines if machine.is_there),
        "queue": queue,
        "late": work.is_late(queue, machines),
        "under_way": work.runs_under_way(),
        "waiting": work.runs_waiting(),
        "failures": work.failures(since),
        "failed": work.failed_runs(since),
        "spent": work.SPENT,
        "most": work.LISTED,
    }
    return render(request, "analysis/operations.html", context)


@admin_view
@require_POST
def retry(request: SignedInRequest, organisation_id: UUID, run_id: UUID) -> HttpResponse:
    """Have a failed run's recording analysed anew, as the organisation's audit trail tells."""
    new = run_again(request.user, organisation_id, run_id)
    messages.success(request, _("Requested again as run %(run)s.") % {"run": new.pk})
    return redirect("platform-operations")
