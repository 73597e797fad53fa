"""Recount engagement from the posts' histories: after a change of zone, and to prove that the triggers count right."""

from __future__ import annotations

from accounts.models import Organization
from monitoring.listening.rollups import Rollup, count_miscounted, rebuild

ENGAGEMENT = (
    Rollup(
        table="audience_engagementday",
        key=("organization_id", "brand_id", "day", "platform"),
        counts=("interactions", "posts"),
        recount="select organization_id, brand_id, (counted_at at time zone time_zone)::date, platform, sum(gained), "
        "count(*) filter (where is_first) from audience_postengagement "
        "join accounts_organization organization on organization.id = organization_id "
        "where organization_id = %(organization)s group by 1, 2, 3, 4 "
        "having sum(gained) <> 0 or count(*) filter (where is_first) <> 0",
    ),
)


def rebuild_engagement(*, organization: Organization) -> None:
    """Count all engagement of an organization anew. Writers wait meanwhile; readers see the old counts."""
    rebuild(ENGAGEMENT, organization=organization)


def miscounted_engagement(*, organization: Organization) -> int:
    """How many rows of the rollup differ from a recount. Zero, always."""
    return count_miscounted(ENGAGEMENT, organization=organization)
