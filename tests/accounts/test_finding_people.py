"""A person is looked up by id with a query written by hand, and found as by Django's own."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_all_of_a_person_is_read(marketer: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    User.objects.filter(pk=marketer.pk).update(
        name="Ana <b>", language="de", time_zone="Asia/Tokyo", theme="dark"
    )

    with django_assert_num_queries(1):
        found = User.objects.get(pk=marketer.pk)

    (other,) = User.objects.filter(pk=marketer.pk)
    names = [field.attname for field in User._meta.concrete_fields]
    assert [getattr(found, name) for name in names] == [getattr(other, name) for name in names]
    assert found.get_deferred_fields() == set()


def test_a_person_who_was_read_is_kept_where_they_were(marketer: User) -> None:
    found = User.objects.get(pk=marketer.pk)
    found.name = "Another"
    found.save()

    assert list(User.objects.filter(pk=marketer.pk).values_list("name", flat=True)) == ["Another"]


def test_nobody_is_found_by_an_id_that_nobody_has(marketer: User) -> None:
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=marketer.pk + 1_000_000)


def test_other_questions_are_answered_as_ever(marketer: User) -> None:
    assert User.objects.get(email=marketer.email) == marketer
    assert User.objects.get(pk=str(marketer.pk)) == marketer
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=marketer.pk, email="nobody@example.com")
    with pytest.raises(ValueError, match="expected a number"):
        User.objects.get(pk="everybody")
