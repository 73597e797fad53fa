"""An installation does not start on a value with which it would be unsafe."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from smedash.local.checkout import ROOT
from smedash.safety import is_easy, refuse_unsafe

SAFE = {
    "debug": False,
    "secret_key": secrets.token_urlsafe(64),
    "secret_key_fallbacks": [secrets.token_hex(32)],
    "public_url": "https://social.example.com",
    "allowed_hosts": ["social.example.com"],
    "encryption_keys": [Fernet.generate_key().decode()],
}


def test_safe_values_pass() -> None:
    refuse_unsafe(**SAFE)  # type: ignore[arg-type]  # the dictionary holds each argument's own type


def test_no_random_key_is_taken_for_an_example() -> None:
    for _each in range(500):
        assert not is_easy(secrets.token_urlsafe(64))
        assert not is_easy(secrets.token_hex(25))


@pytest.mark.parametrize(
    ("unsafe", "sentence"),
    [
        ({"debug": True}, "DEBUG must be false"),
        ({"secret_key": "x" * 49}, "SECRET_KEY is missing or shorter"),
        ({"secret_key": ""}, "SECRET_KEY is missing or shorter"),
        ({"secret_key": "x" * 60}, "SECRET_KEY looks like an example"),
        ({"secret_key": "0123456789abcdef" * 4}, "SECRET_KEY looks like an example"),
        ({"secret_key": f"django-insecure-{secrets.token_hex(32)}"}, "SECRET_KEY looks like an example"),
        ({"secret_key_fallbacks": ["short"]}, "SECRET_KEY_FALLBACKS holds a key shorter"),
        ({"secret_key_fallbacks": ["xy" * 30]}, "SECRET_KEY_FALLBACKS looks like an example"),
        ({"encryption_keys": ["A" * 43 + "="]}, "ENCRYPTION_KEYS holds a key that is one piece"),
        ({"metrics_token": "x" * 15}, "METRICS_TOKEN is shorter"),
        ({"allowed_hosts": ["social.example.com", "*"]}, "ALLOWED_HOSTS must name the hosts"),
        ({"encryption_keys": []}, "ENCRYPTION_KEYS is missing"),
        ({"encryption_keys": ["short"]}, "ENCRYPTION_KEYS must hold keys"),
        ({"public_url": "social.example.com"}, "PUBLIC_URL must begin with"),
        ({"public_url": "https://"}, "PUBLIC_URL must begin with"),
        ({"public_url": "https://social.example.com/dashboard"}, "PUBLIC_URL must begin with"),
        ({"public_url": "https://social example.com"}, "PUBLIC_URL must begin with"),
        ({"public_url": "https://social.example.com:https"}, "PUBLIC_URL must begin with"),
    ],
)
def test_an_unsafe_value_is_refused_with_a_sentence(unsafe: dict[str, object], sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence.replace("*", r"\*")):
        refuse_unsafe(**{**SAFE, **unsafe})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is missing or shorter than 50 characters."),
        ("SECRET_KEY_FILE", "/nowhere/at/all", "SECRET_KEY_FILE names /nowhere/at/all, which cannot be read"),
        ("DEBUG", "yes", "DEBUG must be true or false, not 'yes'."),
        ("SMTP_PORT", "many", "SMTP_PORT must be a whole number, not 'many'."),
        ("SMTP_PORT", "65536", "SMTP_PORT must be a whole number from 1 to 65535, not '65536'."),
        ("AUDIT_KEPT_DAYS", "-1", "AUDIT_KEPT_DAYS must be a whole number from 0 to "),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be INFO, DEBUG, WARNING or ERROR, not 'loud'."),
        (
            "DATABASE_URL",
            "mysql://root:tiger@db/x",
            "DATABASE_URL must be as in postgresql://user:password@host",
        ),
        ("DATABASE_URL", "my database", "DATABASE_URL must be as in postgresql://user:password@host"),
        ("REDIS_URL", "localhost:6379", "REDIS_URL must be as in redis://:password@host:6379/0."),
        ("REDIS_URL", "redis://localhost:port/0", "REDIS_URL must be as in redis://:password@host:6379/0."),
        ("PLATFORM_URLS", "bluesky", "PLATFORM_URLS must hold pairs as in PLATFORM_URLS=bluesky=http://"),
        (
            "PRIVATE_HOSTS_ALLOWED",
            "http://mastodon.internal",
            "PRIVATE_HOSTS_ALLOWED must name hosts and networks",
        ),
        ("EXCHANGE_RATES_URL", "www.ecb.europa.eu", "EXCHANGE_RATES_URL must begin with http:// or https://"),
    ],
)
def test_a_command_says_the_sentence_without_a_traceback(name: str, value: str, sentence: str) -> None:
    environment = {**os.environ, "SECRET_KEY": "x" * 60, "DEBUG": "true", name: value}
    # The first command that asks for a setting will do; a check of everything takes a second longer.
    command = [sys.executable, "manage.py", "diffsettings"]
    outcome = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert outcome.returncode == 1
    assert outcome.stderr.startswith(sentence)
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    ("variables", "setting", "expected"),
    [
        ({"EXCHANGE_RATES_URL": "none"}, "EXCHANGE_RATES_URL", ""),
        (
            {"EXCHANGE_RATES_URL": ""},
            "EXCHANGE_RATES_URL",
            "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip",
        ),
        (
            {"PRIVATE_HOSTS_ALLOWED": "mastodon.internal, 10.0.0.0/8,fd00::/8"},
            "PRIVATE_HOSTS_ALLOWED",
            ["mastodon.internal", "10.0.0.0/8", "fd00::/8"],
        ),
        (
            {"PLATFORM_URLS": "bluesky=http://127.0.0.1:2583,x=https://x.test/?a=b"},
            "PLATFORM_URLS",
            {"bluesky": "http://127.0.0.1:2583", "x": "https://x.test/?a=b"},
        ),
        ({"SIGN_UP": "Closed"}, "SIGN_UP", "closed"),
    ],
)
def test_what_may_be_set(variables: dict[str, str], setting: str, expected: object) -> None:
    environment = {**os.environ, "SECRET_KEY": "x" * 60, "DEBUG": "true", **variables}
    asked = f"from smedash import settings; print(repr(settings.{setting}))"
    answer = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == repr(expected)
