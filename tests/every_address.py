"""Every address that the resolver knows: so a new page cannot be forgotten by the tests that walk them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Organization, Role
from accounts.permissions import Act
from tests.addresses import EXAMPLES, PLAIN_EXAMPLES, PUBLIC, SIGNED_IN, WORDS


@dataclass(frozen=True)
class Address:
    name: str
    pattern: URLPattern
    arguments: frozenset[str]

    @property
    def needed_role(self) -> Role | None:
        return getattr(self.pattern.callback, "needed_role", None)

    def act_for(self, method: str) -> Act:
        act: Act = getattr(self.pattern.callback, "needed_act" if method == "get" else "act_to_change")
        return act

    @property
    def needs_sign_in(self) -> bool:
        return self.name in SIGNED_IN or getattr(self.pattern.callback, "needs_sign_in", False)

    @property
    def takes_objects(self) -> bool:
        return bool(self.arguments - {"slug"} - WORDS)

    def link(self, organization: Organization, objects_of: Organization | None = None) -> str:
        """The address in an organization, with an object of its own or of another."""
        needs_example = self.name in EXAMPLES or self.arguments - {"slug"}
        objects = EXAMPLES[self.name](objects_of or organization) if needs_example else {}
        return reverse(self.name, kwargs={"slug": organization.slug, **objects})

    def plain_link(self) -> str:
        """An address that belongs to no organization."""
        return reverse(self.name, kwargs=dict(PLAIN_EXAMPLES.get(self.name, {})))


def walk(
    patterns: list[URLPattern | URLResolver], space: str = "", taken: frozenset[str] = frozenset()
) -> Iterator[Address]:
    for entry in patterns:
        arguments = taken | frozenset(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from walk(entry.url_patterns, inner, arguments)
        else:
            yield Address(f"{space}{entry.name or entry.pattern}", entry, arguments)


ADDRESSES = list(walk(get_resolver().url_patterns))
OF_ORGANIZATIONS = [address for address in ADDRESSES if address.needed_role]
PERSONAL = [address for address in ADDRESSES if address.needs_sign_in]
OPEN = [address for address in ADDRESSES if address.name in PUBLIC]
