"""Text that came from outside is shown as text, on every page and in every file: never as markup, never as a formula.

Every text of every customer's row is replaced by one that would do harm, so a new column cannot be forgotten. Links
lead to http and https alone, and tell nobody where the reader came from.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from accounts.models import AuditEvent, Organization, User
from tests.cast import SignIn
from tests.every_address import OF_ORGANIZATIONS, OPEN, PERSONAL
from tests.filled_business import FilledBusiness, fill
from tests.test_tenant_queries import models_of_customers

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

MARKUP: Final = "<i data-evil>"
EVIL: Final = f"=1+1|\"'>{MARKUP}{{{{ 7 }}}} "
EVIL_ADDRESS: Final = f"javascript:alert(1)//{MARKUP}"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
SHORTEST: Final = 60  # characters; shorter columns hold words of ours
ADDRESSES: Final = {"url", "author_url", "author_avatar_url", "website"}
# Words of ours, keys and what is read by programs: whoever changes them breaks the row, and no page shows them.
OF_OURS: Final = {
    "challenge", "checkpoint", "cursor", "digest", "email", "external_id", "idempotency_key", "key", "landing",
    "native_id", "next_checkpoint", "parent_id", "platform", "query", "sealed_credentials", "sealed_key",
    "sealed_session", "sealed_webhook_secret", "slug", "target", "fallback", "thread_id", "time_zone",
}  # fmt: skip
LEADS: Final = ("href", "src", "action", "formaction", "hx-get", "hx-post")


def texts_of(model: type[models.Model]) -> list[str]:
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField))
        and not field.choices
        and (field.max_length or SHORTEST) >= SHORTEST
        and field.name not in OF_OURS
    ]


def poison(model: type[models.Model]) -> None:
    """Each row its own text, because some must differ."""
    number = Cast(F("pk"), CharField())
    changes = {
        name: Value(EVIL_ADDRESS) if name in ADDRESSES else Concat(Value(EVIL), number)
        for name in texts_of(model)
    }
    if changes:
        model._default_manager.update(**changes)


@pytest.fixture
def business(organization: Organization, owner: User) -> FilledBusiness:
    """Its name and its people are evil from the start, so that what is remembered of them is evil too."""
    Organization.objects.update(name=EVIL, website=EVIL_ADDRESS)
    User.objects.update(name=EVIL)
    organization.refresh_from_db()
    filled = fill(organization)
    for model in models_of_customers():
        if model is not AuditEvent and isinstance(
            model._meta.pk, models.AutoField
        ):  # nobody changes that one
            poison(model)
    return filled


def answers(business: FilledBusiness, owner: User, sign_in: SignIn) -> Iterator[tuple[str, Answer]]:
    client = sign_in(owner)
    for address in [*OF_ORGANIZATIONS, *PERSONAL, *OPEN]:
        if address.name != "account_logout":
            yield address.name, client.get(business.link(address))


def bad_links(answer: Answer) -> Iterator[str]:
    for tag in BeautifulSoup(answer.content, "html.parser").select(",".join(f"[{name}]" for name in LEADS)):
        for name in LEADS:
            if name in tag.attrs and not _is_fine(tag, urlsplit(str(tag[name]))):
                yield str(tag)[:200]


def _is_fine(tag: Tag, address: object) -> bool:
    scheme, host = getattr(address, "scheme", ""), getattr(address, "netloc", "")
    if scheme in {"mailto", "tel"} or (scheme == "data" and tag.name == "img"):
        return True
    if not host:
        return scheme == ""
    if host == settings.PUBLIC_HOST:  # the letter, which is read elsewhere
        return True
    told = set(tag.get_attribute_list("rel"))
    return scheme in {"http", "https"} and (tag.name != "a" or {"noopener", "nofollow"} <= told)


def formulas(answer: Answer) -> list[str]:
    text = b"".join(answer).decode("utf-8-sig")
    return [cell for row in csv.reader(text.splitlines()) for cell in row if _would_run(cell)]


def _would_run(cell: str) -> bool:
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return cell.startswith(FORMULA)
    return False  # a number below zero


def faults_of(answer: Answer) -> list[str]:
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("text/csv"):
        return formulas(answer)
    if answer.streaming or not kind.startswith("text/html"):
        return []
    return [*bad_links(answer), *(["markup"] if MARKUP in answer.content.decode() else [])]


def test_no_text_becomes_markup_a_script_or_a_formula(
    business: FilledBusiness, owner: User, sign_in: SignIn
) -> None:
    faults: dict[str, list[str]] = {}
    shown = 0
    for name, answer in answers(business, owner, sign_in):
        faults[name] = faults_of(answer)
        shown += not answer.streaming and b"&lt;i data-evil" in answer.content
    assert {name: found for name, found in faults.items() if found} == {}
    assert shown > 60
