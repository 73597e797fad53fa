"""Addresses under `/o/<slug>/`: the plan and its steps."""

from django.urls import path

from monitoring.strategy import views

app_name = "strategy"

urlpatterns = [
    path("plan/", views.plan, name="plan"),
    path("plan/export.<slug:file_format>", views.export, name="export_steps"),
    path("plan/steps/<int:step_id>/take/", views.take, name="take"),
    path("plan/steps/<int:step_id>/dismiss/", views.dismiss, name="dismiss"),
]
