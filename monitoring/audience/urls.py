"""Addresses under `/o/<slug>/`: the audience."""

from django.urls import path

from monitoring.audience import views

app_name = "audience"

urlpatterns = [
    path("audience/", views.audience, name="audience"),
    path("audience/profiles/", views.add, name="add"),
    path("audience/posts/<int:post_id>/kind/", views.correct, name="correct"),
    path("audience/profiles/<int:profile_id>/remove/", views.remove, name="remove"),
]
