"""Numbers of followers from before we looked: from a platform's own statistics, or from a table somebody kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from monitoring.audience.models import AudienceSnapshot
from monitoring.audience.storing import Reading, store_snapshots
from monitoring.jobs.importers import BadRow, Field, Setting, read_number
from monitoring.lib.dates import parse_day
from monitoring.listening.models import TrackedProfile
from monitoring.platforms.types import Profile

# A reading of our own later on the same day wins.
_NOON = time(12)
_DAY = timedelta(days=1)


class FollowersImporter:
    """Followers, following and posts of profiles that are followed here, a day a line."""

    slug = "followers"
    title = gettext_lazy("Followers of the past")
    explanation = gettext_lazy(
        "One line a day and profile. Days that we read ourselves keep what we read; the gap before is filled."
    )
    fields: Sequence[Field] = (
        Field(
            name="day",
            label=gettext_lazy("Day"),
            known_as=("date", "day", "datum", "tag", "fecha", "jour", "giorno", "dia", "tanggal"),
            is_needed=True,
            is_date=True,
        ),
        Field(
            name="profile",
            label=gettext_lazy("Profile"),
            known_as=("profile", "handle", "account", "profil", "konto", "cuenta", "compte", "akun"),
            is_needed=True,
            help=gettext_lazy("As it is called on the audience page."),
        ),
        Field(
            name="followers",
            label=gettext_lazy("Followers"),
            known_as=(
                "followers",
                "follower",
                "fans",
                "subscribers",
                "seguidores",
                "abonnés",
                "abonnenten",
                "pengikut",
            ),
            is_needed=True,
        ),
        Field(name="following", label=gettext_lazy("Following"), known_as=("following", "folgt", "seguidos")),
        Field(
            name="posts",
            label=gettext_lazy("Posts"),
            known_as=("posts", "beiträge", "publicaciones", "media"),
        ),
    )

    def prepare(self, organization: Organization) -> Mapping[str, Any]:
        """The profiles by their handles; one that two platforms share is named with its platform."""
        profiles: dict[str, int] = {}
        for profile in TrackedProfile.objects.filter(organization=organization).order_by("-pk"):
            profiles[profile.handle.casefold()] = profile.pk
            profiles[f"{profile.platform}:{profile.handle}".casefold()] = profile.pk
        return {"profiles": profiles}

    def read(self, said: Mapping[str, str], key: str, setting: Setting) -> Reading:
        profile_id = setting.extra["profiles"].get(said["profile"].casefold().removeprefix("@"))
        if profile_id is None:
            raise BadRow(_("You do not follow “%(text)s” here.") % {"text": said["profile"]})
        return Reading(
            profile_id=profile_id,
            taken_at=_moment(said["day"], setting),
            profile=Profile(
                external_id=str(profile_id),
                handle=said["profile"],
                followers=read_number(said["followers"]),
                following=read_number(said["following"]),
                posts=read_number(said["posts"]),
            ),
        )

    def write(self, items: Sequence[Reading], setting: Setting) -> tuple[int, Sequence[tuple[int, str]]]:
        """A day that has a reading already keeps it."""
        wanted = {(item.profile_id, item.taken_at.astimezone(setting.zone).date()): item for item in items}
        days = [item.taken_at for item in items]
        taken = (
            AudienceSnapshot.objects.filter(
                organization=setting.organization,
                profile_id__in={item.profile_id for item in items},
                taken_at__range=(min(days) - _DAY, max(days) + _DAY),
            )
            if items
            else AudienceSnapshot.objects.none()
        )
        known = {
            (profile_id, at.astimezone(setting.zone).date())
            for profile_id, at in taken.values_list("profile_id", "taken_at")
        }
        new = [item for name, item in wanted.items() if name not in known]
        store_snapshots(readings=new)
        return len(new), ()


def _moment(text: str, setting: Setting) -> datetime:
    try:
        moment = datetime.combine(parse_day(text, setting.order), _NOON, setting.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRow(_("“%(text)s” is no day we can read.") % {"text": text}) from None
    if moment.year < 2000 or moment > timezone.now() + _DAY:
        raise BadRow(_("This day is in the future, or before the year 2000."))
    return min(moment, timezone.now())
