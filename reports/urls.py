from django.urls import path

from reports.views import files, result, reviews, share

app_name = "reports"

urlpatterns = [
    path("reviews/", reviews.reviews, name="reviews"),
    path("results/<uuid:run_id>/", result.result, name="result"),
    path("results/<uuid:run_id>/share/", share.share, name="share"),
    path("results/<uuid:run_id>/review/", reviews.review, name="review"),
    path("results/<uuid:run_id>/render/", reviews.render_again, name="render-again"),
    path("results/<uuid:run_id>/<str:kind>/", files.download, name="download"),
]
