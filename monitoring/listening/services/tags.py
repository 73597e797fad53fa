"""The words by which an organization sorts its mentions."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction

from accounts.audit import Action, record, record_change
from accounts.models import Organization, User
from monitoring.listening.models import BulkChange, Tag
from monitoring.listening.services.changes import take_tag_off_everything

MOST_TAGS: Final = 100
LONGEST_NAME: Final = 60


class TooManyTags(Exception):
    """The list would be of no use any more."""


class TagExists(Exception):
    """Another tag has that name."""


@transaction.atomic
def find_or_create_tag(*, organization: Organization, name: str) -> Tag:
    """The tag of that name, however it is written. Raises TooManyTags."""
    name = normal_name(name)
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    tags = Tag.objects.filter(organization=organization)
    tag = tags.filter(name__iexact=name).first()
    if tag is None:
        if tags.count() >= MOST_TAGS:
            raise TooManyTags
        tag = Tag.objects.create(organization=organization, name=name)
        record(Action.CREATED, organization=organization, subject=tag)
    return tag


@transaction.atomic
def rename_tag(*, tag: Tag, name: str) -> None:
    """Raises TagExists."""
    before, tag.name = tag.name, normal_name(name)
    others = Tag.objects.filter(organization=tag.organization, name__iexact=tag.name).exclude(pk=tag.pk)
    if others.exists():
        raise TagExists
    try:
        with transaction.atomic():
            tag.save(update_fields=["name"])
    except IntegrityError as error:
        raise TagExists from error
    facts = {"name": before}, {"name": tag.name}
    record_change(organization=tag.organization, subject=tag, before=facts[0], after=facts[1], name=before)


@transaction.atomic
def delete_tag(*, tag: Tag, by: User | None) -> BulkChange:
    """The mentions stay. They lose the tag at once, or by a worker where they are many."""
    change = take_tag_off_everything(organization=tag.organization, tag_id=tag.pk, by=by)
    record(Action.DELETED, organization=tag.organization, subject=tag)
    tag.delete()
    return change


def normal_name(name: str) -> str:
    return " ".join(name.split())
