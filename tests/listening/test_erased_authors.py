from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from pytest_django import Settings

from accounts.encryption import seal
from accounts.models import Organization
from monitoring.listening.forgetting.erased_authors import remember_author
from monitoring.listening.models import Brand, ErasedAuthor, ErasureKey, Mention, Source
from monitoring.listening.rollups import miscounted_rows
from monitoring.platforms.types import Author
from tests.listening.platform_of_lists import PlatformOfLists, make_post

pytestmark = pytest.mark.django_db

ERASED = Author(external_id="did:plc:erased", handle="Lena.example.com")
ANOTHER = Author(external_id="did:plc:another", handle="ben.example.com")
POSTS = [replace(make_post("by-erased"), author=ERASED), replace(make_post("by-another"), author=ANOTHER)]


def stored() -> list[str]:
    return sorted(Mention.objects.values_list("external_id", flat=True))


@pytest.mark.parametrize("known_by", [{"external_id": "did:plc:erased"}, {"handle": " @lena.EXAMPLE.com"}])
def test_an_erased_author_is_not_collected_again(
    known_by: dict[str, str], brand: Brand, source: Source, organization: Organization
) -> None:
    remember_author(organization=organization, platform="bluesky", **known_by)
    PlatformOfLists(POSTS).collect(source)

    assert stored() == ["by-another"]
    assert miscounted_rows(organization=organization) == 0


def test_the_hash_means_nothing_to_another_organization_and_on_another_platform(
    brand: Brand, source: Source, organization: Organization, strangers_organization: Organization
) -> None:
    for business in (organization, strangers_organization):
        remember_author(organization=business, platform="mastodon", external_id="did:plc:erased")
    remember_author(organization=strangers_organization, platform="bluesky", external_id="did:plc:erased")
    PlatformOfLists(POSTS).collect(source)

    assert stored() == ["by-another", "by-erased"]
    assert len(set(ErasedAuthor.objects.values_list("digest", flat=True))) == 3
    assert "erased" not in "".join(ErasedAuthor.objects.values_list("digest", flat=True))


def test_a_lost_key_lets_nobody_come_back(
    brand: Brand, source: Source, organization: Organization, settings: Settings
) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    ErasureKey.objects.create(organization=organization, sealed_key=seal({"key": "00"}))
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    PlatformOfLists(POSTS).collect(source)

    assert stored() == []


def test_new_encryption_keys_leave_the_hashes_as_they_were(
    brand: Brand, source: Source, organization: Organization, settings: Settings
) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    remember_author(organization=organization, platform="bluesky", external_id="did:plc:erased")
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    call_command("rotate_keys")
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    PlatformOfLists(POSTS).collect(source)

    assert stored() == ["by-another"]
