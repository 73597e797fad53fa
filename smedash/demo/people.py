"""Who speaks: authors of each platform, few of them often and many of them once."""

from __future__ import annotations

import math
from functools import lru_cache
from random import Random

from monitoring.platforms.types import Author
from smedash.demo.calendar import SEED

_FIRST = {
    "en": (
        "Noah",
        "Ada",
        "Tom",
        "Grace",
        "Owen",
        "Maya",
        "Liam",
        "Ruth",
        "Zoe",
        "Callum",
        "Priya",
        "Sam",
        "Ellen",
        "Theo",
    ),
    "de": (
        "Jana",
        "Lena",
        "Jonas",
        "Mira",
        "Felix",
        "Katrin",
        "Ole",
        "Svenja",
        "Anton",
        "Greta",
        "Malte",
        "Ines",
        "Paul",
    ),
    "fr": ("Claire", "Hugo", "Manon", "Luc", "Élise", "Bastien", "Camille", "Yann", "Nadia", "Rémi"),
    "es": ("Lucía", "Pablo", "Carmen", "Diego", "Inés", "Álvaro", "Marta", "Javier", "Rocío", "Nico"),
    "it": ("Giulia", "Marco", "Chiara", "Luca", "Sara", "Matteo", "Elisa", "Davide", "Irene", "Paolo"),
}
_LAST = {
    "en": (
        "Brandt",
        "Okoro",
        "Reed",
        "Hollis",
        "Marsh",
        "Patel",
        "Quinn",
        "Farrow",
        "Doyle",
        "Ashby",
        "Lowe",
        "Grant",
    ),
    "de": (
        "Sommer",
        "Fischer",
        "Keller",
        "Moser",
        "Vogt",
        "Lorenz",
        "Brandt",
        "Seidel",
        "Kern",
        "Ritter",
        "Thiel",
    ),
    "fr": ("Robert", "Lefèvre", "Moreau", "Garnier", "Petit", "Chevalier", "Marchand", "Colin", "Dubois"),
    "es": ("Vidal", "Romero", "Castro", "Molina", "Ortega", "Serrano", "Navarro", "Iglesias", "Prieto"),
    "it": ("Ricci", "Conti", "Galli", "Ferrara", "Marini", "Greco", "Lombardi", "Rinaldi", "Villa"),
}
_NICKNAMES = ("brews", "crema", "grinds", "roastlog", "kettle", "slowbar", "moka", "portafilter", "bloom")
_SERVERS = ("kaffee.example", "social.example", "toot.example", "mastodon.example")
_PAPERS = {
    "en": (
        ("The Harbor Post", "harborpost.example"),
        ("Roast Weekly", "roastweekly.example"),
        ("Daily Cup", "dailycup.example"),
    ),
    "de": (
        ("Stadtanzeiger", "stadtanzeiger.example"),
        ("Röstblatt", "roestblatt.example"),
        ("Genussmagazin", "genussmagazin.example"),
    ),
    "fr": (("Le Comptoir", "lecomptoir.example"), ("Gazette du Café", "gazetteducafe.example")),
    "es": (("El Tueste", "eltueste.example"), ("Diario del Puerto", "diariodelpuerto.example")),
    "it": (("Il Tostino", "iltostino.example"), ("La Tazzina", "latazzina.example")),
}
_PEOPLE = {"bluesky": 5200, "mastodon": 3600, "x": 5600, "feeds": 1900, "lemmy": 900, "hackernews": 320}
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_TALKATIVE = 2.4  # the higher, the more a few people say
_SHOWS_FOLLOWERS = frozenset({"mastodon", "x"})


def some_author(platform: str, language: str, random: Random) -> Author:
    crowd = _PEOPLE[platform] if language in {"en", "de"} else _PEOPLE[platform] // 3
    return _author(platform, language, int(crowd * random.random() ** _TALKATIVE))


def some_paper(language: str, random: Random) -> Author:
    """A publication, as Google News names it."""
    name, site = random.choice(_PAPERS[language])
    return Author(external_id=site, handle=site, name=name, url=f"https://{site}")


@lru_cache(maxsize=50_000)
def _author(platform: str, language: str, number: int) -> Author:
    random = Random(f"{SEED}|{platform}|{language}|{number}")  # noqa: S311 - a story, not a secret
    first, last = random.choice(_FIRST[language]), random.choice(_LAST[language])
    plain = (first + random.choice(("", "_", "")) + random.choice((last, random.choice(_NICKNAMES)))).lower()
    handle = f"{plain.encode('ascii', 'ignore').decode()}{number % 997}"
    followers = int(math.exp(random.gauss(5.6, 1.35))) if platform in _SHOWS_FOLLOWERS else None
    return _identified(platform, handle, f"{first} {last}", followers, random)


def _identified(platform: str, handle: str, name: str, followers: int | None, random: Random) -> Author:
    """As the platform's connector names people. None of these can be reached: the names are reserved ones."""
    if platform == "bluesky":
        did = "did:plc:" + "".join(random.choices(_LETTERS, k=24))
        domain = f"{handle.replace('_', '-')}.example"
        return Author(external_id=did, handle=domain, name=name, url=f"https://bsky.app/profile/{did}")
    if platform == "mastodon":
        server = random.choice(_SERVERS)
        full = f"{handle}@{server}"
        return Author(
            external_id=full, handle=full, name=name, url=f"https://{server}/@{handle}", followers=followers
        )
    if platform == "x":
        number = str(9_000_000_000_000_000_000 + random.randrange(10**15))
        short = handle[:15]
        return Author(
            external_id=number,
            handle=short,
            name=name,
            url=f"https://x.com/i/user/{number}",
            followers=followers,
        )
    if platform == "lemmy":
        address = f"https://lemmy.example/u/{handle}"
        return Author(external_id=address, handle=f"{handle}@lemmy.example", name=handle, url=address)
    site = "https://www.reddit.example/user/" if platform == "feeds" else "https://news.example/user?id="
    return Author(external_id=handle, handle=handle, name=handle, url=f"{site}{handle}")
