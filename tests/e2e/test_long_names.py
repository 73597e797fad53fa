"""Names of 60 characters without a space, from right to left, and of emoji: nothing scrolls a page sideways."""

from __future__ import annotations

from typing import Final

import pytest
from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from accounts.models import AuditEvent, Organization, SetupStep, User
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.services.brands import create_brand
from tests.browsers import let_in
from tests.cast import SignIn
from tests.e2e.looking import DESK, PHONE, Looker
from tests.e2e.test_every_page import asking_as, pages_for
from tests.every_address import OF_ORGANIZATIONS, PERSONAL
from tests.filled_business import FilledBusiness
from tests.hostile.poisoning import ADDRESSES, texts_of
from tests.watching import models_of_customers

NAMES: Final = ("W" * 56, "مقهىالشمال" * 5, "☕🥐🧑🏽‍🍳" * 8)

# Where the page scrolls sideways: the first elements that stick out of it.
TOO_WIDE: Final = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const name = (one) => `${one.localName}.${one.getAttribute("class") ?? ""}`;
  const sticksOut = (one) => one.getBoundingClientRect().right > innerWidth && !one.children.length;
  const found = [...document.querySelectorAll("main *")].filter((one) => sticksOut(one) && !one.closest(".scroll"));
  return ["page", ...found.slice(0, 2).map((one) => `${name(one.parentElement)} > ${name(one)}`)];
}"""


def name_everything(name: str) -> None:
    """Whatever has room for it; a number at the end, because some must differ."""
    number = Cast(F("pk"), CharField())
    for model in models_of_customers():
        if model is AuditEvent or not isinstance(model._meta.pk, models.AutoField):
            continue
        changes = {text: Concat(Value(name), number) for text in texts_of(model) if text not in ADDRESSES}
        if changes:
            model._default_manager.update(**changes)


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES, ids=["Latin", "Arabic", "emoji"])
def test_no_name_scrolls_a_page_sideways(
    looker: Looker, business: FilledBusiness, owner: User, sign_in: SignIn, name: str
) -> None:
    name_everything(name)
    User.objects.update(name=f"{name}1")
    client = asking_as(looker, sign_in(owner))
    pages = pages_for(client, [*OF_ORGANIZATIONS, *PERSONAL], business)
    assert len(pages) > 60
    let_in(looker.page.context, client, looker.origin)

    wide = []
    for address, found in pages.items():
        looker.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        looker.page.goto(found.link)
        for size in (PHONE, DESK):
            looker.page.set_viewport_size({"width": size[0], "height": size[1]})
            too_wide = looker.page.evaluate(TOO_WIDE)
            if too_wide:
                wide.append(f"{address} at {size[0]}: {too_wide}")
    assert not wide, "\n".join(wide)


def test_a_long_name_fits_the_first_minutes(
    looker: Looker, organization: Organization, owner: User, sign_in: SignIn
) -> None:
    Organization.objects.update(setup_step=SetupStep.KEYWORDS)
    Brand.objects.all().delete()
    for name in NAMES:
        create_brand(organization=organization, name=name, kind=BrandKind.COMPETITOR)
    client = asking_as(looker, sign_in(owner))
    let_in(looker.page.context, client, looker.origin)
    looker.look_at_on_a_phone("keywords", reverse("dashboard:setup_keywords", args=[organization.slug]))

    assert looker.page.locator("input[name=chosen]").count() == len(NAMES) + 1
    assert not looker.findings
