"""A site's feed and further servers are named on a page, tried, and then read as anybody may."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Organization, User
from monitoring.listening.models import BrandKind, Source, Subscription
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.keywords import create_keyword
from monitoring.platforms.models import ConnectedAccount
from tests.cast import SignIn
from tests.platforms.conftest import Serve
from tests.platforms.local_server import LocalServer, Request, Response

PAGE = "/o/halden-coffee/settings/platforms/"
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Beans</title>
<item><guid>1</guid><title>Halden opens</title><link>https://beans.example/1</link>
<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"""


def as_blog(request: Request) -> Response:
    if request.path == "/feed.xml":
        return Response(FEED.encode(), headers={"Content-Type": "application/rss+xml"})
    if request.path == "/blog":
        link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        return Response(f"<html><head>{link}</head><body>Beans</body></html>")
    return Response("<html>Nothing here</html>", status=404)


@pytest.fixture
def client(sign_in: SignIn, admin: User) -> Client:
    return sign_in(admin)


@pytest.fixture
def blog(serve: Serve, settings: Settings) -> LocalServer:
    settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]
    return serve(as_blog)


def listen_for(organization: Organization, *queries: str) -> None:
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    for query in queries:
        create_keyword(brand=brand, query=query, by=None)


def test_a_feed_is_found_from_its_site_and_is_one_source_for_all_keywords(
    client: Client, organization: Organization, blog: LocalServer
) -> None:
    listen_for(organization, "halden", '"oat milk" OR decaf', "beans -platform:feeds")
    page = client.post(f"{PAGE}feeds/add/", {"server": f"{blog.url}/blog"}, follow=True).content.decode()
    source = Source.objects.get(server=f"{blog.url}/feed.xml")

    assert f"{blog.url}/feed.xml" in page
    assert (source.query, source.account_id) == ("", None)
    assert Subscription.objects.filter(source=source).count() == 2  # one keyword wants nothing of feeds


def test_two_organizations_share_a_feed(
    client: Client,
    organization: Organization,
    strangers_organization: Organization,
    stranger: User,
    sign_in: SignIn,
    blog: LocalServer,
) -> None:
    for visitor, theirs in ((client, organization), (sign_in(stranger), strangers_organization)):
        listen_for(theirs, "halden")
        visitor.post(f"/o/{theirs.slug}/settings/platforms/feeds/add/", {"server": f"{blog.url}/feed.xml"})

    assert Source.objects.filter(server=f"{blog.url}/feed.xml").count() == 1
    assert ConnectedAccount.objects.count() == 2


@pytest.mark.parametrize("path", ["/nothing", "/"])
def test_a_site_without_a_feed_is_said_at_the_address(
    client: Client, organization: Organization, blog: LocalServer, path: str
) -> None:
    answer = client.post(f"{PAGE}feeds/add/", {"server": f"{blog.url}{path}"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["server"]
    assert not ConnectedAccount.objects.exists()


def test_a_private_address_is_refused_at_the_address(
    client: Client, organization: Organization, serve: Serve
) -> None:
    server = serve(as_blog)
    answer = client.post(f"{PAGE}feeds/add/", {"server": f"{server.url}/feed.xml"})
    assert list(answer.context["form"].errors) == ["server"]
    assert not server.requests


def test_a_keyword_is_searched_on_a_further_server_and_on_the_default_one(
    client: Client, organization: Organization, serve: Serve, settings: Settings
) -> None:
    settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]
    server = serve(lambda _request: Response([]))
    client.post(f"{PAGE}mastodon/add/", {"server": server.url})
    listen_for(organization, "halden")
    asked = Source.objects.filter(platform="mastodon", account=None).values_list("server", "query")

    assert set(asked) == {("https://mastodon.social", "#halden"), (server.url, "#halden")}


def test_a_server_that_answers_accounts_only_says_so(
    client: Client, organization: Organization, serve: Serve, settings: Settings
) -> None:
    settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]
    server = serve(lambda _request: Response({"error": "This method requires authentication"}, status=422))
    answer = client.post(f"{PAGE}mastodon/add/", {"server": server.url})
    assert "Connect one" in answer.context["form"].errors["server"][0]


def test_a_server_is_left_again(client: Client, organization: Organization, blog: LocalServer) -> None:
    listen_for(organization, "halden")
    client.post(f"{PAGE}feeds/add/", {"server": f"{blog.url}/feed.xml"})
    client.post(f"{PAGE}accounts/{ConnectedAccount.objects.get().pk}/disconnect/")
    assert not Subscription.objects.filter(source__server=f"{blog.url}/feed.xml").exists()
