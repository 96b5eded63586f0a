"""The prospect's own pages, and what the uploader asks."""

from django.urls import path

from reports.views import sample_upload, sample_visit

urlpatterns = [
    path("upload/", sample_upload.send, name="sample-upload"),
    path("upload/announce/", sample_upload.announce, name="sample-upload-announce"),
    path("upload/token/", sample_upload.token, name="sample-upload-token"),
    path("upload/<uuid:upload_id>/", sample_upload.upload, name="sample-upload-facts"),
    path("upload/<uuid:upload_id>/links/", sample_upload.links, name="sample-upload-links"),
    path("upload/<uuid:upload_id>/finish/", sample_upload.finish, name="sample-upload-finish"),
    path("upload/<uuid:upload_id>/abort/", sample_upload.abort, name="sample-upload-abort"),
    # Behind all that has a name: what is left is a link's secret.
    path("<str:token>/", sample_visit.visit, name="sample-visit"),
    path("<str:token>/confirm/", sample_visit.confirm, name="sample-confirm"),
    path("<str:token>/answer/", sample_visit.answer, name="sample-answer"),
    path("<str:token>/withdraw/", sample_visit.withdraw, name="sample-withdraw"),
    path("<str:token>/copy/", sample_visit.copy, name="sample-copy"),
    path("<str:token>/certificate/", sample_visit.certificate, name="sample-certificate"),
    path("<str:token>/code/", sample_visit.send_code, name="sample-code"),
    path("<str:token>/open/", sample_visit.open_report, name="sample-open"),
    path("<str:token>/report/", sample_visit.report, name="sample-report"),
]
