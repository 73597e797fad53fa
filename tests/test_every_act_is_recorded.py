"""Whatever somebody can do by sending a form leaves an event in the audit log, or is named here with the reason.

Each address is opened as an owner, its form filled in as a browser would, with what stands in TYPED, and sent. A new
address that changes something cannot be forgotten. No event holds what nobody may read.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import segno
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.audit_log.wording import KINDS
from accounts.models import AuditEvent, Membership, Organization, Role, User
from monitoring.conversions.models import Goal, ShopConnection
from monitoring.listening.models import BrandKind, Mention
from monitoring.listening.models.saved_views import SavedView
from monitoring.listening.services.brands import create_brand
from tests.cast import PASSWORD, SignIn, make_member, make_person
from tests.conversions.shops.conftest import Run, budget, redis, run_shop, serve
from tests.conversions.shops.made_up import ADDRESSES, CREDENTIALS
from tests.every_address import OF_ORGANIZATIONS, Address
from tests.filled_business import fill
from tests.platforms.conftest import Serve
from tests.platforms.local_server import LocalServer, Request, Response

__all__ = ["budget", "redis", "run_shop", "serve"]

ACCESS_TOKEN = "token-of-acme-4711"
WEBHOOK_SECRET = "shpss_0123456789abcdef0123456789abcdef"
FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Beans</title></channel></rss>'


def a_picture() -> bytes:
    drawn = io.BytesIO()
    segno.make("SMEdash").save(drawn, kind="png", scale=6)
    return drawn.getvalue()


WRONG_METHOD = 405
FILES = re.compile("export|file|fetch|code|lines|hand_out")

# What leaves no event, and why.
NOT_WORTH_AN_EVENT = {
    "accounts:mail": "a page: it takes nothing",
    "accounts:security": "a page: it takes nothing",
    "accounts:send_test_mail": "a mail to oneself changes nothing",
    "accounts:you": "what one reads in, and when: nobody else's concern",
    "alerts:alert": "whether one gets mails: nobody else's concern",
    "alerts:move_view": "the order of tabs",
    "audience:correct": "stands on the post",
    "conversions:begin_timer": "the entry that it ends in is recorded",
    "conversions:collect_shop": "asks sooner, changes nothing",
    "conversions:counter": "the list of conversions says who entered what",
    "conversions:end_timer": "stands in the list of times, with who it was",
    "conversions:fetch_rates": "asks the bank sooner, changes nothing",
    "conversions:reach": "tries whether customers reach this server",
    "conversions:undo": "the list of conversions says who entered what",
    "dashboard:collect": "asks sooner, changes nothing",
    "dashboard:imports": "an uploaded file of which nothing is imported yet",
    "dashboard:leave_demo": "deletes the demo with its log",
    "dashboard:skip": "a question that is not asked again",
    "listening:draw_sample": "stands in the list of samples, with who it was",
    "listening:keyword_past": "counts what would change; that it was applied is recorded",
    "listening:stop_keyword_past": "what was applied until then is recorded; a count changes nothing",
    "listening:dismiss_suggestion": "what is suggested: nothing else changes",
    "listening:judge_rehearsal": "answers about examples: nothing is stored",
    "listening:sample": "stands on each label, with who it was",
    "listening:start_rehearsal": "a preview: nothing is stored",
    "reports:letter": "whether one gets a mail: nobody else's concern",
    "strategy:dismiss": "stands on the step, with who it was",
    "strategy:take": "stands on the step, with who it was",
}

# What is typed besides what stands in the form already.
TYPED: dict[str, dict[str, object]] = {
    "accounts:add_holiday": {"name": "Christmas", "first_day": "2026-12-25", "last_day": "2026-12-26"},
    "accounts:change_logo": {"logo": ("logo.png", a_picture())},
    "accounts:hours": {"day_1": "8:00-12:00"},
    "accounts:organization_security": {"required": "yes"},
    "accounts:change_role": {"role": "marketer"},
    "accounts:team": {"email": "jo@example.net", "role": "marketer"},
    "accounts:tokens": {"name": "Till"},
    "alerts:edit_widget": {"hosts": "example.com", "most": "5", "appearance": "device"},
    "alerts:new_feed": {"reader": "Lea", "format": "rss"},
    "alerts:new_view": {"name": "Praise", "is_shared": "on"},
    "alerts:rename_view": {"name": "Another name"},
    "audience:add": {"pasted": "https://bsky.app/profile/jo.example.net", "brand": "new", "competitor": "Jo"},
    "conversions:assumptions": {"margin": "45"},
    "conversions:change_goal": {"target": "77"},
    "conversions:change_one_goal": {"target": "78"},
    "conversions:edit_campaign": {"name": "Winter"},
    "conversions:incident": {"name": "Closed for a week"},
    "conversions:incidents": {"name": "Sold out", "first_day": "2026-11-01"},
    "conversions:edit_link": {"label": "Another label"},
    "conversions:edit_spend": {"amount": "7"},
    "conversions:edit_time": {"minutes": "25"},
    "conversions:money": {"currency": "USD", "per_euro": "1.08"},
    "conversions:new_boost": {"amount": "5"},
    "conversions:new_campaign": {"name": "Advent", "slug": "advent", "starts_on": "2026-12-01"},
    "conversions:new_goal": {"target": "79"},
    "conversions:new_link": {"target": "https://example.com/menu", "label": "The menu", "channel": "print"},
    "conversions:new_spend": {"amount": "12", "first_day": "2026-11-01", "last_day": "2026-11-02"},
    "conversions:shop": {"secret": WEBHOOK_SECRET},
    "conversions:site": {"hosts": "another.example.com"},
    "conversions:time_spent": {"minutes": "30", "day": "2026-11-02"},
    "conversions:upload_rates": {"table": ("rates.csv", b"currency,day,rate\nUSD,2026-11-01,1.1\n")},
    "conversions:words": {"word": "window"},
    "listening:ask_for_export": {"format": "csv"},
    "dashboard:import": {"start": "yes", "day": "column:0", "kind": "always:order", "amount": "column:1"},
    "dashboard:settings": {"name": "Halden Coffee Roasters"},
    "dashboard:setup_goal": {"target": "80"},
    "dashboard:setup_others": {"competitors": "Blue Cup"},
    "dashboard:setup_profiles": {"links": "https://bsky.app/profile/mira.example.net"},
    "listening:change_mention": {"act": "delete"},
    "listening:brand": {"name": "Halden"},
    "listening:delete_brand": {"name": "halden coffee"},
    "listening:connect": {"access_token": ACCESS_TOKEN},
    "listening:keyword": {"query": "espresso"},
    "listening:new_brand": {"name": "Blue Cup", "kind": "competitor"},
    "listening:new_keyword": {"query": "latte"},
    "listening:reconnect": {"access_token": ACCESS_TOKEN},
    "listening:rename_tag": {"name": "Fair"},
    "listening:tags": {"name": "Launch"},
    "privacy:delete": {"name": "Halden Coffee"},
    "privacy:erase": {"platform": "bluesky", "handle": "jo"},
    "privacy:stored": {"bluesky": "30"},
    "strategy:plan": {"whom": "Neighbors"},
    "conversions:connect_shop": {"address": ADDRESSES["shopify"], **CREDENTIALS["shopify"]},
    "conversions:reconnect_shop": dict(CREDENTIALS["shopify"]),
}
SECRETS = (ACCESS_TOKEN, WEBHOOK_SECRET, PASSWORD, CREDENTIALS["shopify"]["client_secret"], "of a test")


def as_mastodon_and_blog(request: Request) -> Response:
    if request.path == "/feed.xml":
        return Response(FEED, headers={"Content-Type": "application/rss+xml"})
    return Response({"id": "1", "acct": "acme", "username": "acme", "followers_count": 3})


@pytest.fixture
def server(serve: Serve, run_shop: Run, settings: Settings) -> LocalServer:
    run_shop("shopify")
    settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]
    found = serve(as_mastodon_and_blog)
    settings.PLATFORM_URLS = {**settings.PLATFORM_URLS, "mastodon": found.url}
    return found


@pytest.fixture
def business(organization: Organization) -> Organization:
    """With something of everything, so that there is something to change."""
    fill(organization)
    organization.refresh_from_db()
    return organization


def forms_of(page: bytes, link: str) -> Iterator[Tag]:
    for form in BeautifulSoup(page, "html.parser").select("form[method=post]"):
        if form.get("action", "") in {"", link}:
            yield form


def filled_in(form: Tag) -> dict[str, object]:
    """What a browser would send."""
    data: dict[str, object] = {}
    for control in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(control["name"]), str(control.get("type", ""))
        if control.name == "select":
            options = control.select("option[selected]") or control.select("option")[:1]
            data[name] = [str(option.get("value", "")) for option in options]
        elif control.name == "textarea":
            data[name] = control.get_text().removeprefix("\n")
        elif kind in {"checkbox", "radio"}:
            if control.has_attr("checked"):
                chosen = data.setdefault(name, [])
                assert isinstance(chosen, list)
                chosen.append(str(control.get("value", "on")))
        elif kind not in {"file", "submit"}:
            data[name] = str(control.get("value", ""))
    return data


def link_to(address: Address, organization: Organization) -> str:
    """Where the act makes a difference: to a goal that is not the main one, to a business that is to be deleted."""
    if address.name == "conversions:choose_main_goal":
        goal = Goal.objects.create(organization=organization, counts="call", target=5, is_main=False)
        return reverse(address.name, args=[organization.slug, goal.pk])
    if address.name == "dashboard:setup_keywords":
        create_brand(organization=organization, name="Blue Cup", kind=BrandKind.COMPETITOR)
    if address.name == "privacy:keep":
        Organization.objects.update(delete_at=timezone.now() + timedelta(days=3))
    if address.name == "accounts:organization_security":
        TOTP.activate(owner_of(organization), generate_totp_secret())
    if address.name in {"accounts:leave", "accounts:transfer"}:
        Membership.objects.create(organization=organization, user=make_person("Second"), role=Role.OWNER)
    link = address.link(organization)
    if address.name == "alerts:share_view":
        maker = organization.memberships.get(user=owner_of(organization))
        SavedView.objects.filter(pk=int(link.split("/")[-3])).update(private_to=maker)
    if address.name == "conversions:reconnect_shop":
        ShopConnection.objects.filter(pk=int(link.split("/")[-3])).update(address=ADDRESSES["shopify"])
    return link


def owner_of(organization: Organization) -> User:
    return organization.memberships.filter(role=Role.OWNER).earliest("pk").user


def act(client: Client, link: str, typed: dict[str, object]) -> int:
    """Fill in what the page asks for, and send it."""
    answer = client.get(link)
    page = b"" if answer.streaming else answer.content
    data = next((filled_in(form) for form in forms_of(page, link)), {}) | typed
    files = {name: SimpleUploadedFile(*value) for name, value in data.items() if isinstance(value, tuple)}
    return client.post(link, {**data, **files}).status_code


def events_of(person: User, after: int) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(actor=person, pk__gt=after))


def posted_to() -> list[Address]:
    return [address for address in OF_ORGANIZATIONS if address.name not in NOT_WORTH_AN_EVENT]


def test_every_act_of_a_member_is_recorded_or_named(
    business: Organization, owner: User, sign_in: SignIn, server: LocalServer
) -> None:
    client = sign_in(owner)
    own: dict[str, dict[str, object]] = {
        "accounts:transfer": {"member": make_member(business, Role.ADMIN).memberships.get().pk},
        "listening:change_mentions": {
            "act": "archive",
            "chosen": list(Mention.objects.filter(status=0).values_list("pk", flat=True)[:2]),
        },
        "listening:connect": {"server": server.url},
        "listening:add_server": {"server": f"{server.url}/feed.xml"},
    }
    silent, secrets, kinds = [], [], set()
    for address in posted_to():
        point, last = transaction.savepoint(), AuditEvent.objects.latest("pk").pk
        link = link_to(address, business)
        status = client.post(link).status_code
        if status == WRONG_METHOD:
            continue
        if not events_of(owner, last):
            status = act(client, link, {**TYPED.get(address.name, {}), **own.get(address.name, {})})
        events = events_of(owner, last)
        if not events:
            silent.append(f"{address.name} answered {status} and left no event")
        kept = json.dumps([[event.before, event.after, event.subject_name] for event in events])
        secrets += [(address.name, secret) for secret in SECRETS if secret in kept]
        kinds |= {event.subject_kind for event in events}
        transaction.savepoint_rollback(point)
    assert not silent, "\n".join(silent)
    assert not secrets
    assert kinds <= KINDS.keys()


def test_every_file_that_is_taken_away_is_recorded(
    business: Organization, owner: User, sign_in: SignIn
) -> None:
    client, silent, taken = sign_in(owner), [], 0
    for address in OF_ORGANIZATIONS:
        if not FILES.search(address.name):
            continue
        last = AuditEvent.objects.latest("pk").pk
        answer = client.get(address.link(business))
        if answer.has_header("Content-Disposition"):
            taken += 1
            exported = [event.action == AuditEvent.Action.EXPORTED for event in events_of(owner, last)]
            if exported != [True]:
                silent.append(address.name)
    assert not silent
    assert taken >= 8
