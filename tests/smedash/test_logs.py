"""Log lines are JSON, name their request or task, and hold no secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from celery import shared_task
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from smedash.logging import REMOVED, logging_configuration, scrub, scrub_text
from tests.waiting import wait_until

ReadLines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[ReadLines]:
    """What a process would write to its log."""
    stream = io.StringIO()
    formatter = logging_configuration("DEBUG")["formatters"]["json"]
    handler = logging.StreamHandler(stream)
    make = formatter.pop("()")
    handler.setFormatter(make(**formatter))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def of_requests(lines: ReadLines) -> list[dict[str, Any]]:
    return [line for line in lines() if line["logger"] == "smedash.requests"]


def test_a_request_is_one_line_with_the_id_that_the_visitor_gets(client: Client, lines: ReadLines) -> None:
    response = client.get("/healthz")
    [line] = of_requests(lines)
    assert line["request_id"] == response["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "healthz", 200)


def test_the_proxys_request_id_is_taken_over_unless_it_is_odd(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abc-12345"})["X-Request-ID"] == "abc-12345"
    assert client.get("/healthz", headers={"X-Request-ID": "a\nb"})["X-Request-ID"] != "a\nb"
    assert client.get("/healthz", headers={"X-Request-ID": "x" * 65})["X-Request-ID"] != "x" * 65


@pytest.mark.django_db
def test_the_route_is_logged_and_not_the_one_time_link(client: Client, lines: ReadLines) -> None:
    client.get("/start/MfVY0Q-4XT1qIr6DThZ02uBABUWAzXsifBNBJ0Q3tyo/?q=what+people+search")
    text = json.dumps(lines())
    assert "MfVY0Q" not in text
    assert "what+people+search" not in text
    assert of_requests(lines)[0]["route"] == "start/<str:token>/"


@shared_task(name="interactive.log_something")
def log_something() -> None:
    structlog.get_logger("tests").info("something")


@pytest.mark.django_db(transaction=True)
def test_a_task_names_itself_and_the_request_that_asked_for_it(worker: object, lines: ReadLines) -> None:
    with structlog.contextvars.bound_contextvars(request_id="request-1"):
        result = log_something.delay()
    wait_until(lambda: any(line["event"] == "something" for line in lines()))
    [line] = [line for line in lines() if line["event"] == "something"]
    assert line["task_id"] == result.id
    assert line["task"] == "interactive.log_something"
    assert line["request_id"] == "request-1"


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://smedash:{secret}@localhost/smedash",
        "Authorization: Bearer {secret}",
        "GET /feed?access_token={secret}&limit=5",
        "{{'password': '{secret}'}}",
        "api_key={secret}",
        "client_secret: {secret}",
        "redis://:{secret}@localhost:6379/0",
    ],
)
def test_a_secret_in_a_sentence_is_removed(text: str) -> None:
    assert "hunter2" not in scrub_text(text.format(secret="hunter2"))


SECRET_NAMES = ["password", "SMTP_PASSWORD", "token", "access_token", "Authorization", "apiKey", "cookie"]


@given(st.sampled_from(SECRET_NAMES), st.text())
def test_a_value_under_a_secrets_name_is_removed_however_deep(name: str, value: str) -> None:
    assert scrub({"outer": [{name: value}]}) == {"outer": [{name: REMOVED}]}


def test_a_key_in_a_traceback_is_removed(lines: ReadLines) -> None:
    key = "Kx7mPq2vL9wRt4yUz8aBc3dEf6gHj1kNs5oVi0rXy2Q="
    try:
        raise ValueError(f"cannot decrypt with {key}")
    except ValueError:
        structlog.get_logger("tests").exception("failed", key_used=key)
    text = json.dumps(lines())
    assert "cannot decrypt" in text
    assert key[:20] not in text


def test_ordinary_words_and_numbers_stay(lines: ReadLines) -> None:
    structlog.get_logger("tests").info("stored", mentions=31, platform="mastodon", seconds=0.5)
    line = lines()[-1]
    assert (line["event"], line["mentions"], line["platform"], line["seconds"]) == (
        "stored",
        31,
        "mastodon",
        0.5,
    )


def test_an_answer_of_503_is_no_error_and_an_exception_is(client: Client, lines: ReadLines) -> None:
    logger = logging.getLogger("django.request")
    configured = logging_configuration("INFO")
    assert configured["loggers"]["django.request"]["filters"] == ["failures"]
    chosen = configured["filters"]["failures"]["callback"]
    plain = logger.makeRecord("django.request", logging.ERROR, "", 0, "Service Unavailable", (), None)
    broken = logger.makeRecord(
        "django.request", logging.ERROR, "", 0, "Broken", (), (ValueError, ValueError(), None)
    )
    assert (chosen(plain), chosen(broken)) == (False, True)


def test_what_django_and_celery_add_is_left_out(lines: ReadLines) -> None:
    extra = {"request": "GET /search?q=private", "data": {"args": "('a customer',)"}, "status_code": 500}
    logging.getLogger("tests").error("Broken", extra=extra)
    line = lines()[-1]
    assert line["status_code"] == 500
    assert not {"request", "data"} & set(line)
