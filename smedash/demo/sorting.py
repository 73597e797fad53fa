"""What the demo's people did with what was said: tags, corrections, a muted author, labels, views, and who matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from accounts.models import Membership, Organization
from monitoring.lib.periods import Period, last_days
from monitoring.listening.authors.ranking import rank_authors
from monitoring.listening.models import Brand, BrandKind, ChangeAct, Mention
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.filtering import MentionFilter, filter_mentions
from monitoring.listening.services.changes import change_selected
from monitoring.listening.services.labelling import draw_sample, say_label
from monitoring.listening.services.saved_views import save_view
from monitoring.listening.services.tags import find_or_create_tag
from smedash.demo.calendar import Timeline

MACHINE_IS_RIGHT: Final = 0.84  # of the labels
CANNOT_TELL: Final = 0.04
_DAYS: Final = 90


@dataclass(frozen=True)
class _Desk:
    """The person who sorts, and what lies before them: the newest mentions of the own brand."""

    membership: Membership
    brand: Brand
    period: Period

    def newest(self, number: int, *, before: int = 0, **wanted: object) -> list[int]:
        found = filter_mentions(brand=self.brand, wanted=MentionFilter(period=self.period, **wanted))  # type: ignore[arg-type]  # names of its fields
        ordered = found.order_by("-published_at", "-pk").values_list("pk", flat=True)
        return list(ordered[before : before + number])

    def do(self, act: ChangeAct, ids: Sequence[int], value: int | None = None) -> None:
        organization, by = self.membership.organization, self.membership.user
        change_selected(organization=organization, act=act, ids=ids, by=by, value=value)

    def tag(self, name: str, ids: Sequence[int]) -> None:
        tag = find_or_create_tag(organization=self.membership.organization, name=name)
        self.do(ChangeAct.TAG, ids, tag.pk)


def write_sorting(*, organization: Organization, timeline: Timeline) -> None:
    """Through the services that people use, so that all of it can be undone, and every count holds."""
    membership = organization.memberships.select_related("organization", "user").earliest("pk")
    brand = Brand.objects.filter(organization=organization, kind=BrandKind.OWN).earliest("pk")
    desk = _Desk(membership, brand, last_days(_DAYS, now=timeline.now, zone=timeline.zone))
    _sort(desk)
    _label(desk, timeline)
    _keep_views(desk)
    rank_authors(organization_id=organization.pk, now=timeline.now)


def _sort(desk: _Desk) -> None:
    desk.tag("Complaint", desk.newest(120, tones=(Tone.NEGATIVE,)))
    desk.tag("Press", desk.newest(40, platforms=("feeds",)))
    desk.tag("Thank them", desk.newest(30, tones=(Tone.POSITIVE,), platforms=("mastodon", "bluesky")))
    desk.do(ChangeAct.ARCHIVE, desk.newest(60, before=40, tones=(Tone.POSITIVE,)))
    desk.do(ChangeAct.ANSWER, desk.newest(200, before=6, only_questions=True))
    desk.do(ChangeAct.ANSWER, desk.newest(90, before=9, tones=(Tone.NEGATIVE,)))
    desk.do(ChangeAct.JUDGE, desk.newest(4, before=5, tones=(Tone.NEUTRAL,)), Tone.POSITIVE)
    desk.do(ChangeAct.JUDGE, desk.newest(3, before=3, tones=(Tone.POSITIVE,)), Tone.NEUTRAL)
    desk.do(ChangeAct.NOT_ABOUT_US, desk.newest(5, before=20, platforms=("hackernews", "lemmy")))
    desk.do(ChangeAct.MUTE, desk.newest(1, before=8, platforms=("lemmy",)))


def _label(desk: _Desk, timeline: Timeline) -> None:
    by = desk.membership.user
    sample = draw_sample(brand=desk.brand, period=desk.period, by=by)
    if sample is None:
        return
    random = timeline.random("labels")
    drawn = Mention.objects.in_bulk(sample.mention_ids)
    for mention_id in sample.mention_ids:
        mention, chance = drawn[mention_id], random.random()
        machine = Tone(mention.sentiment)
        wrong = random.choice([tone for tone in Tone if tone != machine])
        said = machine if chance < MACHINE_IS_RIGHT else None if chance > 1 - CANNOT_TELL else wrong
        say_label(sample=sample, mention=mention, said=said, by=by)


def _keep_views(desk: _Desk) -> None:
    for name, query, is_shared in (
        ("Complaints", "period=30d&status=open&tone=negative", True),
        ("Questions to answer", "has=question&period=30d&sort=reach&status=open", False),
    ):
        save_view(membership=desk.membership, brand=desk.brand, name=name, query=query, is_shared=is_shared)
