"""The addresses of conversions: an organization's pages, the tracked links, and the end point for programs."""

from django.urls import path

from monitoring.conversions import api
from monitoring.conversions.views import counter, following, goal, links
from monitoring.conversions.visits import endpoint, scripts

app_name = "conversions"

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
    path("l/<slug:ending>", following.follow, name="follow"),
    path("api/conversions", api.conversions, name="api"),
    path("api/events", endpoint.events, name="events"),
    path("s.js", scripts.snippet, name="snippet"),
    path("s-ask.js", scripts.question, name="snippet_question"),
]
