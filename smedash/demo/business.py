"""Who the made-up business is: its brands, keywords, profiles and goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from monitoring.conversions.models import Cadence, Kind, Measure
from monitoring.conversions.models.channels import SOCIAL
from monitoring.conversions.services.goals import Aim
from monitoring.listening.models import BrandKind
from monitoring.platforms.types import ProfileLink

NAME = "Halden Coffee"
WEBSITE = "https://halden.example"
TIME_ZONE = "Europe/Berlin"
CURRENCY = "EUR"
NEIGHBORS_CURRENCY = "CHF"
PERSON = "Mara Lindqvist"

AIM = Aim(
    counts=Kind.ORDER,
    measure=Measure.AMOUNT,
    target=Decimal(3900),
    currency=CURRENCY,
    cadence=Cadence.MONTH,
    channels=tuple(channel.value for channel in SOCIAL),
)
FURTHER_AIMS = (
    Aim(
        counts=Kind.ORDER,
        measure=Measure.AMOUNT,
        target=Decimal(1100),
        currency=NEIGHBORS_CURRENCY,
        cadence=Cadence.QUARTER,
        name="Switzerland",
    ),
    Aim(counts=Kind.STORE_VISIT, target=Decimal(20), cadence=Cadence.WEEK),
)


@dataclass(frozen=True, kw_only=True)
class BrandPlan:
    """A brand, how people write its name, and how much of the talk is about it."""

    name: str
    kind: BrandKind
    queries: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]  # by language; "" is everywhere
    tag: str
    share: float
    growth: float  # how many times as much is said at the end of two years as at their beginning
    first_queries: Mapping[str, str] = field(default_factory=dict)  # what a query was before it was changed

    def called(self, language: str) -> tuple[str, ...]:
        return self.names.get(language) or self.names[""]


OWN = BrandPlan(
    name=NAME,
    kind=BrandKind.OWN,
    queries=('"halden coffee" OR "halden kaffee" OR #haldencoffee',),
    names={
        "": ("Halden Coffee",),
        "de": ("Halden Coffee", "Halden Coffee", "Halden Kaffee"),
    },
    tag="haldencoffee",
    share=0.4,
    growth=2.1,
    first_queries={'"halden coffee" OR "halden kaffee" OR #haldencoffee': '"halden coffee"'},
)
PRODUCT = BrandPlan(
    name="Nordlicht",
    kind=BrandKind.PRODUCT,
    queries=("nordlicht AND (halden OR #haldencoffee)",),
    names={
        "": ("Halden Nordlicht", "Nordlicht by Halden"),
        "de": ("Halden Nordlicht", "Nordlicht von Halden"),
    },
    tag="haldencoffee",
    share=0.0,  # talked about in posts on the brand
    growth=1.0,
)
BRIGHT_BEAN = BrandPlan(
    name="Bright Bean",
    kind=BrandKind.COMPETITOR,
    queries=('"bright bean" OR #brightbean',),
    names={"": ("Bright Bean",)},
    tag="brightbean",
    share=0.27,
    growth=1.2,
)
KAFFEEWERK = BrandPlan(
    name="Kaffeewerk Süd",
    kind=BrandKind.COMPETITOR,
    queries=('"kaffeewerk süd" OR #kaffeewerksüd',),
    names={"": ("Kaffeewerk Süd",)},
    tag="kaffeewerksüd",
    share=0.17,
    growth=0.85,
)
TOPIC = BrandPlan(
    name="Specialty coffee",
    kind=BrandKind.TOPIC,
    queries=(
        '"specialty coffee" OR spezialitätenkaffee OR #specialtycoffee',
        '"café de spécialité" OR "café de especialidad" OR "caffè specialty"',
    ),
    names={
        "": ("specialty coffee",),
        "de": ("Spezialitätenkaffee",),
        "fr": ("café de spécialité",),
        "es": ("café de especialidad",),
        "it": ("caffè specialty",),
    },
    tag="specialtycoffee",
    share=0.16,
    growth=1.3,
)
BRANDS = (OWN, BRIGHT_BEAN, KAFFEEWERK, PRODUCT, TOPIC)
RIVALS = {OWN.name: BRIGHT_BEAN.name, BRIGHT_BEAN.name: KAFFEEWERK.name, KAFFEEWERK.name: BRIGHT_BEAN.name}


@dataclass(frozen=True, kw_only=True)
class ProfilePlan:
    """A profile and how it does: followers at the beginning and a day's growth, likes under a usual post."""

    brand: str
    link: ProfileLink
    external_id: str
    url: str
    followers: int
    a_day: float
    likes: int
    posts_a_week: float


def _bluesky(brand: str, name: str, key: str, followers: int, a_day: float, likes: int) -> ProfilePlan:
    did = f"did:plc:{key}"
    return ProfilePlan(
        brand=brand,
        link=ProfileLink(platform="bluesky", handle=f"{name}.example"),
        external_id=did,
        url=f"https://bsky.app/profile/{did}",
        followers=followers,
        a_day=a_day,
        likes=likes,
        posts_a_week=3.5,
    )


def _mastodon(brand: str, name: str, followers: int, a_day: float, likes: int) -> ProfilePlan:
    return ProfilePlan(
        brand=brand,
        link=ProfileLink(
            platform="mastodon", handle=f"{name}@kaffee.example", server="https://kaffee.example"
        ),
        external_id=f"{name}@kaffee.example",
        url=f"https://kaffee.example/@{name}",
        followers=followers,
        a_day=a_day,
        likes=likes,
        posts_a_week=2.5,
    )


def _x(brand: str, name: str, number: int, followers: int, a_day: float, likes: int) -> ProfilePlan:
    return ProfilePlan(
        brand=brand,
        link=ProfileLink(platform="x", handle=name),
        external_id=str(number),
        url=f"https://x.com/{name}",
        followers=followers,
        a_day=a_day,
        likes=likes,
        posts_a_week=3.0,
    )


PROFILES = (
    _bluesky(OWN.name, "halden-coffee", "haldencoffee2demodemodem", 180, 3.1, 38),
    _mastodon(OWN.name, "haldencoffee", 240, 1.6, 24),
    _x(OWN.name, "haldencoffee_eu", 9_000_000_000_000_000_001, 3100, 1.9, 31),
    _bluesky(BRIGHT_BEAN.name, "brightbean", "brightbean22demodemodemo", 950, 1.7, 44),
    _x(BRIGHT_BEAN.name, "brightbean_co", 9_000_000_000_000_000_002, 5400, 1.1, 40),
    _mastodon(KAFFEEWERK.name, "kaffeewerk", 610, 0.4, 15),
)
