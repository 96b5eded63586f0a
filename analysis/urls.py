from django.urls import path

from analysis.views import cohorts, documents, neutrals, projects, recording, recordings, uploads

app_name = "analysis"

urlpatterns = [
    path("", recordings.recordings, name="recordings"),
    path("progress/", recordings.progress, name="progress"),
    path("upload/", uploads.upload, name="upload"),
    path("recordings/<uuid:recording_id>/", recording.recording, name="recording"),
    path("recordings/<uuid:recording_id>/cancel/", recording.cancel, name="recording-cancel"),
    path("recordings/<uuid:recording_id>/rerun/", recording.rerun, name="recording-rerun"),
    path("recordings/<uuid:recording_id>/neutral/", recording.neutral, name="recording-neutral"),
    path("recordings/<uuid:recording_id>/delete/", recording.delete, name="recording-delete"),
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
