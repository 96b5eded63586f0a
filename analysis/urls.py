from django.urls import path

from analysis.views import (
    cohorts,
    documents,
    incoming,
    neutrals,
    people,
    projects,
    recording,
    recordings,
    uploads,
)

app_name = "analysis"

urlpatterns = [
    path("", recordings.recordings, name="recordings"),
    path("progress/", recordings.progress, name="progress"),
    path("upload/", uploads.upload, name="upload"),
    path("uploads/", incoming.announce, name="upload-announce"),
    path("uploads/token/", incoming.token, name="upload-token"),
    path("uploads/<uuid:upload_id>/", incoming.upload, name="upload-facts"),
    path("uploads/<uuid:upload_id>/links/", incoming.links, name="upload-links"),
    path("uploads/<uuid:upload_id>/finish/", incoming.finish, name="upload-finish"),
    path("uploads/<uuid:upload_id>/abort/", incoming.abort, name="upload-abort"),
    path("recordings/<uuid:recording_id>/", recording.recording, name="recording"),
    path("recordings/<uuid:recording_id>/cancel/", recording.cancel, name="recording-cancel"),
    path("recordings/<uuid:recording_id>/subject/", recording.subject, name="recording-subject"),
    path("recordings/<uuid:recording_id>/rerun/", recording.rerun, name="recording-rerun"),
    path("recordings/<uuid:recording_id>/neutral/", recording.neutral, name="recording-neutral"),
    path("recordings/<uuid:recording_id>/delete/", recording.delete, name="recording-delete"),
    path("runs/<uuid:run_id>/people/", people.people, name="run-people"),
    path("runs/<uuid:run_id>/neutral/keep/", neutrals.keep, name="neutral-keep"),
    path("projects/<uuid:project_id>/", projects.project, name="project"),
    path(
        "projects/<uuid:project_id>/subjects/<uuid:subject_id>/neutral/reset/",
        neutrals.reset,
        name="neutral-reset",
    ),
    path(
        "projects/<uuid:project_id>/subjects/<uuid:subject_id>/cohort/",
        cohorts.subject_cohort,
        name="subject-cohort",
    ),
    path("projects/<uuid:project_id>/documents/", documents.upload, name="document-upload"),
    path("documents/<uuid:document_id>/", documents.download, name="document-download"),
    path("documents/<uuid:document_id>/delete/", documents.delete, name="document-delete"),
]
