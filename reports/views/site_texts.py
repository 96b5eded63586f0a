"""The public site's long texts: the science, data protection, and frequently asked questions."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.engine.action_units import LETTER_THRESHOLDS
from analysis.engine.findings.events import BRIEF_RATE, BRIEF_ROWS, BRIEF_SECONDS
from analysis.engine.findings.quality import ENOUGH_SECONDS
from reports.domain.questions import Questions
from reports.domain.samples import links
from reports.domain.site import faq as questions_asked
from reports.domain.site.citations import Citations
from reports.domain.site.protection import Protection
from reports.views.model import model_page


@require_safe
@login_not_required
def science(request: HttpRequest) -> HttpResponse:
    """For everybody: what is known, with its sources, and what the product makes of it."""
    page = model_page()
    context = {
        "page": page,
        "questions": Questions.shipped(page),
        "letters": LETTER_THRESHOLDS,
        "enough_seconds": ENOUGH_SECONDS,
        "brief": {"seconds": BRIEF_SECONDS, "rows": BRIEF_ROWS, "rate": BRIEF_RATE},
        "citations": Citations(),
    }
    return render(request, "site/science.html", context)


@require_safe
@login_not_required
def data_protection(request: HttpRequest) -> HttpResponse:
    """For everybody: as this installation is set; nothing of an organisation is on it."""
    return render(request, "site/data_protection.html", {"protection": Protection.here()})


@require_safe
@login_not_required
def faq(request: HttpRequest) -> HttpResponse:
    """For everybody; the same texts for people and for machines."""
    groups = questions_asked.groups(model_page(), takes_samples=links.takes_samples())
    structured = questions_asked.structured(groups)
    return render(request, "site/faq.html", {"groups": groups, "structured": structured})
