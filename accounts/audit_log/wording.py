"""An event as a sentence, and its facts with their names. The only place that knows what the log's kinds are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext_lazy as named

from accounts.models import AuditEvent, Role

Action = AuditEvent.Action
Said = str | Promise
_SHOWN_CHARACTERS: Final = 60
_SHOWN_FACTS: Final = 3

# What an event may be about: names of models, and what else `record` was told.
KINDS: Final[Mapping[str, Said]] = {
    "apitoken": gettext_lazy("API token"),
    "assumptions": gettext_lazy("assumptions"),
    "authenticator": gettext_lazy("second factor"),
    "author": gettext_lazy("author"),
    "author request": gettext_lazy("author’s request"),
    "brand": gettext_lazy("brand"),
    "campaign": gettext_lazy("campaign"),
    "connectedaccount": gettext_lazy("platform account"),
    "conversion": gettext_lazy("conversion"),
    "emailaddress": gettext_lazy("e-mail address"),
    "everything": gettext_lazy("whole of the data"),
    "file": gettext_lazy("file"),
    "fileimport": gettext_lazy("file"),
    "goal": gettext_lazy("goal"),
    "holiday": gettext_lazy("holiday"),
    "houserules": gettext_lazy("house rules"),
    "incident": gettext_lazy("incident"),
    "invitation": gettext_lazy("invitation"),
    "keyword": gettext_lazy("keyword"),
    "labelsample": gettext_lazy("sample of mentions"),
    "mention": gettext_lazy("mentions"),
    "organization": gettext_lazy("business"),
    "ownrate": gettext_lazy("exchange rate"),
    "password": gettext_lazy("password"),
    "plan": gettext_lazy("plan"),
    "privacy page": gettext_lazy("privacy page"),
    "recovery_codes": gettext_lazy("recovery codes"),
    "savedview": gettext_lazy("view"),
    "sharedmonth": gettext_lazy("link to a month"),
    "shopconnection": gettext_lazy("shop"),
    "site": gettext_lazy("site"),
    "spend": gettext_lazy("expense"),
    "tag": gettext_lazy("tag"),
    "timespent": gettext_lazy("working time"),
    "totp": gettext_lazy("authenticator app"),
    "trackedlink": gettext_lazy("link"),
    "trackedprofile": gettext_lazy("profile"),
    "user": gettext_lazy("person"),
    "utmword": gettext_lazy("word for links"),
    "viewfeed": gettext_lazy("feed"),
    "viewwidget": gettext_lazy("widget"),
    "webauthn": gettext_lazy("passkey"),
}
# Names of facts that read badly as they are. Others are said as they are, with blanks.
FACTS: Final[Mapping[str, Said]] = {
    "asks_how_heard": gettext_lazy("asks how customers heard of you"),
    "act": gettext_lazy("act"),
    "amount_a_day": gettext_lazy("amount a day"),
    "counts": gettext_lazy("counts"),
    "day": gettext_lazy("day"),
    "first_day": gettext_lazy("first day"),
    "half_life_days": gettext_lazy("half-life in days"),
    "hourly_rate": gettext_lazy("hourly rate"),
    "kind": gettext_lazy("kind"),
    "kinds": gettext_lazy("kinds of posts"),
    "last_day": gettext_lazy("last day"),
    "mentions": gettext_lazy("how many"),
    "minutes_a_week": gettext_lazy("minutes a week"),
    "monthly_limit": gettext_lazy("monthly limit"),
    "name": named("of a thing", "name"),
    "per_euro": gettext_lazy("worth of one euro"),
    "query": gettext_lazy("query"),
    "requires_two_factor": gettext_lazy("requires two-factor sign-in"),
    "role": gettext_lazy("role"),
    "rows": gettext_lazy("rows"),
    "slug": gettext_lazy("ending"),
    "target": gettext_lazy("target"),
    "time_zone": gettext_lazy("time zone"),
    "week_start": gettext_lazy("week begins on day"),
    "where": gettext_lazy("platforms"),
    "window_days": gettext_lazy("days looked back"),
}
_SENTENCES: Final[Mapping[str, Said]] = {
    Action.SIGNED_IN: gettext_lazy("%(who)s signed in"),
    Action.SIGNED_OUT: gettext_lazy("%(who)s signed out"),
    Action.SIGN_IN_FAILED: gettext_lazy("Somebody failed to sign in as %(name)s"),
    Action.SECURED: gettext_lazy("%(who)s changed how %(name)s signs in: %(kind)s"),
    Action.INVITED: gettext_lazy("%(who)s invited %(name)s"),
    Action.JOINED: gettext_lazy("%(name)s joined the team"),
    Action.LEFT: gettext_lazy("%(name)s left the team"),
    Action.REMOVED: gettext_lazy("%(who)s removed %(name)s from the team"),
    Action.ROLE_CHANGED: gettext_lazy("%(who)s changed the role of %(name)s"),
    Action.CONNECTED: gettext_lazy("%(who)s connected %(what)s"),
    Action.DISCONNECTED: gettext_lazy("%(who)s disconnected %(what)s"),
    Action.CREATED: gettext_lazy("%(who)s created %(what)s"),
    Action.CHANGED: gettext_lazy("%(who)s changed %(what)s"),
    Action.DELETED: gettext_lazy("%(who)s deleted %(what)s"),
    Action.IMPORTED: gettext_lazy("%(who)s imported %(what)s"),
    Action.EXPORTED: gettext_lazy("%(who)s exported %(what)s"),
    Action.ERASED: gettext_lazy("%(who)s erased %(what)s"),
}
_NOBODY_KNOWN: Final = gettext_lazy("Somebody tried to sign in with an address that nobody here has")


@dataclass(frozen=True)
class SaidFact:
    """`before` and `after` are None where there was nothing to compare."""

    name: str
    before: str | None
    after: str | None

    @property
    def in_short(self) -> str:
        values = {"name": self.name, "before": _short(self.before), "after": _short(self.after)}
        if self.before == "" and self.after:
            return _("%(name)s now “%(after)s”") % values
        if self.after == "" and self.before:
            return _("%(name)s no longer “%(before)s”") % values
        if self.before is not None and self.after is not None:
            return _("%(name)s from “%(before)s” to “%(after)s”") % values
        return _("%(name)s %(value)s") % {"name": self.name, "value": _short(self.after or self.before)}


@dataclass(frozen=True)
class SaidEvent:
    """An event for people to read."""

    event: AuditEvent

    @property
    def who(self) -> str:
        """The name alone, or the address of who has none."""
        return self.event.actor_name.partition(" <")[0] or _("SMEdash")

    @property
    def what(self) -> str:
        kind, name = name_kind(self.event.subject_kind), self.event.subject_name
        return _("the %(kind)s “%(name)s”") % {"kind": kind, "name": _short(name)} if name else kind

    @property
    def sentence(self) -> str:
        event = self.event
        if event.action == Action.SIGN_IN_FAILED and not event.subject_name:
            return str(_NOBODY_KNOWN)
        values = {"who": self.who, "what": self.what, "name": event.subject_name}
        said = str(_SENTENCES[event.action]) % {**values, "kind": name_kind(event.subject_kind)}
        facts = [fact.in_short for fact in self.facts if fact.before or fact.after][:_SHOWN_FACTS]
        return _("%(sentence)s: %(facts)s") % {"sentence": said, "facts": "; ".join(facts)} if facts else said

    @property
    def facts(self) -> list[SaidFact]:
        before, after = self.event.before, self.event.after
        return [
            SaidFact(
                name_fact(key),
                _say(key, before[key]) if key in before else None,
                _say(key, after[key]) if key in after else None,
            )
            for key in {**before, **after}
        ]


def name_kind(kind: str) -> str:
    return str(KINDS.get(kind, kind.replace("_", " ")))


def name_fact(key: str) -> str:
    return str(FACTS.get(key, key.replace("_", " ")))


def _say(key: str, value: object) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if key == "role" and value in Role.values:
        return str(Role(str(value)).label)
    return str(value)


def _short(text: str | None) -> str:
    return Truncator(text or "").chars(_SHOWN_CHARACTERS)
