"""Asks one platform once and prints what comes, without storing anything."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring.analysis.queries import Query, QueryError, parse
from monitoring.platforms.connector import Connector
from monitoring.platforms.errors import (
    AccessDenied,
    ConnectorError,
    NotFound,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from monitoring.platforms.opening import open_without_account
from monitoring.platforms.registry import CONNECTORS, connector_class
from monitoring.platforms.types import Capability, Page, Platform, Post, Profile, SearchRequest

_MOST_PAGES = 50
_WHO_ACTS = {
    RateLimited: "Nobody has to act: ask again later.",
    Unavailable: "The platform has to act: ask again later.",
    AccessDenied: "You have to act: check the credentials, or the setting the message names.",
    NotFound: "You have to act: what you asked for is gone or misspelled.",
    UnexpectedResponse: "SMEdash's developers have to act: the platform's answers have changed.",
}


class Command(BaseCommand):
    help = (
        "Ask PLATFORM for QUERY, in SMEdash's query language, and print the posts as JSON lines. Nothing is stored. "
        "Credentials come from --credential or from the environment, as SMEDASH_<PLATFORM>_<NAME>, for example "
        "SMEDASH_X_BEARER_TOKEN or SMEDASH_BLUESKY_APP_PASSWORD."
    )
    # They import every page, for which a person would wait.
    requires_system_checks: list[str] = []  # noqa: RUF012  (the base class declares it so)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        listed = "\n".join(_described(connector_class(slug).platform) for slug in CONNECTORS)
        kwargs.update(epilog=f"platforms:\n{listed}", formatter_class=argparse.RawDescriptionHelpFormatter)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("platform", choices=CONNECTORS, metavar="PLATFORM")
        parser.add_argument("query", metavar="QUERY", help="a query, or with --profile and --posts a handle")
        parser.add_argument(
            "--server", default="", metavar="URL", help="another server than the platform's own"
        )
        parser.add_argument("--limit", type=_positive, default=25, metavar="N", help="at most N posts (25)")
        parser.add_argument(
            "--credential", action="append", default=[], type=_named, metavar="NAME=VALUE", help="repeatable"
        )
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--profile", action="store_true", help="print the profile instead")
        what.add_argument("--posts", action="store_true", help="print the profile's own posts instead")

    def handle(self, *args: object, **options: Any) -> None:
        platform = connector_class(options["platform"]).platform
        credentials = {**_from_environment(platform), **dict(options["credential"])}
        try:
            connector = open_without_account(
                platform=platform.slug, server=options["server"], credentials=credentials
            )
            for found in self._ask(connector, options):
                written = {"platform": platform.slug, **_written(found)}
                self.stdout.write(json.dumps(written, ensure_ascii=False, default=_plain))
                self.stdout.flush()
        except ConnectorError as error:
            raise CommandError(_explained(error)) from error
        except BrokenPipeError:  # whoever read our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _ask(self, connector: Connector, options: Mapping[str, Any]) -> Iterator[Post | Profile]:
        if options["profile"]:
            _require(connector, Capability.READ_PROFILE)
            return iter([connector.read_profile(options["query"])])
        return islice(self._posts(connector, options), options["limit"])

    def _posts(self, connector: Connector, options: Mapping[str, Any]) -> Iterator[Post]:
        if options["posts"]:
            _require(connector, Capability.LIST_POSTS)
            yield from _all_pages(lambda cursor: connector.list_posts(options["query"], cursor))
            return
        _require(connector, Capability.SEARCH_POSTS)
        query = _parsed(options["query"])
        texts = connector.searches_with_account(query) if connector.credentials else connector.searches(query)
        if options["server"] and connector.platform.servers_are_read_whole:
            texts = ("",)
        if not texts:
            raise CommandError(f"{connector.platform.name} cannot look for this query.")
        seen = set[str]()
        for text in texts:
            self.stderr.write(f"Asking {connector.platform.name} for: {text or 'all that is there'}")
            for post in _all_pages(_searching(connector, text)):
                if post.external_id not in seen:
                    seen.add(post.external_id)
                    yield post


def _searching(connector: Connector, text: str) -> Callable[[str | None], Page[Post]]:
    return lambda cursor: connector.search_posts(SearchRequest(text=text), cursor)


def _all_pages(read: Callable[[str | None], Page[Post]]) -> Iterator[Post]:
    cursor = None
    for _number in range(_MOST_PAGES):
        page = read(cursor)
        yield from page.items
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def _parsed(text: str) -> Query:
    try:
        return parse(text)
    except QueryError as error:
        raise CommandError(f"{error.message}\n  {text}\n  {' ' * error.position}^") from error


def _require(connector: Connector, capability: Capability) -> None:
    if capability not in connector.platform.capabilities:
        raise CommandError(f"{connector.platform.name} cannot do this ({capability}).")


def _explained(error: ConnectorError) -> str:
    wait = getattr(error, "retry_after", None)
    later = f" It asks to wait until {datetime.now(UTC) + wait:%Y-%m-%d %H:%M} UTC." if wait else ""
    acts = next(text for kind, text in _WHO_ACTS.items() if isinstance(error, kind))
    return f"{type(error).__name__}: {error}{later} {acts}"


def _written(found: Post | Profile) -> Mapping[str, object]:
    """Everything but the raw answer, which is long and of no use to `match`."""
    return {name: value for name, value in asdict(found).items() if name != "raw"}


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _from_environment(platform: Platform) -> dict[str, str]:
    found = {
        field.name: os.environ.get(_variable(platform, field.name), "")
        for field in platform.credential_fields
    }
    return {name: value for name, value in found.items() if value}


def _variable(platform: Platform, name: str) -> str:
    return f"SMEDASH_{platform.slug}_{name}".upper()


def _described(platform: Platform) -> str:
    variables = ", ".join(_variable(platform, field.name) for field in platform.credential_fields)
    return f"  {platform.slug:12}{platform.name}" + (f" ({variables})" if variables else "")


def _named(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError("a credential is written NAME=VALUE")
    return name, value


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("N must be 1 or more")
    return number
