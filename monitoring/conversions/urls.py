"""The addresses of conversions: an organization's pages, the tracked links, and the end point for programs."""

from django.urls import path, register_converter
from django.urls.converters import SlugConverter

from monitoring.conversions import api
from monitoring.conversions.shops.registry import CONNECTORS
from monitoring.conversions.views import (
    campaigns,
    cost_files,
    costs,
    counter,
    following,
    goal,
    goal_changes,
    goal_files,
    hooks,
    incidents,
    ledger,
    links,
    money,
    reach,
    shares,
    shops,
    site,
    time_spent,
)
from monitoring.conversions.visits import endpoint, scripts

app_name = "conversions"


class ShopSlug(SlugConverter):
    regex = "|".join(CONNECTORS)


register_converter(ShopSlug, "shop_slug")

urlpatterns = [
    path("o/<slug:slug>/goal/", goal.goal, name="goal"),
    path("o/<slug:slug>/goal/more/", goal.more, name="goal_more"),
    path("o/<slug:slug>/goal/export.<slug:file_format>", goal_files.export, name="export_goal"),
    path("o/<slug:slug>/goal/change/", goal_changes.main, name="change_goal"),
    path("o/<slug:slug>/goal/new/", goal_changes.new, name="new_goal"),
    path("o/<slug:slug>/goal/<int:goal_id>/change/", goal_changes.change, name="change_one_goal"),
    path("o/<slug:slug>/goal/<int:goal_id>/main/", goal_changes.choose_main, name="choose_main_goal"),
    path("o/<slug:slug>/goal/<int:goal_id>/end/", goal_changes.end, name="end_goal"),
    path("o/<slug:slug>/goal/campaigns/", campaigns.campaigns, name="campaigns"),
    path(
        "o/<slug:slug>/goal/campaigns/export.<slug:file_format>",
        cost_files.campaigns,
        name="export_campaigns",
    ),
    path("o/<slug:slug>/goal/campaigns/new/", campaigns.new_campaign, name="new_campaign"),
    path("o/<slug:slug>/goal/campaigns/archived/", campaigns.archived_campaigns, name="archived_campaigns"),
    path("o/<slug:slug>/goal/campaigns/words/", campaigns.words, name="words"),
    path("o/<slug:slug>/goal/campaigns/words/<int:word_id>/remove/", campaigns.drop_word, name="drop_word"),
    path("o/<slug:slug>/goal/campaigns/<int:campaign_id>/", campaigns.campaign, name="campaign"),
    path(
        "o/<slug:slug>/goal/campaigns/<int:campaign_id>/export.<slug:file_format>",
        cost_files.campaign,
        name="export_campaign",
    ),
    path(
        "o/<slug:slug>/goal/campaigns/<int:campaign_id>/change/",
        campaigns.edit_campaign,
        name="edit_campaign",
    ),
    path(
        "o/<slug:slug>/goal/campaigns/<int:campaign_id>/archive/",
        campaigns.put_aside,
        name="put_campaign_aside",
    ),
    path("o/<slug:slug>/goal/links/new/", links.new_link, name="new_link"),
    path("o/<slug:slug>/goal/links/archived/", links.archived_links, name="archived_links"),
    path("o/<slug:slug>/goal/links/export.<slug:file_format>", links.export_links, name="export_links"),
    path("o/<slug:slug>/goal/links/<int:link_id>/", links.edit_link, name="edit_link"),
    path("o/<slug:slug>/goal/links/<int:link_id>/archive/", links.put_aside, name="put_link_aside"),
    path("o/<slug:slug>/goal/links/<int:link_id>/code.<slug:file_format>", links.code, name="link_code"),
    path("o/<slug:slug>/goal/incidents/", incidents.incidents, name="incidents"),
    path(
        "o/<slug:slug>/goal/incidents/export.<slug:file_format>",
        incidents.export,
        name="export_incidents",
    ),
    path("o/<slug:slug>/goal/incidents/<int:incident_id>/", incidents.incident, name="incident"),
    path("o/<slug:slug>/goal/incidents/<int:incident_id>/delete/", incidents.delete, name="delete_incident"),
    path("o/<slug:slug>/goal/reach/", reach.reach, name="reach"),
    path("o/<slug:slug>/goal/conversions/", ledger.conversions, name="conversions"),
    path(
        "o/<slug:slug>/goal/conversions/export.<slug:file_format>",
        ledger.export_conversions,
        name="export_conversions",
    ),
    path("o/<slug:slug>/goal/conversions/shares/", shares.shares, name="shares"),
    path(
        "o/<slug:slug>/goal/conversions/shares/export.<slug:file_format>",
        shares.export_shares,
        name="export_shares",
    ),
    path("o/<slug:slug>/goal/conversions/<int:conversion_id>/", ledger.conversion, name="conversion"),
    path(
        "o/<slug:slug>/goal/conversions/<int:conversion_id>/export.<slug:file_format>",
        ledger.export_conversion,
        name="export_conversion",
    ),
    path("o/<slug:slug>/goal/conversions/<int:conversion_id>/void/", ledger.void, name="void_conversion"),
    path("o/<slug:slug>/goal/costs/", costs.costs, name="costs"),
    path("o/<slug:slug>/goal/costs/export.<slug:file_format>", cost_files.costs, name="export_costs"),
    path("o/<slug:slug>/goal/costs/spend/new/", costs.new_spend, name="new_spend"),
    path("o/<slug:slug>/goal/costs/spend/<int:spend_id>/", costs.edit_spend, name="edit_spend"),
    path("o/<slug:slug>/goal/costs/spend/<int:spend_id>/delete/", costs.remove_spend, name="remove_spend"),
    path("o/<slug:slug>/goal/costs/boost/", costs.new_boost, name="new_boost"),
    path("o/<slug:slug>/goal/costs/assumptions/", costs.assumptions, name="assumptions"),
    path("o/<slug:slug>/goal/costs/time/", time_spent.time_spent, name="time_spent"),
    path("o/<slug:slug>/goal/costs/time/<int:time_id>/", time_spent.edit_time, name="edit_time"),
    path("o/<slug:slug>/goal/costs/time/<int:time_id>/delete/", time_spent.remove_time, name="remove_time"),
    path("o/<slug:slug>/goal/costs/timer/start/", time_spent.begin_timer, name="begin_timer"),
    path("o/<slug:slug>/goal/costs/timer/stop/", time_spent.end_timer, name="end_timer"),
    path("o/<slug:slug>/counter/", counter.counter, name="counter"),
    path("o/<slug:slug>/counter/undo/", counter.undo, name="undo"),
    path("o/<slug:slug>/settings/money/", money.money, name="money"),
    path("o/<slug:slug>/settings/money/upload/", money.upload_rates, name="upload_rates"),
    path("o/<slug:slug>/settings/money/fetch/", money.fetch_rates, name="fetch_rates"),
    path("o/<slug:slug>/settings/money/<int:rate_id>/delete/", money.drop_rate, name="drop_rate"),
    path("o/<slug:slug>/settings/site/", site.site, name="site"),
    path("o/<slug:slug>/settings/shops/", shops.shops, name="shops"),
    path("o/<slug:slug>/settings/shops/<shop_slug:shop>/connect/", shops.connect, name="connect_shop"),
    path("o/<slug:slug>/settings/shops/<int:shop_id>/", shops.shop, name="shop"),
    path("o/<slug:slug>/settings/shops/<int:shop_id>/reconnect/", shops.reconnect, name="reconnect_shop"),
    path("o/<slug:slug>/settings/shops/<int:shop_id>/collect/", shops.collect_now, name="collect_shop"),
    path("o/<slug:slug>/settings/shops/<int:shop_id>/disconnect/", shops.disconnect, name="disconnect_shop"),
    path("o/<slug:slug>/settings/shops/<int:shop_id>/deliveries/", shops.deliveries, name="shop_deliveries"),
    path(
        "o/<slug:slug>/settings/shops/<int:shop_id>/deliveries/export.<slug:file_format>",
        shops.export,
        name="export_deliveries",
    ),
    path("hooks/shops/<slug:key>/", hooks.shop_hook, name="shop_hook"),
    path("l/<slug:ending>", following.follow, name="follow"),
    path("api/conversions", api.conversions, name="api"),
    path("api/events", endpoint.events, name="events"),
    path("s.js", scripts.snippet, name="snippet"),
    path("s-ask.js", scripts.question, name="snippet_question"),
]
