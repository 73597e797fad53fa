"""Many links from a table: read line by line, made once however often the file comes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from accounts.models import Organization, User
from monitoring.conversions.importers.links import LinksImporter
from monitoring.conversions.models import Campaign, TrackedLink
from monitoring.jobs.importers import BadRow, Setting
from monitoring.lib.dates import DateOrder

pytestmark = pytest.mark.django_db
IMPORTER = LinksImporter()
NOTHING = dict.fromkeys((field.name for field in IMPORTER.fields), "")


@pytest.fixture
def setting(organization: Organization, owner: User) -> Setting:
    extra = IMPORTER.prepare(organization)
    return Setting(organization=organization, order=DateOrder.DAY_FIRST, locale="en", by=owner, extra=extra)


def bring(setting: Setting, *lines: Mapping[str, str]) -> tuple[int, list[tuple[int, str]]]:
    items = [IMPORTER.read({**NOTHING, **line}, f"key{number}", setting) for number, line in enumerate(lines)]
    new, refused = IMPORTER.write(items, setting)
    return new, list(refused)


def test_a_line_becomes_a_link(setting: Setting, owner: User) -> None:
    line = {
        "target": "example.com/menu",
        "label": "Menu",
        "channel": "Instagram",
        "slug": "Menu-1",
        "campaign": "Autumn 26",
        "source": "Newsletter",
        "day": "27.03.2027",
        "fallback": "example.com",
    }
    assert bring(setting, line) == (1, [])
    link = TrackedLink.objects.get()
    assert (link.target, link.slug, link.channel) == ("https://example.com/menu", "menu-1", "instagram")
    assert (link.utm_source, link.fallback, link.created_by) == ("newsletter", "https://example.com", owner)
    assert link.expires_at is not None
    assert link.campaign == Campaign.objects.get(slug="autumn-26")


def test_the_same_file_again_makes_nothing(setting: Setting) -> None:
    lines: list[Mapping[str, str]] = [
        {"target": "example.com/a", "label": "A", "channel": "x"},
        {"target": "example.com/a", "label": "A", "channel": "x"},
        {"target": "example.com/a", "label": "A", "channel": "bluesky"},
        {"target": "example.com/b", "slug": "bbb"},
    ]
    assert bring(setting, *lines) == (3, [])
    assert bring(setting, *lines) == (0, [])
    assert TrackedLink.objects.count() == 3


def test_an_ending_that_is_taken_is_refused_and_the_rest_is_made(
    setting: Setting, strangers_link: TrackedLink, link: TrackedLink
) -> None:
    lines = [
        {"target": "example.com/a", "slug": "theirs"},
        {"target": "example.com/a", "slug": "menu"},
        {"target": "example.com/c"},
    ]
    new, refused = bring(setting, *lines)
    assert (new, [place for place, _why in refused]) == (1, [0, 1])


def test_a_campaign_is_found_by_its_name_or_tag_and_made_once(setting: Setting) -> None:
    names = ("Autumn", "autumn", "AUTUMN")
    bring(setting, *({"target": f"example.com/{name}", "campaign": name} for name in names))
    assert Campaign.objects.get().links.count() == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": "javascript:alert(1)"},
        {"target": "not an address"},
        {"target": "http://localhost:8000/l/menu"},
        {"target": "example.com/" + "a" * 2000},
        {"slug": "a"},
        {"slug": "über"},
        {"channel": "the moon"},
        {"source": "Summer fair"},
        {"day": "someday"},
        {"fallback": "example.com"},
        {"fallback": "ftp://example.com", "day": "1.1.2027"},
    ],
)
def test_what_is_wrong_with_a_line_is_said(setting: Setting, wrong: dict[str, str]) -> None:
    with pytest.raises(BadRow) as refused:
        IMPORTER.read({**NOTHING, "target": "example.com", **wrong}, "key", setting)
    assert str(refused.value)
