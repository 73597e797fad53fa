"""The addresses of the pages that show several slices together."""

from django.urls import path, register_converter

from accounts.models import SetupStep
from monitoring.dashboard import (
    audience_views,
    brought_views,
    businesses_views,
    collecting_views,
    demo_views,
    importing_views,
    live_search_views,
    overview_views,
    settings_views,
    setup_views,
)

app_name = "dashboard"


class StepConverter:
    regex = "|".join(step.value for step in SetupStep if step != SetupStep.DONE)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(StepConverter, "setup_step")

urlpatterns = [
    path("search/", live_search_views.search, name="search"),
    path("search/<slug:key>/", live_search_views.answers, name="search_answers"),
    path("businesses/", businesses_views.businesses, name="businesses"),
    path("businesses/export.<slug:file_format>", businesses_views.export, name="export_businesses"),
    path("start/business/", setup_views.start, name="start"),
    path("o/<slug:slug>/", overview_views.overview, name="overview"),
    path("o/<slug:slug>/more/", overview_views.more, name="more"),
    path("o/<slug:slug>/more/people/", overview_views.people, name="people"),
    path("o/<slug:slug>/more/market/", overview_views.market, name="market"),
    path("o/<slug:slug>/export.<slug:file_format>", overview_views.export, name="export"),
    path("o/<slug:slug>/start/", setup_views.resume, name="resume"),
    path("o/<slug:slug>/start/profiles/", setup_views.profiles, name="setup_profiles"),
    path("o/<slug:slug>/start/others/", setup_views.others, name="setup_others"),
    path("o/<slug:slug>/start/keywords/", setup_views.keywords, name="setup_keywords"),
    path("o/<slug:slug>/start/goal/", setup_views.goal, name="setup_goal"),
    path("o/<slug:slug>/start/<setup_step:step>/skip/", setup_views.skip, name="skip"),
    path("o/<slug:slug>/demo/leave/", demo_views.leave, name="leave_demo"),
    path("o/<slug:slug>/sources/collect/", collecting_views.collect, name="collect"),
    path("o/<slug:slug>/audience/more/", audience_views.more, name="audience_more"),
    path("o/<slug:slug>/audience/export.<slug:file_format>", audience_views.export, name="export_audience"),
    path("o/<slug:slug>/brought/mention/<int:mention_id>/", brought_views.mention, name="brought_by_mention"),
    path("o/<slug:slug>/brought/post/<int:post_id>/", brought_views.post, name="brought_by_post"),
    path(
        "o/<slug:slug>/brought/mention/<int:mention_id>/export.<slug:file_format>",
        brought_views.export_mention,
        name="export_brought_by_mention",
    ),
    path(
        "o/<slug:slug>/brought/post/<int:post_id>/export.<slug:file_format>",
        brought_views.export_post,
        name="export_brought_by_post",
    ),
    path("o/<slug:slug>/imports/", importing_views.imports, name="imports"),
    path("o/<slug:slug>/imports/<int:import_id>/", importing_views.import_, name="import"),
    path("o/<slug:slug>/imports/<int:import_id>/bad-lines.csv", importing_views.bad_lines, name="bad_lines"),
    path("o/<slug:slug>/settings/", settings_views.settings, name="settings"),
]
