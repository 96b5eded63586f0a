from django.urls import path

from accounts.views.erasures import certificate, certificates_page, erasure, erasures

organisation_pages = [
    path("retention/erasures/", erasures, name="erasures"),
    path("retention/erasures/<uuid:erasure_id>/", erasure, name="erasure"),
    path(
        "retention/erasures/<uuid:erasure_id>/certificate.json",
        certificate,
        {"form": "json"},
        name="certificate",
    ),
    path(
        "retention/erasures/<uuid:erasure_id>/certificate.pdf",
        certificate,
        {"form": "pdf"},
        name="certificate-pdf",
    ),
]

public_pages = [
    path("certificates/", certificates_page, name="certificates"),
]
