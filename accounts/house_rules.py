"""The house rules as their page shows them: the newest, what changed between versions, who has read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import HouseRules, Membership, Organization, RulesAcknowledged, User


def list_versions(*, organization: Organization) -> QuerySet[HouseRules]:
    """The newest first."""
    return (
        HouseRules.objects.filter(organization=organization).select_related("written_by").order_by("-version")
    )


def find_acknowledgment(*, rules: HouseRules, user: User) -> RulesAcknowledged | None:
    return RulesAcknowledged.objects.filter(rules=rules, user=user).first()


def list_readers(*, rules: HouseRules) -> QuerySet[Membership]:
    """Every member with `read_at`, which is None for those who have not said that they read this version."""
    read_at = RulesAcknowledged.objects.filter(rules=rules, user=OuterRef("user")).values("acknowledged_at")
    return (
        Membership.objects.filter(organization_id=rules.organization_id)
        .select_related("user")
        .annotate(read_at=Subquery(read_at))
        .order_by("user__name", "user__email")
    )


@dataclass(frozen=True)
class Line:
    """One line of what changed. `kind` is gone, new, same or gap."""

    kind: str
    text: str = ""


_KINDS = {"-": "gone", "+": "new", " ": "same", "@": "gap"}


def differences(*, before: str, after: str) -> list[Line]:
    """What a version changed, line by line, each with the line around it."""
    changed = unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    lines = (line for number, line in enumerate(changed) if number > 1)  # the first two name files
    return list(_without_blanks(lines))


def _without_blanks(lines: Iterator[str]) -> Iterator[Line]:
    for line in lines:
        kind, text = _KINDS[line[0]], line[1:].strip()
        if kind == "gap":
            yield Line(kind)
        elif text:
            yield Line(kind, text)


def suggest_rules(*, organization: Organization) -> str:
    """A text to begin with, in the organization's language: what suits most small businesses."""
    with override(organization.language):
        return "\n\n".join(
            (
                _("These rules hold for everybody who writes or answers on social media for %(name)s."),
                _("## Who writes and who answers"),
                _(
                    "- Posts and answers come from the people in this team, from our own accounts.\n"
                    "- We answer questions and complaints within one working day, on weekends by Monday noon.\n"
                    "- Whoever takes up a mention sees it through, or hands it to somebody by name.\n"
                    "- Nobody answers for us from a private account. Privately you may say where you work, and "
                    "that you speak for yourself."
                ),
                _("## How we sound"),
                _(
                    "- Friendly, short, plain. We write as we would speak across the counter.\n"
                    "- We thank for praise, and say sorry where something was our fault, without excuses.\n"
                    "- We do not argue. After two answers we offer to go on by phone or mail."
                ),
                _("## What we never write"),
                _(
                    "- Names, orders, addresses or pictures of customers without their consent.\n"
                    "- Anything about colleagues, health, religion or party politics.\n"
                    "- Figures, prices or promises that nobody has confirmed.\n"
                    "- Bad words about competitors. Insults, even in answer to one.\n"
                    "- Texts, pictures or music that belong to others and that we may not use."
                ),
                _("## When it gets serious"),
                _(
                    "- Accidents, illness, legal threats, journalists, many angry posts at once: do not answer. "
                    "Tell the owner at once, by phone.\n"
                    "- We do not delete criticism. We hide only insults, threats, spam and private data, and note "
                    "why.\n"
                    "- If we got something wrong, we say so where we said it."
                ),
                _("## Privacy"),
                _(
                    "- Personal matters move to private messages. We never ask for passwords or card numbers.\n"
                    "- What we learn about people here stays here. No lists, no screenshots in private chats.\n"
                    "- Everybody signs in with their own account and a second factor."
                ),
                _("## Advertising"),
                _(
                    "- Paid posts, gifts and partnerships are marked as advertising, clearly and at the beginning.\n"
                    "- We buy no followers and no reviews, and we do not review ourselves.\n"
                    "- Competitions name their rules, their end and who decides."
                ),
            )
        ) % {"name": organization.name}
