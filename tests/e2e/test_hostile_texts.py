"""What strangers wrote as an attack is read as they wrote it, wherever we show it, and nothing of it runs.

In a real browser, with a page of the program, a mail's or a feed reader's: no dialog, nothing in the console, nobody
asked but ourselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urlsplit
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Dialog, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Membership, Organization, SetupStep, User
from monitoring.alerts.mails.sending import render_alert
from monitoring.alerts.models import AlertMail, FeedFormat, Rhythm, ViewAlert
from monitoring.alerts.outside.feeds import make_feed
from monitoring.listening.models import Brand, BrandKind, Mention, SavedView, Tag
from monitoring.listening.models.mentions import Tone
from monitoring.listening.rollups import rebuild_rollups
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.saved_views import save_view
from tests.browsers import let_in
from tests.cast import SignIn
from tests.hostile.markup import ADDRESSES, HOST, texts
from tests.test_text_from_outside import formulas

TEXTS = tuple(texts())
# What a page of ours never has: it would come from a text.
_STRANGE = """() => {
    const links = [...document.querySelectorAll("[href], [src], [action], [formaction], [data], [ping]")];
    const handlers = [...document.querySelectorAll("*")].filter(
        each => each.getAttributeNames().some(name => name.startsWith("on"))
            || (each.hasAttribute("style") && each.tagName !== "CANVAS"));
    const elements = [...document.querySelectorAll(
        "iframe, frame, object, embed, applet, base, math, marquee, blink, style, meta[http-equiv], crazy, xss")];
    const bad = links.filter(each => ["href", "src", "action", "formaction", "data", "ping"].some(name => {
        const value = each[name] && each[name].baseVal !== undefined ? each[name].baseVal : each[name];
        return typeof value === "string" && /^(javascript|vbscript|blob|data:text|view-source):/i.test(value.trim());
    }));
    return [...handlers, ...elements, ...bad].map(each => each.outerHTML.slice(0, 200));
}"""


class Watch:
    """What a browser did that no text may make it do."""

    def __init__(self, page: Page, hosts: set[str]) -> None:
        self.page, self.hosts = page, hosts
        self.faults: list[str] = []
        page.on("dialog", self._note_dialog)
        page.on("request", self._note_request)

    def _note_dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _note_request(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        if host and host not in self.hosts:
            self.faults.append(f"asked for {request.url}")

    def look(self, where: str) -> None:
        """Move over everything and focus on it, also what comes after the page, then see what there is."""
        expect(self.page.locator(".htmx-request")).to_have_count(0)
        self.page.evaluate(
            """() => document.querySelectorAll("*").forEach(each => {
                for (const name of ["mouseover", "mouseenter", "pointerenter", "focus", "toggle"])
                    each.dispatchEvent(new Event(name));
            })"""
        )
        strange: list[str] = self.page.evaluate(_STRANGE)
        self.faults += [f"{where}: {each}" for each in strange]


def poisoned(brand: Brand) -> list[Mention]:
    """A mention for each text, which stands in all that a stranger chooses."""
    now = timezone.now()
    organization = brand.organization
    tag = Tag.objects.create(organization=organization, name=TEXTS[20][:60])
    mentions = [
        Mention(
            organization=organization,
            brand=brand,
            platform="bluesky",
            external_id=str(number),
            title=text,
            text=text,
            url=ADDRESSES[number % len(ADDRESSES)],
            community=text[:300],
            links=[ADDRESSES[number % len(ADDRESSES)], f"https://example.com/{text}"],
            hashtags=[text],
            handles=[text],
            terms=[text],
            author_key=f"bluesky:{text}"[:600],
            author_handle=text[:500],
            author_name=text[:500],
            author_url=ADDRESSES[number % len(ADDRESSES)],
            author_avatar_url=ADDRESSES[number % len(ADDRESSES)],
            author_followers=number,
            tags=[tag.pk],
            published_at=now,
            collected_at=now,
            language="en",
            sentiment=Tone.NEGATIVE,
            sentiment_confidence=0.9,
            is_question=True,
        )
        for number, text in enumerate(TEXTS)
    ]
    with transaction.atomic():
        Mention.objects.bulk_create(mentions)
        rebuild_rollups(organization=organization)
    return mentions


@pytest.fixture
def brand(transactional_db: None, organization: Organization) -> Brand:
    Organization.objects.update(setup_step=SetupStep.DONE)
    organization.refresh_from_db()
    return create_brand(organization=organization, name=TEXTS[8][:60], kind=BrandKind.OWN)


@pytest.fixture
def membership(organization: Organization, owner: User) -> Membership:
    return Membership.objects.select_related("organization", "user").get(
        organization=organization, user=owner
    )


@pytest.fixture
def view(brand: Brand, membership: Membership) -> SavedView:
    return save_view(membership=membership, brand=brand, name=TEXTS[30][:60], query="", is_shared=True)


def pages(organization: Organization, mentions: list[Mention], view: SavedView) -> Iterator[str]:
    slug = organization.slug
    yield reverse("dashboard:overview", args=[slug])
    yield reverse("listening:tags", args=[slug])
    yield reverse("alerts:view", args=[slug, view.pk])
    for mention in mentions[:: len(mentions) // 4]:
        yield reverse("listening:mention", args=[slug, mention.pk])


def outside(client: Client, view: SavedView, by: User, membership: Membership) -> Iterator[tuple[str, str]]:
    """What readers of feeds and mails take for markup."""
    for feed_format in FeedFormat:
        _feed, address = make_feed(view=view, name="Reader", feed_format=feed_format, by=by)
        body = client.get(address.removeprefix(settings.PUBLIC_URL)).content
        if feed_format == FeedFormat.RSS:
            items = ElementTree.fromstring(body).iter("item")
            yield (
                "RSS",
                "".join(item.findtext("title", "") + item.findtext("description", "") for item in items),
            )
        else:
            yield "JSON Feed", "".join(item.get("content_html", "") for item in json.loads(body)["items"])
            assert b"<" not in body
    told = list(Mention.objects.filter(brand=view.brand).order_by("pk"))
    alert = ViewAlert(
        view=view, membership=membership, rhythm=Rhythm.DAILY, seen_id=0, next_at=timezone.now()
    )
    alert.save()
    mail = AlertMail(alert=alert, until_id=told[-1].pk, mentions=[each.pk for each in told], total=len(told))
    yield "mail", render_alert(mail=mail, told=told).html


def test_nothing_that_a_stranger_wrote_runs(
    page: Page,
    live_server: LiveServer,
    brand: Brand,
    view: SavedView,
    membership: Membership,
    owner: User,
    sign_in: SignIn,
) -> None:
    mentions, organization, client = poisoned(brand), brand.organization, sign_in(owner)
    let_in(page.context, client, live_server.url)
    watch = Watch(page, {urlsplit(live_server.url).netloc})
    shown = 0
    link: str | None = f"{live_server.url}{reverse('listening:mentions', args=[organization.slug])}?period=7d"
    while link:
        page.goto(link)
        watch.look(link)
        shown += page.locator("article").count()
        older = page.locator("a[href*='before=']")
        link = str(older.first.evaluate("each => each.href")) if older.count() else None
    for path in pages(organization, mentions, view):
        page.goto(live_server.url + path)
        watch.look(path)
    page.goto("about:blank")
    for name, html in outside(client, view, owner, membership):
        page.set_content(html)
        if name == "mail":
            assert HOST in html  # it is told, as a text
        else:
            watch.look(name)
    assert (watch.faults, shown) == ([], len(TEXTS))


def test_no_file_holds_a_formula_or_markup(brand: Brand, owner: User, sign_in: SignIn) -> None:
    poisoned(brand)
    client = sign_in(owner)
    link = reverse("listening:export_mentions", args=[brand.organization.slug, "csv"])
    assert formulas(client.get(link).getvalue()) == []
    told = client.get(link.replace(".csv", ".json")).getvalue()
    assert b"<" not in told
    assert {row["text"] for row in json.loads(told)} == set(TEXTS)
    book = client.get(link.replace(".csv", ".xlsx")).getvalue()
    with ZipFile(BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        assert not any("hyperlink" in name or "external" in name.lower() for name in parts.namelist())
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet
