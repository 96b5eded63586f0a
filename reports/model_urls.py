"""The model card; a page that belongs to no organisation."""

from django.urls import path

from reports.views.model import model

urlpatterns = [path("", model, name="model")]
