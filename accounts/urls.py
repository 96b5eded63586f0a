from django.urls import path

from accounts.views.home import home, organisations

urlpatterns = [
    path("", home, name="home"),
    path("organisations/", organisations, name="organisations"),
]
