"""Every kind of answer carries the rules that a browser keeps for us, and cookies are for this host alone.

tests/test_bad_input.py looks at the same headers on the answers of every address.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from accounts.models import Organization, User
from monitoring.conversions.models import Channel
from monitoring.conversions.services.links import create_link
from smedash.local.checkout import ROOT
from tests.browser_headers import what_is_missing
from tests.cast import SignIn
from tests.every_address import ADDRESSES

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

# The only end points that take what comes without our form's token, and what they ask for instead.
PROVEN_OTHERWISE = {
    "alerts:off": "the signed token in the mail, as RFC 8058 wants it",
    "conversions:api": "an API token in a header that no other site can make a browser send",
    "conversions:events": "the site's key and the origin that the browser names; nobody's session is looked at",
    "conversions:follow": "nothing: it only leads on, and takes no POST",
    "conversions:shop_hook": "the shop's signature over the whole body",
    "reports:letter_off": "the one-time token in the letter, as RFC 8058 wants it",
}
SETTINGS = "SESSION_COOKIE_{0} CSRF_COOKIE_{0} LANGUAGE_COOKIE_{0}"
ANSWERS: dict[str, tuple[int, Callable[[Client], Answer]]] = {
    "a page": (200, lambda client: client.get("/o/halden-coffee/settings/")),
    "no such page": (404, lambda client: client.get("/nothing/")),
    "a wrong method": (405, lambda client: client.post("/healthz")),
    "a file": (200, lambda client: client.get("/static/icon.svg")),
    "a form of another site": (
        403,
        lambda _client: Client(enforce_csrf_checks=True).post("/account/login/"),
    ),
    "another host's name": (400, lambda client: client.get("/", headers={"Host": "evil.example"})),
    "a broken body": (400, lambda client: client.post("/account/login/", b"--x", "multipart/form-data")),
    "the script for other sites": (200, lambda client: client.get("/s.js")),
    "an event": (404, lambda client: client.post("/api/events?site=a-guess", b"{}", "text/plain")),
    "a feed that nobody has": (404, lambda client: client.get("/feed/a-guess/")),
    "a program without a token": (401, lambda client: client.post("/api/conversions")),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_is_protected(
    kind: str, owner: User, organization: Organization, sign_in: SignIn, settings: Any, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path  # a fresh checkout has collected no files yet
    (tmp_path / "icon.svg").write_text("<svg/>")
    status, ask = ANSWERS[kind]
    answer = ask(sign_in(owner))
    if answer.streaming:
        b"".join(answer)  # to its end, which closes the file
    assert answer.status_code == status
    assert what_is_missing(answer) == []


def test_a_refusal_is_protected(viewer: User, organization: Organization, sign_in: SignIn) -> None:
    answer = sign_in(viewer).get("/o/halden-coffee/settings/shops/")
    assert answer.status_code == 403
    assert what_is_missing(answer) == []


@override_settings(ROOT_URLCONF="tests.smedash.broken_pages")
def test_a_broken_page_is_protected_and_tells_nothing(client: Client, db: None) -> None:
    client.raise_request_exception = False
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert what_is_missing(answer) == []
    assert b"hunter2" not in answer.content


def test_a_tracked_link_leads_on_protected(client: Client, organization: Organization) -> None:
    link = create_link(
        organization=organization, target="https://example.com/", label="Menu", channel=Channel.PRINT
    )
    answer = client.get(reverse("conversions:follow", args=[link.slug]))
    assert answer.status_code == 302
    assert what_is_missing(answer) == []


def test_pages_are_no_place_for_a_cache_that_others_share(
    owner: User, organization: Organization, sign_in: SignIn
) -> None:
    assert "private" in sign_in(owner).get("/o/halden-coffee/settings/").headers["Cache-Control"]


def test_only_these_end_points_take_what_no_form_of_ours_sent() -> None:
    exempt = {
        address.name for address in ADDRESSES if getattr(address.pattern.callback, "csrf_exempt", False)
    }
    assert exempt == PROVEN_OTHERWISE.keys()


@pytest.fixture(scope="module")
def public_server() -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "smedash.settings",
        "PUBLIC_URL": "https://social.example.org",
        "DEBUG": "false",
        "BEHIND_PROXY": "true",
        "SECRET_KEY": token_urlsafe(64),
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    }


def test_a_public_server_passes_the_deployment_checks(public_server: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=public_server,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_cookies_of_a_public_server_are_for_this_host_over_https_alone(public_server: dict[str, str]) -> None:
    kinds = ("NAME", "SECURE", "HTTPONLY", "SAMESITE")
    names = [name for kind in kinds for name in SETTINGS.format(kind).split()]
    script = f"import json, smedash.settings as s; print(json.dumps([getattr(s, name) for name in {names}]))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=public_server,
        capture_output=True,
        text=True,
        check=True,
    )
    said = dict(zip(names, json.loads(done.stdout), strict=True))
    assert said.pop("SESSION_COOKIE_NAME") == "__Host-session"
    assert said.pop("CSRF_COOKIE_NAME") == "__Host-csrf"
    assert said.pop("LANGUAGE_COOKIE_NAME") == "language"
    assert set(said.values()) == {True, "Lax"}
