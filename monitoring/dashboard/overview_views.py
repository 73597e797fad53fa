"""The page that opens every morning."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from monitoring.conversions.models import CreditModel
from monitoring.conversions.models.channels import channel_label
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.selectors.credits import CreditedTo, CreditRow, credits_by
from monitoring.conversions.wording import say_goal, say_standing
from monitoring.dashboard.answering import say_business, say_change
from monitoring.dashboard.exporting import export_overview
from monitoring.dashboard.next_steps import next_steps
from monitoring.dashboard.overview import Overview
from monitoring.lib.charts import join_tables
from monitoring.lib.exporting import read_format
from monitoring.lib.figures import format_money, format_number, format_share
from monitoring.lib.periods import local_day
from monitoring.listening.choosing import Choice
from monitoring.listening.models import Brand
from monitoring.listening.selectors.counts import FEW_MENTIONS
from monitoring.listening.selectors.mentions import MentionFilter, filter_mentions
from monitoring.listening.selectors.rows import mention_rows
from monitoring.platforms.registry import connector_class

LATEST = 3
MOST_CREDITED = 6


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
        "steps": next_steps(overview=shown, role=request.membership.role),
        "figures": _figures(shown),
        "more_query": choice.address(brand=str(shown.brand.pk), more=None),
        "export_csv": _export_address(choice, "csv"),
        "export_xlsx": _export_address(choice, "xlsx"),
        "marks": shown.marks,
        "gap_lines": _gap_lines(shown),
        "whole": whole,
        **_sentences(shown),
        **_charts(shown),
        **(_more(choice, shown) if whole else {}),
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
    return render(request, "dashboard/_more.html", {"overview": shown, **_more(choice, shown)})


@require_GET
@member()
def export(request: MemberRequest, file_format: str) -> HttpResponseBase:
    wanted_format = read_format(file_format)
    choice = Choice(request.organization, request.GET)
    if choice.brand is None:
        raise Http404
    return send_table(request, export_overview(_overview(choice, choice.brand)), wanted_format)


def _export_address(choice: Choice, file_format: str) -> str:
    return reverse("dashboard:export", args=[choice.organization.slug, file_format]) + choice.address(
        more=None
    )


def _overview(choice: Choice, brand: Brand) -> Overview:
    return Overview(choice.organization, brand, choice.brands, choice.period, choice.compared, timezone.now())


def _more(choice: Choice, shown: Overview) -> dict[str, object]:
    mentions = reverse("listening:mentions", args=[shown.organization.slug])
    wanted = filter_mentions(brand=shown.brand, wanted=MentionFilter(period=shown.period))
    latest = list(wanted.defer("search").order_by("-published_at", "-id")[:LATEST])
    newest = next(iter(latest), None)
    return {
        "mentions_address": mentions + choice.address(brand=str(shown.brand.pk), compare=None, more=None),
        "mentions_of": mentions + choice.address(brand=None, compare=None, more=None),
        "volume": shown.draw_volume(),
        "volume_title": _volume_title(shown),
        "followers_title": _followers_title(shown),
        "four": shown.scores,
        "last_mention": newest.published_at if newest else None,
        "credited": _credited(shown),
        "counted": kind_label(shown.answer.kind),
        "rows": mention_rows(shown.organization, latest),
    }


def _charts(shown: Overview) -> dict[str, object]:
    engagement, conversions = shown.draw_engagement(), shown.draw_conversions()
    return {
        "engagement": engagement,
        "conversions": conversions,
        "main_table": join_tables(engagement, conversions),
        "conversions_label": shown.conversions_label,
    }


@dataclass(frozen=True)
class Credited:
    """What one channel is credited with."""

    label: str
    row: CreditRow
    amount: str


def _credited(shown: Overview) -> list[Credited]:
    """What brought it, by the last touch that we know of; empty as long as nothing was credited."""
    rows = credits_by(
        organization=shown.organization,
        period=shown.period,
        model=CreditModel.LAST,
        by=CreditedTo.CHANNEL,
        kind=shown.answer.kind,
    )
    if not any(row.key and row.number for row in rows):
        return []
    currency = shown.organization.currency
    shown_rows = [*[row for row in rows if row.key][:MOST_CREDITED], *[row for row in rows if not row.key]]
    return [
        Credited(
            channel_label(str(row.key)) if row.key else _("Nothing that we know of"),
            row,
            format_money(row.amount_in(currency) or None, currency),
        )
        for row in shown_rows
    ]


def _sentences(shown: Overview) -> dict[str, str]:
    business = say_business(shown)
    return {
        "proof": _proof(shown),
        "proof_reason": _("We keep listening. What they said is under Mentions."),
        "business": business,
        "change": say_change(shown) if business else "",
        "compared_with": _("the year before") if shown.compares_years else _("the days before"),
        "before_said": _("before: %(share)s") % {"share": format_share(shown.progress.share_before)}
        if shown.progress
        else "",
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


def _figures(shown: Overview) -> list[Figure]:
    period = f"from={shown.period.first}&to={shown.period.last}"
    mentions = reverse("listening:mentions", args=[shown.organization.slug])
    mentions += f"?brand={shown.brand.pk}&{period}"
    audience = reverse("audience:audience", args=[shown.organization.slug]) + f"?{period}"
    gained = [standing.followers.change for standing in shown.own_profiles]
    known = [change for change in gained if change is not None]
    interactions = [value for _day, value in shown.engagement if value is not None]
    return [
        Figure(_("Mentions"), shown.total.mentions, *_change(shown), mentions),
        Figure(
            _("People speaking"),
            shown.authors.number,
            note=_("different authors"),
            address=mentions,
            estimate=not shown.authors.is_exact,
        ),
        Figure(
            _("Engagement"),
            sum(interactions),
            note=_("likes, replies, shares, quotes"),
            address=f"{audience}#posts",
        ),
        Figure(
            _("New followers"),
            sum(known) if known else None,
            note=_("on your own profiles"),
            address=audience,
        ),
    ]


def _change(shown: Overview) -> tuple[float | None, str]:
    """Against the period before, as a share; too few mentions are told as a count, and gaps not compared."""
    now, before = shown.total.mentions, shown.before.mentions
    if not shown.before_is_known:
        return None, _("we cannot look back further")
    if min(now, before) < FEW_MENTIONS:
        text = (
            _("%(before)s in the year before")
            if shown.compares_years
            else _("%(before)s in the period before")
        )
        return None, text % {"before": format_number(before)}
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
    if shown.peak:
        facts = {
            "day": date_format(shown.peak.day, "DATE_FORMAT"),
            "times": format_number(round(shown.peak.times, 1)),
            "tone": shown.peak.tone,
        }
        text = _("%(day)s was %(times)s times a typical day")
        if shown.peak.tone:
            text = _("%(day)s was %(times)s times a typical day, and most of it was %(tone)s")
        return text % facts
    day, volume = max(shown.days.items(), key=lambda entry: (entry[1].mentions, entry[0]))
    return _("Most was said on %(day)s: %(mentions)s mentions") % {
        "day": date_format(day, "DATE_FORMAT"),
        "mentions": format_number(volume.mentions),
    }


def _followers_title(shown: Overview) -> str:
    changes = [(standing.followers.change or 0, standing) for standing in shown.own_profiles]
    gained = sum(change for change, _standing in changes)
    if gained <= 0:
        return _("Who follows you")
    most, standing = max(changes, key=lambda entry: entry[0])
    said = ngettext("%(number)s new follower", "%(number)s new followers", gained) % {
        "number": format_number(gained)
    }
    if len(changes) < 2 or most * 2 < gained:
        return said
    platform = connector_class(standing.profile.platform).platform.name
    return _("%(followers)s, most of them on %(platform)s") % {"followers": said, "platform": platform}


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
