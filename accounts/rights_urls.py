from django.urls import path

from accounts.views.rights import (
    rights,
    rights_copy,
    rights_correct,
    rights_download,
    rights_erase,
    rights_new,
    rights_request,
)

_REQUEST = "requests/<uuid:request_id>/"

organisation_pages = [
    path("requests/", rights, name="rights"),
    path("requests/new/", rights_new, name="rights-new"),
    path(_REQUEST, rights_request, name="rights-request"),
    path(f"{_REQUEST}copy/", rights_copy, name="rights-copy"),
    path(f"{_REQUEST}download/", rights_download, name="rights-download"),
    path(f"{_REQUEST}correct/", rights_correct, name="rights-correct"),
    path(f"{_REQUEST}erase/", rights_erase, name="rights-erase"),
]
