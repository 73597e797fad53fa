"""The page that opens every morning."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from monitoring.conversions.wording import say_counted, say_goal, say_standing
from monitoring.dashboard.next_steps import next_steps
from monitoring.dashboard.overview import Overview
from monitoring.lib.charts import join_tables
from monitoring.lib.figures import format_money, format_number
from monitoring.lib.periods import local_day
from monitoring.listening.choosing import Choice
from monitoring.listening.models import Brand
from monitoring.listening.selectors.mentions import MentionFilter, filter_mentions
from monitoring.listening.selectors.rows import mention_rows
from monitoring.platforms.registry import connector_class

LATEST = 3
TOO_FEW = 30  # mentions: below, a percentage says nothing


@dataclass(frozen=True)
class Figure:
    label: str
    value: int | None
    change: float | None = None
    note: str = ""
    address: str = ""
    estimate: bool = False


@require_GET
@member()
def overview(request: MemberRequest) -> HttpResponse:
    """The answer, its evidence and the next steps. The rest follows by itself, or by `?more=yes` without JavaScript."""
    choice = Choice(request.organization, request.GET)
    if choice.brand is None:
        return redirect("dashboard:resume", request.organization.slug)
    shown = _overview(choice, choice.brand)
    whole = request.GET.get("more") == "yes"
    context = {
        "choice": choice,
        "overview": shown,
        "steps": next_steps(overview=shown),
        "figures": _figures(shown),
        "mentions_query": choice.address(brand=str(shown.brand.pk), more=None),
        "gap_lines": _gap_lines(shown),
        "whole": whole,
        **_sentences(shown),
        **_charts(shown),
        **(_more(shown) if whole else {}),
    }
    return render(request, "dashboard/overview.html", context)


@require_GET
@member()
def more(request: MemberRequest) -> HttpResponse:
    """What stands below the answer."""
    choice = Choice(request.organization, request.GET)
    if choice.brand is None:
        return redirect("dashboard:resume", request.organization.slug)
    shown = _overview(choice, choice.brand)
    query = choice.address(brand=str(shown.brand.pk))
    return render(
        request, "dashboard/_more.html", {"overview": shown, "mentions_query": query, **_more(shown)}
    )


def _overview(choice: Choice, brand: Brand) -> Overview:
    return Overview(choice.organization, brand, choice.brands, choice.period, timezone.now())


def _more(shown: Overview) -> dict[str, object]:
    latest = filter_mentions(brand=shown.brand, wanted=MentionFilter(period=shown.period))
    return {
        "volume": shown.draw_volume(),
        "volume_title": _volume_title(shown),
        "rows": mention_rows(
            shown.organization, list(latest.defer("search").order_by("-published_at", "-id")[:LATEST])
        ),
    }


def _charts(shown: Overview) -> dict[str, object]:
    engagement, conversions = shown.draw_engagement(), shown.draw_conversions()
    return {
        "engagement": engagement,
        "conversions": conversions,
        "main_table": join_tables(engagement, conversions),
        "conversions_label": shown.conversions_label,
    }


def _sentences(shown: Overview) -> dict[str, str]:
    return {
        "proof": _proof(shown),
        "proof_reason": _("We keep listening. What they said is under Mentions."),
        "business": _business(shown),
        "goal_said": say_goal(shown.goal) if shown.goal else "",
        "standing_said": say_standing(shown.progress) if shown.progress else "",
        "main_title": _main_title(shown),
    }


def _proof(shown: Overview) -> str:
    """ "31 people on 4 platforms spoke about you in these 30 days." """
    people = shown.authors.number
    if not people:
        return _("Nobody was heard speaking about %(brand)s in this period yet.") % {
            "brand": shown.brand.name
        }
    number = format_number(people) if shown.authors.is_exact else f"~{format_number(people)}"
    places = ngettext("%(number)s platform", "%(number)s platforms", len(shown.platforms))
    spoke = ngettext(
        "%(people)s person on %(platforms)s spoke about %(brand)s in %(days)s days.",
        "%(people)s people on %(platforms)s spoke about %(brand)s in %(days)s days.",
        people,
    )
    return spoke % {
        "people": number,
        "platforms": places % {"number": format_number(len(shown.platforms))},
        "brand": shown.brand.name,
        "days": format_number(shown.period.days),
    }


def _business(shown: Overview) -> str:
    """What social media brought, where anybody said so."""
    answer = shown.answer
    if not answer.now.social_number:
        return ""
    brought = say_counted(Decimal(answer.now.social_number), answer.kind)
    if not answer.now.social_amount:
        return _("Social media brought %(orders)s in %(days)s days.") % {
            "orders": brought,
            "days": shown.period.days,
        }
    return _("Social media brought %(orders)s and %(money)s in %(days)s days.") % {
        "orders": brought,
        "money": format_money(answer.now.social_amount, answer.currency),
        "days": shown.period.days,
    }


def _figures(shown: Overview) -> list[Figure]:
    mentions = reverse("listening:mentions", args=[shown.organization.slug])
    gained = [standing.followers.change for standing in shown.own_profiles]
    known = [change for change in gained if change is not None]
    interactions = [value for _day, value in shown.engagement if value is not None]
    return [
        Figure(_("Mentions"), shown.total.mentions, *_change(shown), mentions),
        Figure(
            _("People speaking"),
            shown.authors.number,
            note=_("different authors"),
            estimate=not shown.authors.is_exact,
        ),
        Figure(_("Engagement"), sum(interactions), note=_("likes, replies, shares, quotes")),
        Figure(_("New followers"), sum(known) if known else None, note=_("on your own profiles")),
    ]


def _change(shown: Overview) -> tuple[float | None, str]:
    """Against the period before, as a share; too few mentions are told as a count, and gaps not compared."""
    now, before = shown.total.mentions, shown.before.mentions
    if not shown.before_is_known:
        return None, _("we cannot look back further")
    if min(now, before) < TOO_FEW:
        return None, _("%(before)s in the period before") % {"before": format_number(before)}
    return (now - before) / before, ""


def _main_title(shown: Overview) -> str:
    """The finding, where there is one."""
    if shown.engagement_peak is None:
        return _("Engagement and what it brings")
    day = date_format(shown.engagement_peak, "DATE_FORMAT")
    return _("People reacted most on %(day)s") % {"day": day}


def _volume_title(shown: Overview) -> str:
    if not shown.days:
        return _("No mentions in this period yet")
    day, volume = max(shown.days.items(), key=lambda entry: (entry[1].mentions, entry[0]))
    return _("Most was said on %(day)s: %(mentions)s mentions") % {
        "day": date_format(day, "DATE_FORMAT"),
        "mentions": format_number(volume.mentions),
    }


def _gap_lines(shown: Overview) -> list[str]:
    return [
        _("%(platform)s could not be read from %(first)s to %(last)s: these days are unknown, not zero.")
        % {
            "platform": connector_class(gap.platform).platform.name,
            "first": date_format(gap.first, "DATE_FORMAT"),
            "last": date_format(gap.last, "DATE_FORMAT"),
        }
        for gap in shown.gaps
        if gap.last >= local_day(shown.brand.created_at, shown.period.zone)
    ]
