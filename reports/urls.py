from django.urls import path

from reports.views import files, result

app_name = "reports"

urlpatterns = [
    path("results/<uuid:run_id>/", result.result, name="result"),
    path("results/<uuid:run_id>/<str:kind>/", files.download, name="download"),
]
