"""The sales desk's pages."""

from django.urls import path

from reports.views import desk, desk_actions, desk_new, desk_sample

urlpatterns = [
    path("", desk.queue, name="desk"),
    path("new/", desk_new.new, name="desk-new"),
    path("export.csv", desk.export, name="desk-export"),
    path("figures/", desk.figures, name="desk-figures"),
    path("<uuid:sample_id>/", desk_sample.sample, name="desk-sample"),
    path("<uuid:sample_id>/assign/", desk_actions.assign, name="desk-assign"),
    path("<uuid:sample_id>/tags/", desk_actions.tag, name="desk-tag"),
    path("<uuid:sample_id>/ask/", desk_actions.ask, name="desk-ask"),
    path("<uuid:sample_id>/note/", desk_actions.note, name="desk-note"),
    path("<uuid:sample_id>/decline/", desk_actions.decline, name="desk-decline"),
    path("<uuid:sample_id>/deliver/", desk_actions.deliver, name="desk-deliver"),
    path("<uuid:sample_id>/convert/", desk_actions.convert, name="desk-convert"),
    path("<uuid:sample_id>/link/", desk_actions.link, name="desk-link"),
]
