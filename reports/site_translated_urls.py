"""What a prospect reads first, in each language of the settings."""

from django.urls import path

from reports.views import sample_asking
from reports.views.questions import questions
from reports.views.site import home

urlpatterns = [
    path("", home, name="home"),
    path("questions/", questions, name="questions"),
    path("sample/", sample_asking.sample, name="sample"),
    path("sample/sent/", sample_asking.sent, name="sample-sent"),
]
