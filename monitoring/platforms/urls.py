"""Addresses under `/o/<slug>/`: the platforms. Connecting one is listening's: see `monitoring.listening.urls`."""

from django.urls import path

from monitoring.platforms import views

app_name = "platforms"

urlpatterns = [path("settings/platforms/", views.platforms, name="platforms")]
