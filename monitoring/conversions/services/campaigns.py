"""Make campaigns, change them with their coupon codes, and put them aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.audit import Action, record, record_change
from accounts.models import Organization
from monitoring.conversions.clicks.targets import publish_target
from monitoring.conversions.models import Campaign, Coupon


class TagTaken(Exception):
    """Another campaign has this tag."""


class CouponTaken(Exception):
    """A code belongs to another campaign; the message is the code."""


@dataclass(frozen=True, kw_only=True)
class CampaignPlan:
    """What a campaign is to be. `coupons` are all its codes; `coupon_channel` is where new ones are given out."""

    name: str
    slug: str
    starts_on: date
    ends_on: date | None = None
    coupons: Sequence[str] = ()
    coupon_channel: str = ""


def create_campaign(*, organization: Organization, plan: CampaignPlan) -> Campaign:
    """Raises TagTaken or CouponTaken."""
    return _save(Campaign(organization=organization), plan)


def change_campaign(*, campaign: Campaign, plan: CampaignPlan) -> Campaign:
    """Its links are tagged with the new tag at once. Raises TagTaken or CouponTaken, and then changes nothing."""
    return _save(campaign, plan)


def archive_campaign(*, campaign: Campaign) -> None:
    """Take it off the lists. Its links and codes go on counting."""
    _set_archived(campaign, timezone.now())


def restore_campaign(*, campaign: Campaign) -> None:
    _set_archived(campaign, None)


@transaction.atomic
def _save(campaign: Campaign, plan: CampaignPlan) -> Campaign:
    is_new = campaign._state.adding
    is_retagged = not is_new and campaign.slug != plan.slug
    before = {} if is_new else _facts(campaign)
    campaign.name, campaign.slug = plan.name, plan.slug
    campaign.starts_on, campaign.ends_on = plan.starts_on, plan.ends_on
    try:
        with transaction.atomic():
            campaign.save()
    except IntegrityError:
        raise TagTaken from None
    _keep_coupons(campaign, plan)
    if is_retagged:
        for link in campaign.links.select_related("campaign"):
            publish_target(link)
    if is_new:
        record(Action.CREATED, organization=campaign.organization, subject=campaign, after=_facts(campaign))
    else:
        record_change(
            organization=campaign.organization, subject=campaign, before=before, after=_facts(campaign)
        )
    return campaign


def _facts(campaign: Campaign) -> dict[str, object]:
    coupons = campaign.coupons.order_by("code").values_list("code", flat=True)
    return {
        "name": campaign.name,
        "tag": campaign.slug,
        "first_day": campaign.starts_on,
        "last_day": campaign.ends_on,
        "coupons": list(coupons),
    }


def _keep_coupons(campaign: Campaign, plan: CampaignPlan) -> None:
    wanted = {code.lower(): code for code in plan.coupons}
    owned = Coupon.objects.filter(organization=campaign.organization_id).annotate(lower=Lower("code"))
    taken = owned.filter(lower__in=wanted).exclude(campaign=campaign).first()
    if taken:
        raise CouponTaken(taken.code)
    campaign.coupons.annotate(lower=Lower("code")).exclude(lower__in=wanted).delete()
    kept = set(owned.filter(campaign=campaign).values_list("lower", flat=True))
    try:
        with transaction.atomic():
            Coupon.objects.bulk_create(
                Coupon(
                    organization_id=campaign.organization_id,
                    campaign=campaign,
                    code=code,
                    channel=plan.coupon_channel,
                )
                for lower, code in wanted.items()
                if lower not in kept
            )
    except IntegrityError:  # somebody else was quicker
        raise CouponTaken(", ".join(plan.coupons)) from None


@transaction.atomic
def _set_archived(campaign: Campaign, moment: datetime | None) -> None:
    before = {"archived": campaign.archived_at is not None}
    campaign.archived_at = moment
    campaign.save(update_fields=["archived_at"])
    after = {"archived": moment is not None}
    record_change(organization=campaign.organization, subject=campaign, before=before, after=after)
