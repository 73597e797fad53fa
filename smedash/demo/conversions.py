"""What it earned: goals, links, orders and costs, credited as a worker does it."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import Organization
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.crediting.touches import find_touches
from monitoring.conversions.models import Goal
from monitoring.conversions.services.goal_results import close_periods
from monitoring.conversions.services.goals import add_goal, set_goal
from monitoring.conversions.services.incidents import note_incident
from smedash.demo.business import AIM, FURTHER_AIMS
from smedash.demo.calendar import COMPLAINTS, VIRAL, Span, Timeline
from smedash.demo.costs import write_costs
from smedash.demo.links import write_links
from smedash.demo.orders import write_orders

_PATIENCE = 300.0  # seconds


def write_conversions(*, organization: Organization, timeline: Timeline) -> None:
    """After the audience: posts carry links, and some are boosted."""
    goals = [set_goal(organization=organization, aim=AIM)]
    goals += [add_goal(organization=organization, aim=aim) for aim in FURTHER_AIMS]
    Goal.objects.filter(pk__in=[goal.pk for goal in goals]).update(created_at=timeline.begins_at)
    links = write_links(organization=organization, timeline=timeline)
    write_orders(organization=organization, timeline=timeline, links=links)
    write_costs(organization=organization, timeline=timeline, links=links)
    _note_what_happened(organization, timeline)
    while find_touches(now=timezone.now()):
        pass
    credit_due_days(seconds=_PATIENCE)
    for goal in Goal.objects.filter(organization=organization).select_related("organization"):
        close_periods(goal=goal, now=timeline.now)


def _note_what_happened(organization: Organization, timeline: Timeline) -> None:
    """What the people of the business know about the two times when far more was said than usual."""
    by = organization.memberships.select_related("user").earliest("pk").user
    for name, span in (
        ("Torn bags: a batch of bad packaging", COMPLAINTS),
        ("Article about our barista who signs", Span(VIRAL.begins, VIRAL.begins)),
    ):
        if span.begins < timeline.days:
            first, last = timeline.day(span.begins), timeline.day(span.ends)
            note_incident(organization=organization, name=name, first_day=first, last_day=last, by=by)
