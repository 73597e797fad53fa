"""The addresses of the pages that show several slices together."""

from django.urls import path

from monitoring.dashboard import settings_views, views

app_name = "dashboard"

urlpatterns = [
    path("start/business/", views.start, name="start"),
    path("o/<slug:slug>/settings/", settings_views.settings, name="settings"),
]
