"""A brand goes with everything that was heard about it, once somebody has typed its name."""

from __future__ import annotations

import pytest
from celery import Celery

from accounts.models import AuditEvent, User
from monitoring.listening.models import Brand, Mention
from monitoring.listening.views import brands
from tests.cast import SignIn
from tests.listening.platform_of_lists import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("at_once", [20_000, 0])
def test_a_brand_goes_when_its_name_was_typed_and_the_log_says_who_it_was(
    brand: Brand,
    owner: User,
    sign_in: SignIn,
    eager_tasks: Celery,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
) -> None:
    monkeypatch.setattr(brands, "DELETED_AT_ONCE", at_once)  # beyond, a worker does it
    Mention.objects.create(
        organization=brand.organization, brand=brand, platform="bluesky", external_id="1", published_at=NOW,
        collected_at=NOW, author_key="bluesky:jo", language="en", sentiment=0, sentiment_confidence=0.5,
    )  # fmt: skip
    client, address = sign_in(owner), f"/o/{brand.organization.slug}/brands/{brand.pk}/delete/"
    assert "1 mention, its keywords" in client.get(address).content.decode()
    assert client.post(address, {"name": "Halden"}).status_code == 422
    assert Brand.objects.filter(pk=brand.pk).exists()

    client.post(address, {"name": "halden coffee"})
    assert not Brand.objects.filter(pk=brand.pk).exists()
    assert not Mention.objects.exists()
    event = AuditEvent.objects.get(action=AuditEvent.Action.DELETED, subject_kind="brand")
    assert (event.actor, event.subject_name) == (owner, "Halden Coffee")
