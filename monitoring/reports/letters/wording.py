"""The letter in the reader's words. Whoever calls this has set the reader's language and clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.conversions.return_page import describe_return
from monitoring.conversions.wording import say_counted, say_goal, say_standing
from monitoring.lib.figures import format_number, format_share
from monitoring.listening.models import Mention
from monitoring.listening.models.mentions import Tone
from monitoring.reports.letters.content import LetterContent
from monitoring.reports.naming import name_brought, name_platform
from monitoring.strategy.wording import put_in_words

_SHORT = 140


@dataclass(frozen=True, kw_only=True)
class Link:
    label: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Quote:
    """`about`: who, where, and whether they are unhappy or ask."""

    text: str
    about: str
    link: Link


@dataclass(frozen=True, kw_only=True)
class Section:
    title: str
    lines: list[str]
    link: Link | None = None
    quotes: list[Quote]


@dataclass(frozen=True, kw_only=True)
class WordedLetter:
    subject: str
    greeting: str
    sections: list[Section]


def put_letter_in_words(content: LetterContent) -> WordedLetter:
    sections = (_earned(content), _waiting(content), _to_do(content), _silent(content))
    name = content.membership.user.name
    return WordedLetter(
        subject=_subject(content),
        greeting=_("Good morning, %(name)s.") % {"name": name} if name else _("Good morning."),
        sections=[section for section in sections if section],
    )


def absolute(content: LetterContent, name: str, *arguments: object, query: str = "") -> str:
    return settings.PUBLIC_URL + reverse(name, args=[content.organization.slug, *arguments]) + query


def _subject(content: LetterContent) -> str:
    facts = {
        "business": content.organization.name,
        "brought": say_counted(content.brought, content.answer.kind),
    }
    if not content.brought:
        return _("%(business)s: your week on social media") % facts
    return _("%(business)s: %(brought)s from social media last week") % facts


def _earned(content: LetterContent) -> Section:
    lines = [say_brought(content), _before(content), *_goal(content), *_return(content)]
    if not content.is_whole:
        lines.append(_("Where the business is, Sunday is not over yet: its last hours are missing."))
    return Section(
        title=_("What social media brought"),
        lines=lines,
        link=Link(
            label=_("See the overview"), address=absolute(content, "dashboard:overview", query="?period=7d")
        ),
        quotes=[],
    )


def say_brought(content: LetterContent) -> str:
    first, last = (_day(day) for day in (content.week.first, content.week.last))
    facts = {"brought": name_brought(content.answer, content.answer.now), "first": first, "last": last}
    if not content.brought:
        return _("From %(first)s to %(last)s nothing is known to have come from social media.") % facts
    return _("From %(first)s to %(last)s social media brought %(brought)s.") % facts


def _before(content: LetterContent) -> str:
    return _("The week before: %(brought)s.") % {
        "brought": name_brought(content.answer, content.answer.before)
    }


def _goal(content: LetterContent) -> list[str]:
    if content.progress is None:
        return [_("You have no goal yet.")]
    facts = {"goal": say_goal(content.progress.goal), "share": format_share(content.progress.share)}
    return [
        _("Your goal is %(goal)s: %(share)s of it is reached.") % facts + " " + say_standing(content.progress)
    ]


def _return(content: LetterContent) -> list[str]:
    return [describe_return(content.earned).headline] if content.earned else []


def _waiting(content: LetterContent) -> Section | None:
    quotes = [_quote(content, mention) for mention in content.waiting]
    if not quotes:
        return None
    unhappy, asking = content.unhappy_and_asking
    told = (
        (
            unhappy,
            ngettext("%(number)s unhappy post about you.", "%(number)s unhappy posts about you.", unhappy),
        ),
        (asking, ngettext("%(number)s post asks something.", "%(number)s posts ask something.", asking)),
    )
    week = f"from={content.week.first}&to={content.week.last}&status=open"
    wanted = "&tone=negative" if unhappy else "&questions=yes"
    address = absolute(content, "listening:mentions", query=f"?brand={content.brands[0].pk}&{week}{wanted}")
    return Section(
        title=_("Who waits for an answer"),
        lines=[text % {"number": format_number(number)} for number, text in told if number],
        link=Link(label=_("Read them all"), address=address),
        quotes=quotes,
    )


def _quote(content: LetterContent, mention: Mention) -> Quote:
    facts = {
        "who": mention.author_said,
        "platform": name_platform(mention.platform),
        "day": _day(mention.published_at.astimezone(content.week.zone).date()),
    }
    text = _("%(who)s, unhappy, on %(platform)s, %(day)s")
    if mention.tone != Tone.NEGATIVE:
        text = _("%(who)s, asking, on %(platform)s, %(day)s")
    words = " ".join((mention.text or mention.title).split())
    return Quote(
        text=Truncator(words).chars(_SHORT) or _("A post without words"),
        about=text % facts,
        link=Link(label=_("Read it"), address=absolute(content, "listening:mention", mention.pk)),
    )


def _to_do(content: LetterContent) -> Section | None:
    if content.step is None:
        return None
    words = put_in_words(content.step)
    return Section(
        title=_("One thing to do"),
        lines=[words.finding, words.reason],
        link=Link(label=words.act, address=settings.PUBLIC_URL + words.address),
        quotes=[],
    )


def _silent(content: LetterContent) -> Section | None:
    if not content.gaps:
        return None
    text = _("%(platform)s could not be read from %(first)s to %(last)s. These days are unknown, not zero.")
    lines = [
        text % {"platform": name_platform(gap.platform), "first": _day(gap.first), "last": _day(gap.last)}
        for gap in content.gaps
    ]
    link = Link(label=_("See the sources"), address=absolute(content, "listening:sources"))
    return Section(title=_("What could not be read"), lines=lines, link=link, quotes=[])


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
