"""The way into the demo and out of it: once, marked, and never to a real business."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from celery import Celery
from django.test import Client

from accounts.models import Membership, Organization, Role, SetupStep, User
from accounts.services.organizations import create_organization
from accounts.setup import instance_is_fresh, renew_setup_link
from monitoring.listening.models import Source, Subscription
from monitoring.listening.models.brands import BrandKind
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.demo import give_own_sources
from monitoring.listening.services.keywords import create_keyword
from smedash.demo.entrance import demo_link
from tests.cast import SignIn


@pytest.fixture
def demo(db: None) -> Organization:
    """A demo without its two years: who may come in does not depend on them."""
    visitor = User.objects.create_user("visitor@demo.invalid", None, name="Visitor", is_demo=True)
    demo = create_organization(owner=visitor, name="Invented Tea", is_demo=True)
    brand = create_brand(organization=demo, name="Invented Tea", kind=BrandKind.OWN)
    create_keyword(brand=brand, query='"invented tea"', by=None)
    give_own_sources(organization=demo)
    demo.setup_step = SetupStep.DONE
    demo.save()
    return demo


def path_of(link: str) -> str:
    return urlsplit(link).path


def test_the_link_shows_the_marked_demo_once(demo: Organization, client: Client) -> None:
    link = path_of(demo_link())
    answer = client.get(link, follow=True)
    assert "made-up business" in answer.content.decode()
    assert "Leave the demo" in answer.content.decode()
    assert Client().get(link).status_code == 404


def test_the_visitor_of_the_demo_sees_no_other_business(
    demo: Organization, organization: Organization, client: Client
) -> None:
    client.get(path_of(demo_link()))
    assert client.get(f"/o/{organization.slug}/").status_code == 404
    assert client.get("/start/business/").headers["Location"] == "/"


def test_nobody_comes_to_a_real_business_by_the_link(
    demo: Organization, organization: Organization, client: Client
) -> None:
    Membership.objects.create(
        organization=organization, user=User.objects.get(is_demo=True), role=Role.VIEWER
    )
    assert client.get(path_of(demo_link())).status_code == 404


def test_a_demo_is_no_owner(demo: Organization) -> None:
    assert instance_is_fresh()
    assert Client().get(path_of(renew_setup_link())).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_leaving_deletes_the_demo_and_leads_to_ones_own_business(
    demo: Organization, client: Client, eager_tasks: Celery
) -> None:
    client.get(path_of(demo_link()))
    answer = client.post(f"/o/{demo.slug}/demo/leave/")
    assert client.get(answer.headers["Location"]).status_code == 200
    assert answer.headers["Location"].startswith("/start/")
    for model in (Organization, User, Source, Subscription):
        assert not model.objects.exists(), model


@pytest.mark.django_db(transaction=True)
def test_leaving_touches_neither_people_nor_real_businesses(
    demo: Organization, organization: Organization, owner: User, client: Client, eager_tasks: Celery
) -> None:
    client.get(path_of(demo_link()))
    assert client.post(f"/o/{demo.slug}/demo/leave/").headers["Location"] == "/"
    assert list(Organization.objects.all()) == [organization]
    assert list(User.objects.all()) == [owner]


def test_a_real_business_cannot_be_left_like_a_demo(
    organization: Organization, owner: User, sign_in: SignIn
) -> None:
    answer = sign_in(owner).post(f"/o/{organization.slug}/demo/leave/")
    assert answer.headers["Location"] == f"/o/{organization.slug}/"
    assert Organization.objects.filter(pk=organization.pk, memberships__user=owner).exists()
