from django.urls import include, path

from accounts.views.home import home, organisations
from accounts.views.members import member, member_invite, member_remove, members
from accounts.views.organisation import settings
from accounts.views.projects import project_edit, project_new, projects, subject, subjects

organisation_pages = [
    path("members/", members, name="members"),
    path("members/<int:membership_id>/", member, name="member"),
    path("members/<int:membership_id>/remove/", member_remove, name="member-remove"),
    path("members/<int:membership_id>/invite/", member_invite, name="member-invite"),
    path("settings/", settings, name="organisation-settings"),
    path("projects/", projects, name="projects"),
    path("projects/new/", project_new, name="project-new"),
    path("projects/<uuid:project_id>/edit/", project_edit, name="project-edit"),
    path("projects/<uuid:project_id>/subjects/", subjects, name="subjects"),
    path("projects/<uuid:project_id>/subjects/<uuid:subject_id>/", subject, name="subject"),
]

urlpatterns = [
    path("", home, name="home"),
    path("organisations/", organisations, name="organisations"),
    path("o/<slug:organisation_slug>/", include(organisation_pages)),
]
