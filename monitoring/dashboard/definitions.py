"""What each figure of the overview means: the one table. Pages and docs/figures.md are made from it.

What a figure counts in a given period, and how fresh that is, the page says beside the definition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Fresh(StrEnum):
    """What a figure is as fresh as."""

    MENTIONS = "mentions"
    PROFILES = "profiles"
    REPORTS = "reports"


FRESHNESS: Final = {
    Fresh.MENTIONS: _("As fresh as the last look at the platforms."),
    Fresh.PROFILES: _("As fresh as the last reading of your profiles."),
    Fresh.REPORTS: _("Counted as soon as it is reported."),
}


@dataclass(frozen=True, kw_only=True)
class Definition:
    """`sample` says out of what, and where that is not all there is."""

    name: str | Promise
    what: str | Promise
    sample: str | Promise
    fresh: Fresh = Fresh.MENTIONS


_EVERY_MENTION: Final = _("Every mention of the period.")
_EVERY_MENTION_LATELY: Final = _("Every mention of the period. Beyond 5,000 counted anew every five minutes.")

DEFINITIONS: Final[dict[str, Definition]] = {
    "mentions": Definition(
        name=_("Mentions"),
        what=_("Posts by others that one of the brand’s keywords found, but for those set aside."),
        sample=_EVERY_MENTION,
    ),
    "people": Definition(
        name=_("People speaking"),
        what=_("Different authors. Somebody with an account on two platforms counts twice."),
        sample=_("Up to 5,000 mentions all authors; then one in sixteen, beyond 300,000 one in 128: “~” says so."),
    ),
    "reached": Definition(
        name=_("People reached, at most"),
        what=_(
            "The followers of the authors, added up mention by mention. Most followers do not see a given post, and "
            "one person may follow several authors: it says how far it may have gone, not how many saw it."
        ),
        sample=_("Mentions whose platform tells its authors’ followers."),
    ),
    "engagement": Definition(
        name=_("Engagement"),
        what=_(
            "Likes, replies, shares and quotes: what your own posts gained on a day, and what the mentions published "
            "on that day have had so far."
        ),
        sample=_("Posts and mentions whose platform counts reactions."),
    ),
    "new_followers": Definition(
        name=_("New followers"),
        what=_("How many more follow your own profiles at the period’s end than at its beginning."),
        sample=_("Profiles that were read at both ends."),
        fresh=Fresh.PROFILES,
    ),
    "brought": Definition(
        name=_("What social media brought"),
        what=_(
            "What your goal counts, or orders without one, that came from social media. Each counts once: by what the "
            "customer said, or else by the last link they followed."
        ),
        sample=_("Everything that was reported and not voided."),
        fresh=Fresh.REPORTS,
    ),
    "sentiment_of_mentions": Definition(
        name=_("Mentions by sentiment"),
        what=_("Positive, neutral or negative as judged by us, or as one of you corrected it."),
        sample=_EVERY_MENTION,
    ),
    "loud_days": Definition(
        name=_("Days that stand out"),
        what=_(
            "A day stands out with at least 30 mentions and three times as many as a typical day, which is the middle "
            "one of at least 7 days that somebody looked at. The three loudest are named."
        ),
        sample=_("The days of the period that somebody looked at."),
    ),
    "stood_out": Definition(
        name=_("What a day was about"),
        what=_(
            "Words and hashtags in at least 3 mentions of that day that the other days have surely less often: by the "
            "log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi, Quinn 2008), 2.33 standard "
            "deviations and more."
        ),
        sample=_("The mentions of that day, beside those of the period’s other days."),
    ),
    "platforms": Definition(
        name=_("Where people speak"),
        what=_("Mentions by platform."),
        sample=_EVERY_MENTION,
    ),
    "languages": Definition(
        name=_("In which language"),
        what=_("Mentions by the language that the platform names, or else that we recognized."),
        sample=_EVERY_MENTION,
    ),
    "words": Definition(
        name=_("Words"),
        what=_("Mentions with a word; words that every text has are left out, and the brand’s own name."),
        sample=_("At most twelve words of each mention. Beyond 5,000 mentions counted anew every five minutes."),
    ),
    "hashtags": Definition(name=_("Hashtags"), what=_("Mentions with a hashtag."), sample=_EVERY_MENTION_LATELY),
    "links": Definition(
        name=_("Links"),
        what=_("Mentions that link to an address."),
        sample=_("Every mention; addresses of more than 500 characters are left out."),
    ),
    "keywords": Definition(
        name=_("Keywords"),
        what=_("Mentions that a keyword found, in any of its wordings. Two keywords may find the same one."),
        sample=_EVERY_MENTION_LATELY,
    ),
    "communities": Definition(
        name=_("Communities"),
        what=_("Mentions by where they stand: a subreddit, a Lemmy community, a Mastodon server, a site."),
        sample=_("Mentions of platforms that have such places."),
    ),
    "strength": Definition(
        name=_("Strength"),
        what=_("Of the hours we looked at, those in which somebody spoke."),
        sample=_("The hours of days on which at least one platform could be read."),
    ),
    "sentiment": Definition(
        name=_("Sentiment"),
        what=_("Positive mentions to negative ones. Neutral ones are left out."),
        sample=_("Every mention that is positive or negative."),
    ),
    "passion": Definition(
        name=_("Passion"),
        what=_("Of the people who spoke, those who did so more than once."),
        sample=_("Up to 5,000 mentions all authors; then one in sixteen, beyond 300,000 one in 128."),
    ),
    "voices": Definition(
        name=_("Voices"),
        what=_("Different people for each mention. 100% means that nobody spoke twice."),
        sample=_("Up to 5,000 mentions all authors; then one in sixteen, beyond 300,000 one in 128."),
    ),
    "time_between": Definition(
        name=_("Average time between mentions"),
        what=_("The time that somebody looked, divided by the mentions found in it."),
        sample=_("The hours of days on which at least one platform could be read."),
    ),
    "last_mention": Definition(
        name=_("Last mention"), what=_("When the newest one was published."), sample=_EVERY_MENTION
    ),
    "authors": Definition(
        name=_("Who speaks most"),
        what=_("Authors by their mentions."),
        sample=_("The newest 50,000 mentions of the period; beyond 5,000 counted anew every five minutes."),
    ),
    "followers": Definition(
        name=_("Followers"),
        what=_("How many follow each of your profiles, and how that changed. Each line has its own scale."),
        sample=_("The last reading of each day."),
        fresh=Fresh.PROFILES,
    ),
    "share_of_voice": Definition(
        name=_("Share of voice"),
        what=_(
            "Mentions of a brand, of all mentions of the brands beside it: us and competitors, products, or topics. A "
            "change is told in points where it is surely one (90%)."
        ),
        sample=_("Every mention of these brands; a post about two of them is two mentions."),
    ),
    "market_communities": Definition(
        name=_("Where your market talks"),
        what=_("Communities by their share of all that was said of any of your brands."),
        sample=_("Every mention of all your brands; a post about two of them is two mentions."),
    ),
    "questions": Definition(
        name=_("Questions worth answering"),
        what=_(
            "Open questions of the last 14 days without a reply, as far as the platform says, that none of you put a "
            "link under and none of your followed profiles replied to. Mark those that you answered elsewhere. Those "
            "whose authors most people follow come first."
        ),
        sample=_("The newest 2,000 mentions of the last 14 days."),
    ),
    "credited": Definition(
        name=_("What brought it"),
        what=_("By the last touch that we know of before each of them. Visits are clicks of people on your links."),
        sample=_("Everything that was reported and not voided."),
        fresh=Fresh.REPORTS,
    ),
}  # fmt: skip

_HEAD: Final = """# Figures

What each figure of the overview means. The page says the same beside each figure, with its period, its sample and when
it was last brought up to date; a click leads to the rows that it counts. This page is written by `manage.py figures`
from `monitoring/dashboard/definitions.py`; a test keeps it true. How the figures are proved:
`tests/dashboard/test_recount.py` computes them again from the rows.

- Under 30 mentions counts stand instead of percentages.
- A difference is only called one where it surely is (90% intervals, `monitoring/lib/intervals.py`).
- “~” stands before what is estimated.
- A day that nobody could look at is hatched: unknown, not zero. Where only some platforms could not be read it is
  hatched lightly, and the table beside the chart names them.

| figure | what it is | out of | as fresh as |
| --- | --- | --- | --- |
"""


def figures_page() -> str:
    rows = ((each.name, each.what, each.sample, FRESHNESS[each.fresh]) for each in DEFINITIONS.values())
    return _HEAD + "".join(_row(row) for row in rows)


def _row(cells: Iterable[str | Promise]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |\n"
