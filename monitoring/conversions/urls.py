"""The addresses of conversions: an organization's pages, the tracked links, and the end point for programs."""

from django.urls import path, register_converter
from django.urls.converters import SlugConverter

from monitoring.conversions import api
from monitoring.conversions.shops.registry import CONNECTORS
from monitoring.conversions.views import counter, following, goal, hooks, links, shops
from monitoring.conversions.visits import endpoint, scripts

app_name = "conversions"


class ShopSlug(SlugConverter):
    regex = "|".join(CONNECTORS)


register_converter(ShopSlug, "shop_slug")

urlpatterns = [
    path("o/<slug:slug>/goal/", goal.goal, name="goal"),
    path("o/<slug:slug>/goal/change/", goal.change_goal, name="change_goal"),
    path("o/<slug:slug>/goal/entries/<int:entry_id>/void/", goal.void_entry, name="void_entry"),
    path("o/<slug:slug>/goal/links/new/", links.new_link, name="new_link"),
    path("o/<slug:slug>/goal/links/archived/", links.archived_links, name="archived_links"),
    path("o/<slug:slug>/goal/links/<int:link_id>/archive/", links.put_aside, name="put_link_aside"),
    path("o/<slug:slug>/goal/links/<int:link_id>/code.svg", links.code, name="link_code"),
    path("o/<slug:slug>/counter/", counter.counter, name="counter"),
    path("o/<slug:slug>/counter/undo/", counter.undo, name="undo"),
    path("o/<slug:slug>/settings/shops/", shops.shops, name="shops"),
    path("o/<slug:slug>/settings/shops/<shop_slug:shop>/connect/", shops.connect, name="connect_shop"),
    path("o/<slug:slug>/settings/shops/<int:shop_id>/", shops.shop, name="shop"),
    path("o/<slug:slug>/settings/shops/<int:shop_id>/reconnect/", shops.reconnect, name="reconnect_shop"),
    path("o/<slug:slug>/settings/shops/<int:shop_id>/collect/", shops.collect_now, name="collect_shop"),
    path("o/<slug:slug>/settings/shops/<int:shop_id>/disconnect/", shops.disconnect, name="disconnect_shop"),
    path("o/<slug:slug>/settings/shops/<int:shop_id>/deliveries/", shops.deliveries, name="shop_deliveries"),
    path("hooks/shops/<slug:key>/", hooks.shop_hook, name="shop_hook"),
    path("l/<slug:ending>", following.follow, name="follow"),
    path("api/conversions", api.conversions, name="api"),
    path("api/events", endpoint.events, name="events"),
    path("s.js", scripts.snippet, name="snippet"),
    path("s-ask.js", scripts.question, name="snippet_question"),
]
