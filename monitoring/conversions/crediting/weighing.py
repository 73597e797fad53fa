"""From the evidence of a conversion to its touches. What is one event is one touch, however often it left a trace.

1. The clicks on our links that the evidence names; those of robots never.
2. The visits of the same visitor on the same day before the conversion. A visit that a click led to is that click.
3. The link that the reporter named. A click on it is the same touch, at the click's time.
4. The tags, or else the referring site, of the visit in which the conversion happened. If one of the former lies in
   that visit, it knows better; coming directly is no touch.
5. Coupons, at the time of the conversion, unless another touch names their campaign already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitoring.conversions.crediting.evidence import Evidence
from monitoring.conversions.crediting.referrers import channel_of_referrer
from monitoring.conversions.models import Click, Conversion, Coupon, Touch, TrackedLink, Visit
from monitoring.conversions.visits.sources import channel_of_tags

ONE_VISIT = timedelta(minutes=30)
# A visit whose beginning nobody told may have lasted over night: shops keep its tags until the order.
_LONG_VISIT = timedelta(days=2)
MOST_TOUCHES = 100
_DIRECT = frozenset(("direct", "(direct)", "(none)", "typein", "none"))
_Found = Touch.Found


@dataclass(frozen=True, kw_only=True)
class FoundTouch:
    """What will be a row of Touch."""

    key: str
    found: str
    occurred_at: datetime
    channel: str = ""
    campaign_id: int | None = None
    link_id: int | None = None

    def says_the_same(self, other: FoundTouch) -> bool:
        """Whether one may only be a vaguer trace of the other."""
        return (
            self.channel == other.channel
            and _agree(self.campaign_id, other.campaign_id)
            and _agree(self.link_id, other.link_id)
        )

    def lies_near(self, moment: datetime, within: timedelta = ONE_VISIT) -> bool:
        return abs(self.occurred_at - moment) <= within


def _agree(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


@dataclass(frozen=True, kw_only=True)
class Known:
    """What an organization's evidence may refer to. Words and codes are in lower case."""

    clicks: Mapping[str, Click]  # by their id; those of others among them, which are no touches
    visits: Mapping[str, Sequence[Visit]]  # by visitor
    words: Mapping[str, str] = field(default_factory=dict)  # channels by the organization's own utm_source
    campaigns: Mapping[str, int] = field(default_factory=dict)  # by tag
    coupons: Mapping[str, Coupon] = field(default_factory=dict)


def weigh_evidence(
    *, conversion: Conversion, evidence: Evidence, told: TrackedLink | None, known: Known
) -> list[FoundTouch]:
    """Oldest first; of very many the latest."""
    at = conversion.occurred_at
    clicks = _clicks(conversion, evidence, known)
    touches = _with_told(clicks, told, at) if told else clicks
    touches += _new_ones(_visits(at, evidence, known, clicks), touches)
    for tagged in (_tag(at, evidence, known), _referrer(at, evidence)):
        if tagged and not _is_known_better(tagged, touches, evidence):
            touches.append(tagged)
            break
    touches += _coupons(at, evidence, known, touches)
    return sorted(touches, key=lambda touch: touch.occurred_at)[-MOST_TOUCHES:]


def _clicks(conversion: Conversion, evidence: Evidence, known: Known) -> list[FoundTouch]:
    """An order cannot come before the click that it names, whatever its shop's clock says."""
    clicks = [known.clicks[each] for each in evidence.click_ids if each in known.clicks]
    ours = [
        click for click in clicks if click.organization_id == conversion.organization_id and not click.is_bot
    ]
    found = [
        FoundTouch(
            key=f"click:{click.click_id.hex}",
            found=_Found.CLICK,
            occurred_at=min(click.clicked_at, conversion.occurred_at),
            channel=click.link.channel,
            campaign_id=click.link.campaign_id,
            link_id=click.link_id,
        )
        for click in ours
    ]
    return _new_ones(sorted(found, key=lambda touch: touch.occurred_at), [])


def _with_told(clicks: list[FoundTouch], link: TrackedLink, at: datetime) -> list[FoundTouch]:
    """The link that was named, in the place of the latest click on it."""
    same = next((click for click in reversed(clicks) if click.link_id == link.pk), None)
    told = FoundTouch(
        key=f"link:{link.pk}",
        found=_Found.TOLD,
        occurred_at=same.occurred_at if same else at,
        channel=link.channel,
        campaign_id=link.campaign_id,
        link_id=link.pk,
    )
    return [click for click in clicks if click is not same] + [told]


def _visits(at: datetime, evidence: Evidence, known: Known, clicks: Iterable[FoundTouch]) -> list[FoundTouch]:
    """Those that came without one of the clicks which are touches already, each click's once."""
    seen = {click.key for click in clicks} | {f"click:{click}" for click in evidence.click_ids}
    found = []
    for visit in known.visits.get(evidence.visitor, ()) if evidence.visitor else ():
        key = f"click:{visit.click_id.hex}" if visit.click_id else f"visit:{visit.visit_id.hex}"
        if visit.occurred_at <= at and not visit.is_bot and key not in seen:
            seen.add(key)
            found.append(
                FoundTouch(
                    key=key,
                    found=_Found.CLICK if visit.click_id else _Found.VISIT,
                    occurred_at=visit.occurred_at,
                    channel=visit.channel,
                    campaign_id=visit.campaign_id,
                    link_id=visit.link_id,
                )
            )
    return found


def _new_ones(found: Iterable[FoundTouch], known: Iterable[FoundTouch]) -> list[FoundTouch]:
    """Without those that repeat another within half an hour."""
    kept: list[FoundTouch] = []
    earlier = list(known)
    for touch in found:
        others = [*earlier, *kept]
        if not any(each.says_the_same(touch) and each.lies_near(touch.occurred_at) for each in others):
            kept.append(touch)
    return kept


def _tag(at: datetime, evidence: Evidence, known: Known) -> FoundTouch | None:
    source, medium = evidence.utm_source.lower(), evidence.utm_medium.lower()
    if not (source or medium or evidence.utm_campaign) or source in _DIRECT:
        return None
    return FoundTouch(
        key="tag",
        found=_Found.TAG,
        occurred_at=_landed_at(evidence, at) or at,
        channel=known.words.get(source) or channel_of_tags(source, medium),
        campaign_id=known.campaigns.get(evidence.utm_campaign.lower()),
    )


def _referrer(at: datetime, evidence: Evidence) -> FoundTouch | None:
    channel = channel_of_referrer(evidence.referrer.lower())
    if not channel:
        return None
    landed_at = _landed_at(evidence, at) or at
    return FoundTouch(key="referrer", found=_Found.REFERRER, occurred_at=landed_at, channel=channel)


def _landed_at(evidence: Evidence, at: datetime) -> datetime | None:
    try:
        landed_at = datetime.fromisoformat(evidence.landed_at)
    except ValueError:
        return None
    return min(landed_at, at) if landed_at.tzinfo else None


def _is_known_better(tagged: FoundTouch, touches: Iterable[FoundTouch], evidence: Evidence) -> bool:
    """Whether a click or visit lies in the visit that had the tag."""
    if evidence.landed_at:
        return any(touch.lies_near(tagged.occurred_at) for touch in touches)
    return any(
        touch.lies_near(tagged.occurred_at, _LONG_VISIT) or touch.says_the_same(tagged) for touch in touches
    )


def _coupons(
    at: datetime, evidence: Evidence, known: Known, touches: Iterable[FoundTouch]
) -> list[FoundTouch]:
    codes = dict.fromkeys(code.strip().lower() for code in evidence.coupons)
    coupons = [known.coupons[code] for code in codes if code in known.coupons]
    named = {(touch.campaign_id, touch.channel) for touch in touches}
    campaigns = {campaign for campaign, _channel in named}
    return [
        FoundTouch(
            key=f"coupon:{coupon.pk}",
            found=_Found.COUPON,
            occurred_at=at,
            channel=coupon.channel,
            campaign_id=coupon.campaign_id,
        )
        for coupon in coupons
        if (coupon.campaign_id, coupon.channel) not in named
        and (coupon.channel or coupon.campaign_id not in campaigns)
    ]
