"""The public site: pages for everybody, in English."""

from django.urls import path

from reports.views import site, site_files, site_texts
from reports.views.action_units import action_unit, action_units

urlpatterns = [
    path("science/", site_texts.science, name="science"),
    path("how-it-works/", site.how_it_works, name="how-it-works"),
    path("data-protection/", site_texts.data_protection, name="data-protection"),
    path("faq/", site_texts.faq, name="faq"),
    path("action-units/", action_units, name="action-units"),
    path("action-units/<int:number>/", action_unit, name="action-unit"),
    path("robots.txt", site_files.robots, name="robots"),
    path("sitemap.xml", site_files.sitemap, name="sitemap"),
]
