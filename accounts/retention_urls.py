from django.urls import path

from accounts.views.holds import hold_place, hold_release, legal_holds
from accounts.views.retention import (
    project_retention,
    retention,
    retention_extend,
    retention_policies,
    retention_policy,
    retention_publish,
)
from accounts.views.retention_public import retention_public

organisation_pages = [
    path("retention/", retention, name="retention"),
    path("retention/extend/", retention_extend, name="retention-extend"),
    path("retention/policies/", retention_policies, name="retention-policies"),
    path("retention/policies/public/", retention_publish, name="retention-publish"),
    path("retention/policies/<str:data_class>/", retention_policy, name="retention-policy"),
    path("retention/holds/", legal_holds, name="holds"),
    path("retention/holds/new/<str:held>/<uuid:object_id>/", hold_place, name="hold-place"),
    path("retention/holds/<uuid:hold_id>/release/", hold_release, name="hold-release"),
    path("projects/<uuid:project_id>/retention/", project_retention, name="project-retention"),
    path(
        "projects/<uuid:project_id>/retention/<str:data_class>/",
        retention_policy,
        name="project-retention-policy",
    ),
]

public_pages = [
    path("retention/<slug:slug>/", retention_public, name="retention-public"),
]
