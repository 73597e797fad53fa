"""Background work of privacy. A task loads by id and calls one service."""

from __future__ import annotations

import smtplib
from typing import Any, Final

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.models import Organization, User
from monitoring.privacy import mailing
from monitoring.privacy.author_requests import forget_requests
from monitoring.privacy.erasing import left_erasures, run_erasure
from monitoring.privacy.leaving import delete_organization, organizations_to_delete
from monitoring.privacy.models import AuthorRequest, Erasure

# The way to a mail server is sometimes blocked for minutes; after some hours somebody should look at it.
_PATIENTLY: Final[dict[str, Any]] = {
    "autoretry_for": (smtplib.SMTPException, OSError),
    "retry_backoff": 30,
    "retry_backoff_max": 3600,
    "max_retries": 8,
}


@shared_task(name="bulk.erase_author")
def erase_author(erasure_id: int) -> None:
    erasure = Erasure.objects.select_related("organization").filter(pk=erasure_id).first()
    if erasure is not None:
        run_erasure(erasure=erasure)


@shared_task(name="bulk.tend_privacy")
def tend() -> None:
    """Take up what dead workers left, and forget what is too old."""
    for erasure_id in left_erasures():
        erase_author.delay(erasure_id)
    forget_requests(now=timezone.now())


@shared_task(name="bulk.delete_organizations")
def delete_organizations() -> None:
    """Those whose seven days are over."""
    for organization in organizations_to_delete(now=timezone.now()):
        name = organization.name
        for person in delete_organization(organization=organization):
            tell_left_alone.delay(person.pk, name)


@shared_task(name="mail.confirm_author", **_PATIENTLY)
def confirm_author(request_id: int) -> None:
    request = _request(request_id)
    if request is not None and request.confirmed_at is None:
        mailing.mail_confirmation(request=request)


@shared_task(name="mail.tell_author", **_PATIENTLY)
def tell_author(request_id: int) -> None:
    request = _request(request_id)
    if request is not None:
        mailing.mail_done(request=request)


@shared_task(name="mail.tell_admins_of_author", max_retries=0)
def tell_admins_of_author(request_id: int) -> None:
    """Not tried again: of several readers some may have been told. The page of requests shows it in any case."""
    request = _request(request_id)
    if request is not None:
        mailing.mail_admins(request=request)


@shared_task(name="mail.tell_of_deletion", max_retries=0)
def tell_of_deletion(organization_id: int) -> None:
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is not None and settings.EMAIL_HOST:
        mailing.mail_deletion(organization=organization)


@shared_task(name="mail.tell_left_alone", **_PATIENTLY)
def tell_left_alone(user_id: int, name: str) -> None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None and settings.EMAIL_HOST:
        mailing.mail_left_alone(user=user, name=name)


def _request(request_id: int) -> AuthorRequest | None:
    if not settings.EMAIL_HOST:
        return None
    return AuthorRequest.objects.select_related("organization").filter(pk=request_id).first()
