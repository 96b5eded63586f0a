from django.urls import path

from analysis.api.people import People
from analysis.api.recordings import (
    CancelRun,
    OneRecording,
    OneRun,
    Recordings,
    RunsOfRecording,
    SubjectCohort,
)
from analysis.api.uploads import FinishUpload, OneUpload, UploadContent, UploadParts, Uploads

urlpatterns = [
    path("recordings/", Recordings.as_view(), name="recordings"),
    path("recordings/<uuid:recording_id>/", OneRecording.as_view(), name="recording"),
    path("recordings/<uuid:recording_id>/runs/", RunsOfRecording.as_view(), name="recording-runs"),
    path("runs/<uuid:run_id>/", OneRun.as_view(), name="run"),
    path("runs/<uuid:run_id>/cancel/", CancelRun.as_view(), name="run-cancel"),
    path("runs/<uuid:run_id>/people/", People.as_view(), name="run-people"),
    path("uploads/", Uploads.as_view(), name="uploads"),
    path("uploads/<uuid:upload_id>/", OneUpload.as_view(), name="upload"),
    path("uploads/<uuid:upload_id>/content/", UploadContent.as_view(), name="upload-content"),
    path("uploads/<uuid:upload_id>/parts/", UploadParts.as_view(), name="upload-parts"),
    path("uploads/<uuid:upload_id>/finish/", FinishUpload.as_view(), name="upload-finish"),
    path(
        "projects/<uuid:project_id>/subjects/<uuid:subject_id>/cohort/",
        SubjectCohort.as_view(),
        name="subject-cohort",
    ),
]
