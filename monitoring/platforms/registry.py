"""Which platforms there are. A new one is one line here; its module is loaded when first asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from monitoring.platforms.connector import Connector
from monitoring.platforms.types import Platform

CONNECTORS = {
    "bluesky": "monitoring.platforms.connectors.bluesky.BlueskyConnector",
    "mastodon": "monitoring.platforms.connectors.mastodon.MastodonConnector",
    "hackernews": "monitoring.platforms.connectors.hackernews.HackerNewsConnector",
    "lemmy": "monitoring.platforms.connectors.lemmy.LemmyConnector",
    "feeds": "monitoring.platforms.connectors.feeds.FeedsConnector",
    "x": "monitoring.platforms.connectors.x.XConnector",
}
# What mentions may be of, and nothing is read from.
IMPORTED = Platform(
    slug="imported", name="Imported", short_name="IM", color="#4a5a63", home="", capabilities={}
)


class UnknownPlatform(LookupError):
    pass


@cache
def connector_class(slug: str) -> type[Connector]:
    if slug not in CONNECTORS:
        raise UnknownPlatform(f"There is no platform “{slug}”. There are: {', '.join(CONNECTORS)}.")
    module, name = CONNECTORS[slug].rsplit(".", 1)
    found: type[Connector] = getattr(import_module(module), name)
    return found


def connector_classes() -> tuple[type[Connector], ...]:
    return tuple(connector_class(slug) for slug in CONNECTORS)


def platforms() -> tuple[Platform, ...]:
    return tuple(found.platform for found in connector_classes())


def platform_of(slug: str) -> Platform:
    """Who a mention's platform is, even if nothing is read from it any more."""
    if slug == IMPORTED.slug:
        return IMPORTED
    if slug in CONNECTORS:
        return connector_class(slug).platform
    return Platform(
        slug=slug, name=slug, short_name=slug[:2].upper(), color="#3d4a52", home="", capabilities={}
    )
