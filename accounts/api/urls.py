from django.urls import path

from accounts.api.consents import Consents, ConsentWithdrawal, Notices, Texts
from accounts.api.organisation import Audit, Members, OneOrganisation
from accounts.api.projects import OneProject, OneSubject, Projects, Subjects, Uses

urlpatterns = [
    path("organisation/", OneOrganisation.as_view(), name="organisation"),
    path("members/", Members.as_view(), name="members"),
    path("audit/", Audit.as_view(), name="audit"),
    path("projects/", Projects.as_view(), name="projects"),
    path("projects/<uuid:project_id>/", OneProject.as_view(), name="project"),
    path("projects/<uuid:project_id>/uses/", Uses.as_view(), name="uses"),
    path("projects/<uuid:project_id>/subjects/", Subjects.as_view(), name="subjects"),
    path("projects/<uuid:project_id>/subjects/<uuid:subject_id>/", OneSubject.as_view(), name="subject"),
    path("texts/", Texts.as_view(), name="texts"),
    path(
        "projects/<uuid:project_id>/subjects/<uuid:subject_id>/consents/", Consents.as_view(), name="consents"
    ),
    path(
        "projects/<uuid:project_id>/subjects/<uuid:subject_id>/consents/<uuid:consent_id>/withdraw/",
        ConsentWithdrawal.as_view(),
        name="consent-withdraw",
    ),
    path("projects/<uuid:project_id>/subjects/<uuid:subject_id>/notices/", Notices.as_view(), name="notices"),
]
