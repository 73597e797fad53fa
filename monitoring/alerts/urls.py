"""Addresses of saved views, and three for whoever holds a token."""

from django.urls import path, register_converter

from monitoring.alerts.views import outside, public, saved_views

app_name = "alerts"


class PlaceConverter:
    regex = "earlier|later"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PlaceConverter, "tab_place")

_VIEWS = "o/<slug:slug>/mentions/views"
_VIEW = f"{_VIEWS}/<int:view_id>"

urlpatterns = [
    path("feed/<str:token>/", public.feed, name="feed"),
    path("widget/<str:token>/", public.widget, name="widget"),
    path("alert/off/<str:token>/", public.off, name="off"),
    path(f"{_VIEWS}/counts/", saved_views.counts, name="counts"),
    path(f"{_VIEWS}/new/", saved_views.new_view, name="new_view"),
    path(f"{_VIEW}/", saved_views.view, name="view"),
    path(f"{_VIEW}/rename/", saved_views.rename, name="rename_view"),
    path(f"{_VIEW}/<tab_place:place>/", saved_views.move, name="move_view"),
    path(f"{_VIEW}/share/", saved_views.share, name="share_view"),
    path(f"{_VIEW}/unshare/", saved_views.unshare, name="unshare_view"),
    path(f"{_VIEW}/delete/", saved_views.delete, name="delete_view"),
    path(f"{_VIEW}/alert/", saved_views.alert, name="alert"),
    path(f"{_VIEW}/feeds/", outside.new_feed, name="new_feed"),
    path(f"{_VIEWS}/feeds/<int:feed_id>/revoke/", outside.end_feed, name="end_feed"),
    path(f"{_VIEW}/widget/", outside.widget, name="edit_widget"),
    path(f"{_VIEW}/widget/remove/", outside.end_widget, name="end_widget"),
]
