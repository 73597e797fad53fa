"""Campaigns with their codes and links, the words of links, and what links may be besides."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from monitoring.conversions.clicks.storing import store_clicks
from monitoring.conversions.clicks.targets import find_target
from monitoring.conversions.models import (
    Campaign,
    Channel,
    Coupon,
    CreditDay,
    TrackedLink,
    UtmField,
    UtmWord,
)
from monitoring.conversions.selectors.campaigns import list_campaigns
from monitoring.conversions.services.campaigns import (
    CampaignPlan,
    CouponTaken,
    change_campaign,
    create_campaign,
)
from monitoring.conversions.services.links import create_link
from monitoring.conversions.services.words import keep_words, write_word
from tests.cast import SignIn
from tests.conversions.conftest import click
from tests.conversions.test_pages import text_of

pytestmark = pytest.mark.django_db
PLACE = "/o/halden-coffee/goal/campaigns/"
LINKS = "/o/halden-coffee/goal/links/"
AUTUMN = {"name": "Autumn menu", "starts_on": "2026-09-01", "coupons": "HERBST10\nflyer, FLYER"}
MENU = {"target": "https://example.com/menu", "label": "Menu", "channel": "instagram"}


def plan(name: str = "Autumn", slug: str = "autumn", *coupons: str) -> CampaignPlan:
    return CampaignPlan(name=name, slug=slug, starts_on=date(2026, 9, 1), coupons=coupons)


@pytest.fixture
def marketers(marketer: User, sign_in: SignIn) -> Client:
    return sign_in(marketer)


@pytest.fixture
def campaign(organization: Organization) -> Campaign:
    return create_campaign(organization=organization, plan=plan("Autumn", "autumn", "HERBST10"))


def test_a_campaign_is_made_with_its_codes(marketers: Client) -> None:
    page = marketers.post(PLACE + "new/", AUTUMN, follow=True)
    made = Campaign.objects.get()
    assert (made.slug, made.starts_on, made.ends_on) == ("autumn-menu", date(2026, 9, 1), None)
    assert set(made.coupons.values_list("code", flat=True)) == {"HERBST10", "FLYER"}
    assert "HERBST10" in text_of(page)
    assert "0 visits by its links" in text_of(page)


def test_codes_that_are_gone_from_the_list_are_gone_and_others_stay_the_same(
    marketers: Client, campaign: Campaign
) -> None:
    kept = campaign.coupons.get().pk
    facts = {"name": "Autumn", "slug": "autumn", "starts_on": "2026-09-01", "coupons": "herbst10\nNEW"}
    marketers.post(f"{PLACE}{campaign.pk}/change/", {**facts, "coupon_channel": "print"})
    assert campaign.coupons.get(code="HERBST10").pk == kept
    assert campaign.coupons.get(code="NEW").channel == Channel.PRINT
    marketers.post(f"{PLACE}{campaign.pk}/change/", {**facts, "coupons": ""})
    assert not campaign.coupons.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slug": "Autumn"}, "Another campaign has this tag."),
        ({"coupons": "herbst10"}, "HERBST10 belongs to another campaign."),
        ({"coupons": "two words"}, "is no code"),
        ({"ends_on": "2026-08-01"}, "It cannot end before it begins."),
        ({"starts_on": "0001-01-01"}, "This day is too far away."),
        ({"name": "!!!"}, "nothing in this name can stand in an address"),
    ],
)
def test_what_is_wrong_with_a_campaign_is_said(
    marketers: Client, campaign: Campaign, wrong: dict[str, str], said: str
) -> None:
    facts = {"name": "Winter", "starts_on": "2026-12-01", "coupons": "SNOW"}
    page = marketers.post(PLACE + "new/", facts | wrong)
    assert page.status_code == 422
    assert said in text_of(page)
    assert Campaign.objects.count() == 1


def test_a_code_of_another_campaign_changes_nothing(organization: Organization, campaign: Campaign) -> None:
    other = create_campaign(organization=organization, plan=plan("Winter", "winter", "SNOW"))
    with pytest.raises(CouponTaken):
        change_campaign(campaign=other, plan=plan("Winter", "cold", "SNOW", "HERBST10"))
    other.refresh_from_db()
    assert other.slug == "winter"
    assert Coupon.objects.count() == 2


def test_the_same_tag_and_code_are_free_elsewhere(
    campaign: Campaign, strangers_organization: Organization
) -> None:
    create_campaign(organization=strangers_organization, plan=plan("Autumn", "autumn", "HERBST10"))
    assert Coupon.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_links_carry_the_new_tag_at_once(organization: Organization, campaign: Campaign) -> None:
    create_link(
        organization=organization,
        target="https://e.com/",
        label="A",
        channel="x",
        slug="abc",
        campaign=campaign,
    )
    assert "utm_campaign=autumn" in getattr(find_target("abc"), "address", "")
    change_campaign(campaign=campaign, plan=plan("Autumn", "herbst"))
    assert "utm_campaign=herbst" in getattr(find_target("abc"), "address", "")


def test_a_campaign_has_the_visits_of_its_links_and_the_credits_of_last_touches(
    marketers: Client, organization: Organization, campaign: Campaign, link: TrackedLink
) -> None:
    link.campaign = campaign
    link.save()
    store_clicks([click(link, visitor=f"v{number}") for number in range(3)] + [click(link, is_bot=True)])
    for model, number in (("last", Decimal("2.5")), ("first", Decimal(9))):
        CreditDay.objects.create(
            organization_id=organization.pk,
            day=date(2026, 9, 3),
            model=model,
            kind="order",
            currency="EUR",
            channel="instagram",
            campaign_id=campaign.pk,
            link_id=link.pk,
            number=number,
            amount=Decimal("31.50"),
        )
    (found,) = list_campaigns(organization=organization)
    assert (found.visits, found.links, found.orders) == (3, 1, Decimal("2.5"))
    assert found.amounts == {"EUR": Decimal("31.50")}

    page = f"{PLACE}{campaign.pk}/"
    assert f'href="{page}export.csv"' in marketers.get(page).content.decode()
    answer = marketers.get(f"{page}export.csv")
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))  # type: ignore[attr-defined]  # a streamed answer
    assert [int(row["Visits"]) for row in rows if row["Visits"] != "0"] == [found.visits]
    assert sum(Decimal(row["Orders"]) for row in rows) == found.orders
    assert [row["Sales in EUR"] for row in rows if row["Day"] == "2026-09-03"] == ["31.5000"]


def test_a_campaign_is_archived_and_brought_back(marketers: Client, campaign: Campaign) -> None:
    marketers.post(f"{PLACE}{campaign.pk}/archive/")
    assert "HERBST10" not in text_of(marketers.get(PLACE))
    assert "HERBST10" in text_of(marketers.get(PLACE + "archived/"))
    marketers.post(f"{PLACE}{campaign.pk}/archive/", {"restore": "1"})
    assert "HERBST10" in text_of(marketers.get(PLACE))


def test_a_viewer_reads_and_changes_nothing(
    viewer: User, sign_in: SignIn, campaign: Campaign, link: TrackedLink
) -> None:
    client = sign_in(viewer)
    for address in (PLACE, f"{PLACE}{campaign.pk}/", PLACE + "words/", "/o/halden-coffee/goal/reach/"):
        page = client.get(address)
        assert page.status_code == 200
        assert '<form class="spaced" method="post">' not in page.content.decode()
        assert "New campaign" not in text_of(page)
    for address in (f"{PLACE}{campaign.pk}/change/", PLACE + "words/", f"{LINKS}{link.pk}/"):
        assert client.post(address, AUTUMN).status_code == 403


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Facebook", "facebook"),
        (" Paid Social ", "paid-social"),
        ("a&b=c#d", "a-b-c-d"),
        ("Été", "été"),
        ("x" * 300, "x" * 100),
        ("\0\ud800", ""),
        ("&&&", ""),
    ],
)
def test_a_word_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert write_word(typed) == kept


def test_words_are_there_on_first_use_and_stay_removed(
    marketers: Client, organization: Organization, strangers_organization: Organization
) -> None:
    marketers.get(PLACE + "words/")
    fb = UtmWord.objects.get(organization=organization, word="fb")
    assert fb.channel == Channel.FACEBOOK
    marketers.post(f"{PLACE}words/{fb.pk}/remove/")
    marketers.get(PLACE + "words/")
    assert not UtmWord.objects.filter(word="fb").exists()
    assert not UtmWord.objects.filter(organization=strangers_organization).exists()


def test_a_typed_word_becomes_the_known_one(marketers: Client) -> None:
    marketers.post(LINKS + "new/", {**MENU, "utm_source": "Facebook", "utm_medium": "SOCIAL"})
    link = TrackedLink.objects.get()
    assert (link.utm_source, link.utm_medium) == ("facebook", "social")


def test_an_unknown_word_is_offered_to_be_kept(marketers: Client) -> None:
    facts = {**MENU, "utm_source": "Summer Fair"}
    page = marketers.post(LINKS + "new/", facts)
    assert page.status_code == 422
    assert "“summer-fair” is not one of your words." in text_of(page)
    assert not TrackedLink.objects.exists()
    marketers.post(LINKS + "new/", {**facts, "add_words": "on"})
    assert TrackedLink.objects.get().utm_source == "summer-fair"
    word = UtmWord.objects.get(field=UtmField.SOURCE, word="summer-fair")
    assert word.channel == Channel.INSTAGRAM


def test_a_word_is_added_and_never_twice(marketers: Client, organization: Organization) -> None:
    keep_words(organization=organization)
    before = UtmWord.objects.count()
    for word in ("Fair", "fair "):
        marketers.post(PLACE + "words/", {"field": "source", "word": word, "channel": "friend"})
    assert UtmWord.objects.count() == before + 1
    assert "Give a word of letters or digits." in text_of(
        marketers.post(PLACE + "words/", {"field": "source", "word": "&&"})
    )


def test_a_link_ends_with_its_last_day_here(marketers: Client, campaign: Campaign) -> None:
    facts = {
        **MENU,
        "slug": "ends",
        "campaign": str(campaign.pk),
        "last_day": "2027-03-27",
        "fallback": "example.com/next",
    }
    page = marketers.post(LINKS + "new/", facts, follow=True)
    link = TrackedLink.objects.get()
    assert link.expires_at == datetime(
        2027, 3, 27, 23, 0, tzinfo=UTC
    )  # midnight in Berlin, an hour before UTC's
    assert (link.fallback, link.campaign) == ("https://example.com/next", campaign)
    assert "then leads to https://example.com/next" in text_of(page)
    assert 'value="2027-03-27"' in marketers.get(f"{LINKS}{link.pk}/").content.decode()


def test_a_fallback_needs_an_end_and_a_web_page(marketers: Client) -> None:
    page = marketers.post(LINKS + "new/", {**MENU, "fallback": "https://example.com/"})
    assert "Give the last day, after which it leads elsewhere." in text_of(page)
    page = marketers.post(
        LINKS + "new/", {**MENU, "fallback": "javascript:alert(1)", "last_day": "2027-03-27"}
    )
    assert "Give a web address" in text_of(page)
    assert not TrackedLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_changed_link_leads_elsewhere_at_once(
    marketers: Client, customer: Client, link: TrackedLink
) -> None:
    customer.get("/l/menu")
    marketers.post(f"{LINKS}{link.pk}/", {**MENU, "target": "https://example.com/new", "slug": "other"})
    assert customer.get("/l/menu")["Location"].startswith("https://example.com/new?")
    assert not TrackedLink.objects.filter(slug="other").exists()


@pytest.mark.parametrize("name", ["campaign", "post", "mention"])
def test_a_link_belongs_to_nothing_of_another_organization(
    marketers: Client, strangers_organization: Organization, name: str
) -> None:
    theirs = create_campaign(organization=strangers_organization, plan=plan())
    page = marketers.post(LINKS + "new/", {**MENU, name: str(theirs.pk)})
    assert page.status_code == 422
    assert not TrackedLink.objects.exists()


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "x", "1.5"])
def test_a_mention_that_cannot_be_is_refused(marketers: Client, number: str) -> None:
    page = marketers.post(LINKS + "new/", {**MENU, "mention": number})
    assert page.status_code == 422
    assert 'class="note danger"' in page.content.decode()


def test_links_come_in_pages(marketers: Client, organization: Organization) -> None:
    for number in range(53):
        create_link(organization=organization, target="https://e.com/", label=f"Link{number}.", channel="x")
    first = marketers.get(PLACE).content.decode()
    assert "Link52." in first
    assert "Link2." not in first
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    second = marketers.get(PLACE + older[1]).content.decode()
    assert "Link2." in second
    assert "Link3." not in second
    for nonsense in ("x", "-1", "²", "9" * 18, "9" * 40):
        assert marketers.get(f"{PLACE}?before={nonsense}").status_code == 200


def test_all_links_are_exported_with_their_addresses(
    marketers: Client, organization: Organization, link: TrackedLink, strangers_link: TrackedLink
) -> None:
    create_link(organization=organization, target="https://e.com/", label="=1+1", channel="x")
    answer = marketers.get(LINKS + "export.csv")
    lines = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a streamed answer
    assert "http://localhost:8000/l/menu" in lines
    assert "theirs" not in lines
    assert "\n=1+1" not in lines
    assert marketers.get(LINKS + "export.pdf").status_code == 404


@pytest.mark.parametrize(("size", "least"), [("small", 150), ("large", 600), ("no size", 300)])
def test_the_code_is_a_picture_of_dots(marketers: Client, link: TrackedLink, size: str, least: int) -> None:
    answer = marketers.get(f"{LINKS}{link.pk}/code.png", {"size": size})
    assert answer["Content-Type"] == "image/png"
    header = io.BytesIO(answer.content).read(24)
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(header[16:20]) >= least
    assert marketers.get(f"{LINKS}{link.pk}/code.gif").status_code == 404


def test_an_ended_link_says_so_on_the_list(marketers: Client, link: TrackedLink) -> None:
    link.expires_at = timezone.now() - timedelta(days=1)
    link.save()
    assert "ended" in text_of(marketers.get(PLACE))
