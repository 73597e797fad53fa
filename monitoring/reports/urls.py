"""Addresses of the weekly letter and of shared months. Three of them are for anybody who holds a link."""

from django.urls import path

from monitoring.reports import letter_views, month_views

app_name = "reports"

urlpatterns = [
    path("letter/off/<str:token>/", letter_views.letter_off, name="letter_off"),
    path("shared/<str:token>/", month_views.shared_month, name="shared_month"),
    path(
        "shared/<str:token>/export.<slug:file_format>",
        month_views.export_shared_month,
        name="export_shared_month",
    ),
    path("o/<slug:slug>/letter/", letter_views.letter, name="letter"),
    path("o/<slug:slug>/months/", month_views.months, name="months"),
    path("o/<slug:slug>/months/export.<slug:file_format>", month_views.export, name="export_months"),
    path("o/<slug:slug>/months/<int:month_id>/revoke/", month_views.revoke, name="revoke_month"),
]
