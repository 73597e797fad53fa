"""What each page of a filled business may ask the database for. A page that asks once for each of its rows fails."""

from __future__ import annotations

import pytest

from tests.e2e.looking import is_page
from tests.every_address import OF_ORGANIZATIONS, PERSONAL
from tests.walked_business import Visit

pytestmark = pytest.mark.django_db  # or there is no database where this file runs alone

USUAL = 8  # of which 4 are the session, the person, the membership and the list of businesses
BUDGETS = {
    "audience:audience": 16,
    "dashboard:audience_more": 26,
    "conversions:campaign": 12,
    "conversions:campaigns": 12,
    "conversions:costs": 18,
    "conversions:goal": 14,
    "conversions:shares": 11,
    "dashboard:businesses": 12,
    "dashboard:market": 12,
    "dashboard:more": 12,
    "dashboard:overview": 12,
    "dashboard:people": 12,
    "strategy:plan": 9,
    "listening:accuracy": 11,
    "listening:author": 11,
    "listening:influencers": 8,
    "listening:mention": 12,
    "listening:mentions": 12,
    "listening:suggestions": 12,
    "privacy:author_of_mention": 10,
    "privacy:request": 10,
    "privacy:stored": 12,
    "reports:letter": 22,
    "usersessions_list": 11,
}


def test_every_page_stays_within_its_budget(visits: list[Visit]) -> None:
    pages = {
        visit.address.name: visit.queries
        for visit in visits
        if visit.address in [*OF_ORGANIZATIONS, *PERSONAL]
        and visit.answer.status_code == 200
        and is_page(visit.answer)
    }
    over = {name: queries for name, queries in pages.items() if queries > BUDGETS.get(name, USUAL)}

    assert not over
    assert BUDGETS.keys() <= pages.keys()
