from django.urls import path

from accounts.views.consent import (
    consent_ask,
    consent_form,
    consent_link,
    consent_put_down,
    consent_take_back,
    consent_withdraw,
    notice_put_down,
    subject_consent,
)
from accounts.views.consent_public import ask_by_right, consent, copy, withdraw
from accounts.views.texts import text, text_drop, text_edit, text_new, text_publish, texts

_SUBJECT = "projects/<uuid:project_id>/subjects/<uuid:subject_id>/"

organisation_pages = [
    path("texts/", texts, name="texts"),
    path("texts/new/", text_new, name="text-new"),
    path("texts/<uuid:text_id>/", text, name="text"),
    path("texts/<uuid:text_id>/edit/", text_edit, name="text-edit"),
    path("texts/<uuid:text_id>/publish/", text_publish, name="text-publish"),
    path("texts/<uuid:text_id>/drop/", text_drop, name="text-drop"),
    path(f"{_SUBJECT}consent/", subject_consent, name="subject-consent"),
    path(f"{_SUBJECT}consent/ask/", consent_ask, name="consent-ask"),
    path(f"{_SUBJECT}consent/record/", consent_put_down, name="consent-record"),
    path(f"{_SUBJECT}consent/notice/", notice_put_down, name="consent-notice"),
    path(f"{_SUBJECT}consent/<uuid:consent_id>/link/", consent_link, name="consent-link"),
    path(f"{_SUBJECT}consent/<uuid:consent_id>/take-back/", consent_take_back, name="consent-take-back"),
    path(f"{_SUBJECT}consent/<uuid:consent_id>/withdraw/", consent_withdraw, name="consent-withdraw"),
    path(f"{_SUBJECT}consent/<uuid:consent_id>/form/", consent_form, name="consent-form"),
]

public_pages = [
    path("consent/<str:token>/", consent, name="consent"),
    path("consent/<str:token>/withdraw/", withdraw, name="consent-own-withdraw"),
    path("consent/<str:token>/copy/", copy, name="consent-own-copy"),
    path("consent/<str:token>/rights/", ask_by_right, name="consent-own-rights"),
]
