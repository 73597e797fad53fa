"""What the overview says in words: titles that state a finding, figures with their change, gaps."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.audience.selectors.own import OwnFollowers
from monitoring.conversions.wording import say_goal, say_standing
from monitoring.dashboard.answering import say_business, say_change, say_share_of_all
from monitoring.dashboard.overview import Overview
from monitoring.lib.figures import format_number, format_share, roughly
from monitoring.lib.intervals import count_interval, differ
from monitoring.lib.periods import local_day
from monitoring.listening.selectors.counts import FEW_MENTIONS
from monitoring.platforms.registry import connector_class


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`name` is that of its definition; `parts` lead to what it is made of, where that lies in two places."""

    name: str
    label: str
    value: int | None
    address: str
    change: float | None = None
    note: str = ""
    sample: str = ""
    estimate: bool = False
    parts: tuple[tuple[str, str], ...] = ()


def figures_of(shown: Overview) -> list[Figure]:
    change, note = _change(shown)
    mentions = _count_mentions(shown.total.mentions)
    return [
        Figure(
            name="mentions",
            label=_("Mentions"),
            value=shown.total.mentions,
            address=shown.rows.mentions(),
            change=change,
            note=note,
        ),
        Figure(
            name="people",
            label=_("People speaking"),
            value=shown.authors.number,
            address=shown.rows.mentions(),
            note=_("different authors"),
            sample=mentions,
            estimate=not shown.authors.is_exact,
        ),
        _reached(shown),
        _engagement(shown),
        Figure(
            name="new_followers",
            label=_("New followers"),
            value=shown.own_period.gained,
            address=shown.rows.audience(),
            note=_("on your own profiles"),
        ),
    ]


def _reached(shown: Overview) -> Figure:
    return Figure(
        name="reached",
        label=_("People reached, at most"),
        value=roughly(shown.total.followers) if shown.total.followers else None,
        address=shown.rows.mentions(sort="reach", min_followers="1"),
        note=_("followers of those who spoke"),
        sample=_count_mentions(shown.total.mentions),
        estimate=bool(shown.total.followers),
    )


def _engagement(shown: Overview) -> Figure:
    own, mentions = (
        sum(value for _day, value in days if value is not None)
        for days in (shown.engagement_on_posts, shown.engagement_on_mentions)
    )
    on_posts = _("%(number)s on your posts") % {"number": format_number(own)}
    on_mentions = _("%(number)s on mentions") % {"number": format_number(mentions)}
    return Figure(
        name="engagement",
        label=_("Engagement"),
        value=own + mentions,
        address="",
        parts=(
            (on_posts, f"{shown.rows.audience()}#posts"),
            (on_mentions, shown.rows.mentions(sort="engagement")),
        ),
    )


def _count_mentions(number: int) -> str:
    return ngettext("%(number)s mention", "%(number)s mentions", number) % {"number": format_number(number)}


def _change(shown: Overview) -> tuple[float | None, str]:
    """Against the period before, as a share; too few are told as a count, and what may be chance is none."""
    now, before = shown.total.mentions, shown.before.mentions
    if not shown.before_is_known:
        return None, _("we cannot look back further")
    if min(now, before) >= FEW_MENTIONS and differ(count_interval(now), count_interval(before)):
        return (now - before) / before, ""
    if min(now, before) >= FEW_MENTIONS:
        text = _("about as many as before: %(before)s")
    elif shown.compares_years:
        text = _("%(before)s in the year before")
    else:
        text = _("%(before)s in the period before")
    return None, text % {"before": format_number(before)}


def sentences_of(shown: Overview) -> dict[str, SafeString | str]:
    business = say_business(shown)
    return {
        "proof": _proof(shown),
        "proof_reason": _proof_reason(shown),
        "business": business,
        "of_all": say_share_of_all(shown) if business else "",
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


def _proof_reason(shown: Overview) -> str:
    if shown.authors.number:
        return _("We keep listening. What they said is under Mentions.")
    if shown.coverage.sources:
        return _("We keep listening. What they say will stand here and under Mentions.")
    return _("Nothing is looked for yet. Add a keyword, and what people say comes by itself.")


def _main_title(shown: Overview) -> str:
    """The finding, where there is one."""
    if shown.engagement_peak is None:
        return _("Engagement and what it brings")
    day = date_format(shown.engagement_peak, "DATE_FORMAT")
    return _("People reacted most on %(day)s") % {"day": day}


def volume_title(shown: Overview) -> str:
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


def followers_title(profiles: list[OwnFollowers]) -> str:
    changes = [(each.followers.change or 0, each.platform) for each in profiles]
    gained = sum(change for change, _platform in changes)
    if gained <= 0:
        return _("Who follows you")
    most, platform = max(changes)
    said = ngettext("%(number)s new follower", "%(number)s new followers", gained) % {
        "number": format_number(gained)
    }
    if len(changes) < 2 or most * 2 < gained:
        return said
    name = connector_class(platform).platform.name
    return _("%(followers)s, most of them on %(platform)s") % {"followers": said, "platform": name}


def gap_lines(shown: Overview) -> list[str]:
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
