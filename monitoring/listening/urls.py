"""Addresses under `/o/<slug>/`: mentions, keywords, sources."""

from django.urls import path, register_converter

from monitoring.listening.views import (
    accounts,
    accuracy,
    authors,
    brands,
    changes,
    exports,
    influencers,
    keywords,
    listening_files,
    listing,
    one_mention,
    rehearsals,
    replays,
    sorting_out,
    sources,
    suggestions,
)
from monitoring.platforms.registry import CONNECTORS

app_name = "listening"


class KeywordAct:
    regex = "pause|resume|delete"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class RehearsalKey(KeywordAct):
    regex = "[0-9a-f]{32}"


class PlatformSlug(KeywordAct):
    regex = "|".join(CONNECTORS)


register_converter(PlatformSlug, "platform_slug")
register_converter(KeywordAct, "keyword_act")
register_converter(RehearsalKey, "rehearsal_key")

urlpatterns = [
    path("mentions/", listing.mentions, name="mentions"),
    path("mentions/export/", exports.ask, name="ask_for_export"),
    path("mentions/export.<slug:file_format>", exports.export, name="export_mentions"),
    path("mentions/change/", changes.change_mentions, name="change_mentions"),
    path("mentions/<int:mention_id>/change/", changes.change_mention, name="change_mention"),
    path("settings/changes/", changes.changes, name="changes"),
    path("settings/changes/<int:change_id>/", changes.change, name="change"),
    path("settings/changes/<int:change_id>/undo/", changes.undo, name="undo_change"),
    path("settings/tags/", sorting_out.tags, name="tags"),
    path("settings/tags/<int:tag_id>/", sorting_out.rename, name="rename_tag"),
    path("settings/tags/<int:tag_id>/delete/", sorting_out.delete, name="delete_tag"),
    path("settings/muted-authors/", sorting_out.muted, name="muted"),
    path("settings/muted-authors/<int:author_id>/unmute/", sorting_out.unmute, name="unmute"),
    path("brands/", brands.brands, name="brands"),
    path("brands/new/", brands.new_brand, name="new_brand"),
    path("brands/<int:brand_id>/", brands.brand, name="brand"),
    path("brands/<int:brand_id>/delete/", brands.delete, name="delete_brand"),
    path("mentions/<int:mention_id>/", one_mention.mention, name="mention"),
    path("mentions/<int:mention_id>/author/", authors.author, name="author"),
    path("mentions/influencers/", influencers.influencers, name="influencers"),
    path(
        "mentions/influencers/export.<slug:file_format>",
        influencers.export_influencers,
        name="export_influencers",
    ),
    path("mentions/accuracy/", accuracy.accuracy, name="accuracy"),
    path("mentions/accuracy/export.<slug:file_format>", accuracy.export, name="export_accuracy"),
    path("mentions/accuracy/samples/", accuracy.draw, name="draw_sample"),
    path("mentions/accuracy/samples/<int:sample_id>/", accuracy.sample, name="sample"),
    path("mentions/accuracy/samples/<int:sample_id>/delete/", accuracy.discard, name="discard_sample"),
    path("keywords/", keywords.keywords, name="keywords"),
    path("keywords/export.<slug:file_format>", listening_files.keywords, name="export_keywords"),
    path("keywords/new/", keywords.new_keyword, name="new_keyword"),
    path("keywords/suggestions/", suggestions.suggestions, name="suggestions"),
    path("keywords/suggestions/dismiss/", suggestions.dismiss, name="dismiss_suggestion"),
    path("keywords/check/", rehearsals.check, name="check_keyword"),
    path("keywords/rehearsals/", rehearsals.start_rehearsal, name="start_rehearsal"),
    path("keywords/rehearsals/<rehearsal_key:key>/", rehearsals.rehearsal, name="rehearsal"),
    path(
        "keywords/rehearsals/<rehearsal_key:key>/judge/", rehearsals.judge_rehearsal, name="judge_rehearsal"
    ),
    path("keywords/<int:keyword_id>/", keywords.keyword, name="keyword"),
    path("keywords/<int:keyword_id>/past/", replays.past, name="keyword_past"),
    path("keywords/<int:keyword_id>/past/apply/", replays.apply_to_the_past, name="apply_keyword"),
    path("keywords/<int:keyword_id>/past/stop/", replays.stop, name="stop_keyword_past"),
    path("keywords/<int:keyword_id>/<keyword_act:act>/", keywords.change_state, name="change_keyword_state"),
    path("sources/", sources.sources, name="sources"),
    path("sources/export.<slug:file_format>", listening_files.ledger, name="export_ledger"),
    path("settings/platforms/<platform_slug:platform>/connect/", accounts.connect, name="connect"),
    path("settings/platforms/<platform_slug:platform>/add/", accounts.add, name="add_server"),
    path("settings/platforms/accounts/<int:account_id>/", accounts.reconnect, name="reconnect"),
    path("settings/platforms/accounts/<int:account_id>/disconnect/", accounts.disconnect, name="disconnect"),
]
