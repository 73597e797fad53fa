"""A fresh instance belongs to whoever holds the one-time link, and to nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import SetupLink, User
from accounts.setup import LinkIsUsedUp, create_first_owner, renew_setup_link

PERSON = {"name": "Eva Halden", "email": "Eva@Halden.example", "password": "roasted on a tuesday"}


def print_link(*options: str) -> str:
    output = StringIO()
    call_command("setup_link", *options, stdout=output, stderr=StringIO())
    return output.getvalue().strip()


def path_of(link: str) -> str:
    return urlsplit(link).path


def test_a_fresh_instance_says_where_to_find_the_link(client: Client, db: None) -> None:
    page = client.get("/").content.decode()
    assert "one-time link" in page
    assert "setup_link --renew" in page


def test_the_link_makes_the_owner_who_is_then_signed_in(client: Client, db: None) -> None:
    answer = client.post(path_of(print_link()), PERSON)
    assert answer.headers["Location"] == "/start/business/"
    user = User.objects.get()
    assert (user.email, user.name) == ("eva@halden.example", "Eva Halden")
    assert client.get("/start/business/").status_code == 200


def test_the_link_works_once(client: Client, db: None) -> None:
    address = path_of(print_link())
    client.post(address, PERSON)
    second = Client().post(address, PERSON | {"email": "somebody@else.example"})
    assert second.status_code == 404
    assert User.objects.count() == 1
    assert not SetupLink.objects.exists()


def test_a_guessed_link_opens_nothing(client: Client, db: None) -> None:
    print_link()
    assert client.get("/start/guessed/").status_code == 404
    assert client.post("/start/guessed/", PERSON).status_code == 404
    assert not User.objects.exists()


def test_an_old_link_stops_when_a_new_one_is_made(client: Client, db: None) -> None:
    old, new = path_of(print_link()), path_of(print_link("--renew"))
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_the_link_is_printed_once(db: None) -> None:
    assert print_link().startswith("http")
    assert print_link() == ""


def test_nothing_is_printed_once_there_is_an_owner(owner: User) -> None:
    assert print_link() == ""
    assert print_link("--renew") == ""


def test_a_link_that_was_made_before_somebody_came_opens_nothing(client: Client, db: None) -> None:
    address = path_of(print_link())
    User.objects.create_user("first@example.com", "by another way in")
    assert client.get(address).status_code == 404


def test_only_a_hash_of_the_link_is_stored(db: None) -> None:
    token = path_of(print_link()).split("/")[2]
    assert token not in SetupLink.objects.get().digest


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"password": "short"}, "at least 12 characters"),
        ({"password": "eva@halden.example"}, "too similar"),
        ({"password": "1234567890"}, "too common"),
        ({"email": "eva"}, "valid email"),
        ({"name": ""}, "required"),
    ],
)
def test_a_bad_answer_is_explained_and_the_rest_is_kept(
    client: Client, db: None, change: dict[str, str], complaint: str
) -> None:
    address = path_of(print_link())
    page = client.post(address, PERSON | change).content.decode()
    assert complaint in page
    kept = [value for name, value in PERSON.items() if name not in change and name != "password"]
    assert all(value in page for value in kept)
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_the_link_at_once_one_becomes_the_owner() -> None:
    token = path_of(renew_setup_link()).split("/")[2]

    def claim(number: int) -> bool:
        try:
            create_first_owner(
                token=token, name="", email=f"{number}@example.com", password="at the same time"
            )
        except LinkIsUsedUp:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(claim, range(4))) == [False, False, False, True]
    assert User.objects.count() == 1
