"""Admins connect shops on a page. Each is tried first; what is secret is never shown; nobody else comes in."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from celery import Celery
from django.db import connection as database
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Organization, User
from monitoring.conversions.models import Conversion, Delivery, ShopConnection
from monitoring.conversions.selectors.shops import PAGE_SIZE
from monitoring.conversions.shops.registry import CONNECTORS
from tests.cast import SignIn
from tests.conversions.shops.calling import Hook
from tests.conversions.shops.conftest import Connect, Run
from tests.conversions.shops.made_up import ADDRESSES, CREDENTIALS, MAKERS, SECRET
from tests.conversions.shops.test_polling import ago

pytestmark = pytest.mark.django_db
PAGE = "/o/halden-coffee/settings/shops/"


@pytest.fixture
def client(sign_in: SignIn, admin: User, eager_tasks: Celery) -> Client:
    """Whoever connects a shop sets a worker going: here it works at once."""
    return sign_in(admin)


def typed(slug: str, **changes: str) -> dict[str, str]:
    return {"address": ADDRESSES[slug], **CREDENTIALS[slug], **changes}


def text(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("slug", CONNECTORS)
def test_a_shop_is_tried_then_stored_sealed_and_read(
    slug: str, client: Client, run_shop: Run, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    run_shop(slug, [MAKERS[slug](1, at=ago(days=2))])
    answer = client.post(f"{PAGE}{slug}/connect/", typed(slug))

    shop = ShopConnection.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"{PAGE}{shop.pk}/"
    assert (shop.address, dict(shop.credentials)) == (ADDRESSES[slug], dict(CREDENTIALS[slug]))
    assert Conversion.objects.count() == 1
    shown = (
        text(client)
        + text(client, f"{PAGE}{shop.pk}/")
        + text(client, f"{PAGE}{shop.pk}/reconnect/")
        + caplog.text
    )
    with database.cursor() as cursor:
        cursor.execute("select * from conversions_shopconnection")
        shown += str(cursor.fetchall())
    secrets = [value for name, value in CREDENTIALS[slug].items() if "secret" in name or "token" in name]
    assert not [secret for secret in secrets if secret in shown]


@pytest.mark.parametrize("slug", CONNECTORS)
def test_wrong_credentials_store_nothing_and_stay_unshown(slug: str, client: Client, run_shop: Run) -> None:
    run_shop(slug)
    wrong = dict.fromkeys(CREDENTIALS[slug], "wrong-4711")
    answer = client.post(f"{PAGE}{slug}/connect/", typed(slug, **wrong))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "aria-invalid" in page
    assert not ShopConnection.objects.exists()


def test_an_address_that_cannot_be_a_shop_is_said_so(client: Client) -> None:
    answer = client.post(f"{PAGE}shopify/connect/", typed("shopify", address="evil.example.com"))

    assert answer.status_code == 422
    assert "myshopify.com" in answer.content.decode()


def test_keys_are_not_sent_in_the_open(client: Client, settings: Settings) -> None:
    plain = typed("woocommerce", address="http://shop.example.com")
    answer = client.post(f"{PAGE}woocommerce/connect/", plain)

    assert answer.status_code == 422
    assert "https" in answer.content.decode()


def test_a_shop_in_a_private_network_is_refused(client: Client) -> None:
    answer = client.post(
        f"{PAGE}woocommerce/connect/", typed("woocommerce", address="https://127.0.0.1:4443")
    )

    assert answer.status_code == 422
    assert "private network" in answer.content.decode()


def test_connecting_a_shop_twice_gives_the_same(client: Client, run_shop: Run) -> None:
    run_shop("shopify", [MAKERS["shopify"](1, at=ago(days=2))])
    for _twice in range(2):
        client.post(f"{PAGE}shopify/connect/", typed("shopify"))

    assert ShopConnection.objects.count() == 1
    assert Conversion.objects.count() == 1


def test_the_state_says_who_must_act(client: Client, run_shop: Run, connect: Connect) -> None:
    shop = run_shop("woocommerce")
    connection = connect("woocommerce")
    shop.is_open = False
    client.post(f"{PAGE}{connection.pk}/collect/")
    page = text(client, f"{PAGE}{connection.pk}/")

    assert "refuses access (401)" in page
    assert "You can mend this" in page
    assert "Connect again" in text(client)


def test_trouble_of_the_shop_is_not_the_customers(client: Client, make_connection: Connect) -> None:
    connection = make_connection("shopify")
    ShopConnection.objects.update(last_error="halden.myshopify.com takes too long.")

    assert "We try again by ourselves" in text(client, f"{PAGE}{connection.pk}/")


def test_new_keys_are_tried_and_only_what_was_typed_changes(
    client: Client, run_shop: Run, connect: Connect
) -> None:
    run_shop("shopify")
    connection = connect("shopify")
    connection.credentials = {**CREDENTIALS["shopify"], "client_secret": "old"}
    connection.save()
    address = f"{PAGE}{connection.pk}/reconnect/"
    assert client.post(address, {"client_secret": "wrong"}).status_code == 422
    answer = client.post(address, {"client_secret": CREDENTIALS["shopify"]["client_secret"]})

    connection.refresh_from_db()
    assert answer.status_code == 302
    assert dict(connection.credentials) == dict(CREDENTIALS["shopify"])


def test_keys_of_another_shop_do_not_replace_these(client: Client, run_shop: Run, connect: Connect) -> None:
    run_shop("stripe")
    connection = connect("stripe")
    ShopConnection.objects.update(address="acct_another")
    answer = client.post(f"{PAGE}{connection.pk}/reconnect/", CREDENTIALS["stripe"])

    assert answer.status_code == 422
    assert "another shop" in answer.content.decode()


def test_the_webhook_secret_is_stored_and_not_shown(client: Client, make_connection: Connect) -> None:
    connection = make_connection("shopify", secret="")
    answer = client.post(f"{PAGE}{connection.pk}/", {"secret": f" {SECRET} "})

    connection.refresh_from_db()
    assert answer.status_code == 302
    assert connection.webhook_secret == SECRET
    page = text(client, f"{PAGE}{connection.pk}/")
    assert SECRET not in page
    assert "A secret is stored" in page


def test_the_page_says_whether_the_shop_can_call(
    client: Client, make_connection: Connect, settings: Settings
) -> None:
    connection = make_connection("shopify")
    settings.PUBLIC_URL = "http://localhost:8000"
    assert "Customers cannot reach" in text(client, f"{PAGE}{connection.pk}/")

    settings.PUBLIC_URL = "https://smedash.example.com"
    page = text(client, f"{PAGE}{connection.pk}/")
    assert "Customers cannot reach" not in page
    assert f"https://smedash.example.com/hooks/shops/{connection.key}/" in page


def test_a_shop_without_webhooks_has_no_word_of_them(client: Client, make_connection: Connect) -> None:
    connection = make_connection("ebay")

    assert "/hooks/" not in text(client, f"{PAGE}{connection.pk}/")
    client.post(f"{PAGE}{connection.pk}/", {"secret": "something"})
    connection.refresh_from_db()
    assert connection.webhook_secret == SECRET


def test_disconnecting_forgets_the_keys_and_keeps_the_orders(
    client: Client, run_shop: Run, connect: Connect
) -> None:
    run_shop("shopify", [MAKERS["shopify"](1, at=ago(days=2))])
    connection = connect("shopify")
    client.post(f"{PAGE}{connection.pk}/collect/")
    client.post(f"{PAGE}{connection.pk}/disconnect/")

    connection.refresh_from_db()
    assert (connection.sealed_credentials, connection.sealed_webhook_secret) == ("", "")
    assert connection.due_at is None
    assert Conversion.objects.count() == 1
    assert "Your shops" not in text(client)
    assert client.get(f"{PAGE}{connection.pk}/").status_code == 404


def test_the_last_deliveries_are_listed_with_their_reasons(client: Client, make_connection: Connect) -> None:
    there = Hook(make_connection("shopify"), Client())
    there.send(MAKERS["shopify"](1), secret="wrong")
    there.send(MAKERS["shopify"](2), topic="orders/<b>paid</b>")
    page = text(client, f"{PAGE}{there.connection.pk}/deliveries/")

    assert "the secret differs" in page
    assert "orders/&lt;b&gt;paid&lt;/b&gt;" in page
    assert page.index("Waiting") < page.index("Refused")


def test_deliveries_are_paged(client: Client, make_connection: Connect) -> None:
    connection = make_connection("shopify")
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(
            connection=connection,
            delivery_id=str(number),
            topic=f"topic-{number}-",
            received_at=now - timedelta(seconds=number // 3),
        )
        for number in range(PAGE_SIZE + 20)
    )
    address = f"{PAGE}{connection.pk}/deliveries/"
    first = text(client, address)
    older = first.partition('rel="next" href="')[2].partition('"')[0]
    second = text(client, address + older)

    shown = [f"topic-{number}-" in first for number in range(PAGE_SIZE + 20)]
    assert sum(shown) == PAGE_SIZE
    assert [f"topic-{number}-" in second for number in range(PAGE_SIZE + 20)] == [not each for each in shown]
    assert 'rel="next"' not in second


@pytest.mark.parametrize("cursor", ["x", "1", "-", "99999999999999999999-99999999999999999999", "1-1", "²-²"])
def test_a_cursor_that_is_none_harms_nobody(cursor: str, client: Client, make_connection: Connect) -> None:
    connection = make_connection("shopify")

    assert client.get(f"{PAGE}{connection.pk}/deliveries/", {"before": cursor}).status_code == 200


def test_nobody_sees_the_shops_of_another_business(
    make_connection: Connect, stranger: User, strangers_organization: Organization, sign_in: SignIn
) -> None:
    connection = make_connection("shopify")
    browser = sign_in(stranger)
    for page in ("", "reconnect/", "deliveries/"):
        assert browser.get(f"{PAGE}{connection.pk}/{page}").status_code == 404
        theirs = f"/o/{strangers_organization.slug}/settings/shops/{connection.pk}/{page}"
        assert browser.get(theirs).status_code == 404
    for act in ("collect/", "disconnect/", "reconnect/", ""):
        theirs = f"/o/{strangers_organization.slug}/settings/shops/{connection.pk}/{act}"
        assert browser.post(theirs, {"secret": "theirs"}).status_code == 404
    connection.refresh_from_db()
    assert connection.webhook_secret == SECRET


def test_marketers_do_not_connect_shops(marketer: User, make_connection: Connect, sign_in: SignIn) -> None:
    connection = make_connection("shopify")
    browser = sign_in(marketer)
    for page in (
        PAGE,
        f"{PAGE}shopify/connect/",
        f"{PAGE}{connection.pk}/",
        f"{PAGE}{connection.pk}/deliveries/",
    ):
        assert browser.get(page).status_code == 403


def test_what_a_shop_sends_is_never_shown(client: Client, make_connection: Connect) -> None:
    """Bodies name customers: the page shows what became of them, and no more."""
    there = Hook(make_connection("shopify"), Client())
    told = MAKERS["shopify"](1) | {"email": "lena@example.com"}
    there.send(told)

    assert "lena@example.com" in json.dumps(told)
    assert "lena@example.com" not in text(client, f"{PAGE}{there.connection.pk}/deliveries/")
