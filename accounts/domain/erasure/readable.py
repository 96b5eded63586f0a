"""A certificate on paper: the same facts as the signed file, with what is needed to verify that one."""

import hashlib
from io import BytesIO

from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

from accounts.domain.erasure import certificates, showing
from accounts.models import Certificate

STYLE = """
@page { size: A4; margin: 22mm 20mm; @bottom-right { content: counter(page); font-size: 8pt; } }
body { font: 10pt/1.45 sans-serif; color: #1b2430; overflow-wrap: anywhere; }
h1 { font-size: 19pt; margin: 0 0 5mm; }
h2 { font-size: 12.5pt; margin: 8mm 0 2mm; break-after: avoid; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; width: 36%; font-weight: 600; }
th, td { padding: 1mm 2mm 1mm 0; vertical-align: top; border-bottom: .3pt solid #d5dae2; }
.mono { font: 8.5pt/1.4 monospace; }
"""


def pdf(certificate: Certificate) -> bytes:
    """Nothing is fetched for it."""
    nothing = URLFetcher(allowed_protocols=())
    context = {
        "told": showing.of_body(certificate.body),
        "certificate": certificate,
        "digest": hashlib.sha256(certificates.canonical(certificate.body)).hexdigest(),
        "LANGUAGE_CODE": translation.get_language() or "en",
    }
    page = HTML(string=render_to_string("accounts/certificate.html", context), url_fetcher=nothing)
    target = BytesIO()
    page.write_pdf(target, stylesheets=[CSS(string=STYLE, url_fetcher=nothing)], pdf_tags=True)
    return target.getvalue()
