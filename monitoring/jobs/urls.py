"""Addresses under `/o/<slug>/`: files that a worker made."""

from django.urls import path

from monitoring.jobs import views

app_name = "jobs"

urlpatterns = [
    path("files/", views.files, name="files"),
    path("files/<int:export_id>/", views.file, name="file"),
    path("files/<int:export_id>/fetch/", views.fetch, name="fetch"),
]
