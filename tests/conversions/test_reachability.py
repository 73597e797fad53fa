"""Asking our own public address tells what it can, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pytest_django import Settings

from accounts.models import Organization, User
from monitoring.conversions.reachability import Reach, ask_address, ask_own_address
from tests.cast import SignIn
from tests.conversions.test_pages import text_of

PAGE = "/o/halden-coffee/goal/reach/"


class Server(HTTPServer):
    says: object = None


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        body = json.dumps(self.server.says).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(("127.0.0.1", 0), Handler)
    Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


def address_of(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def test_a_name_of_this_house_is_not_asked(server: Server) -> None:
    server.says = {"status": "ok"}
    assert ask_own_address(address_of(server)) == Reach.AT_HOME


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ({"status": "ok"}, Reach.REACHED),
        ({"status": "fine"}, Reach.SOMEBODY_ELSE),
        (None, Reach.SOMEBODY_ELSE),
    ],
)
def test_what_answers_is_told_apart(server: Server, settings: Settings, says: object, outcome: Reach) -> None:
    server.says = says
    settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]
    assert ask_address(address_of(server)) == outcome


def test_a_private_network_is_not_entered(server: Server) -> None:
    server.says = {"status": "ok"}
    assert ask_address(address_of(server)) == Reach.PRIVATE


def test_where_nobody_listens_it_is_silent(server: Server, settings: Settings) -> None:
    settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]
    assert ask_address("http://127.0.0.1:1999") == Reach.SILENT


def test_it_is_not_asked_too_often(server: Server) -> None:
    outcomes = [ask_address(address_of(server)) for _again in range(11)]
    assert outcomes[-1] == Reach.TOO_OFTEN


@pytest.mark.django_db
def test_the_page_says_what_came_of_it(
    owner: User, organization: Organization, sign_in: SignIn, settings: Settings
) -> None:
    settings.PUBLIC_URL = "http://localhost:8000"
    page = sign_in(owner).post(PAGE)
    assert "We did not ask: this name means this computer" in text_of(page)
    assert "works at home only" in text_of(page)
