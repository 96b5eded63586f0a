from django.urls import path

from reports.api.results import Events, FileLink, Frames, ReportOfRun, Reports, Signals, Summary

urlpatterns = [
    path("runs/<uuid:run_id>/summary/", Summary.as_view(), name="summary"),
    path("runs/<uuid:run_id>/events/", Events.as_view(), name="events"),
    path("runs/<uuid:run_id>/signals/", Signals.as_view(), name="signals"),
    path("runs/<uuid:run_id>/frames/", Frames.as_view(), name="frames"),
    path("runs/<uuid:run_id>/files/<str:kind>/", FileLink.as_view(), name="file"),
    path("reports/", Reports.as_view(), name="reports"),
    path("runs/<uuid:run_id>/report/", ReportOfRun.as_view(), name="report"),
]
