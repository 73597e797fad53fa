"""The widget: the latest mentions of a shared view in a frame that only the company's own pages may show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.audit import Action, record, record_change
from accounts.mail import choose_language
from accounts.models import User
from accounts.tokens import digest_of, hint_of, is_whole, make_secret
from monitoring.alerts.models import WIDGET_PREFIX, ViewWidget
from monitoring.alerts.outside.answers import drop_answer
from monitoring.alerts.outside.feeds import require_shared
from monitoring.alerts.outside.rendering import latest_mentions
from monitoring.alerts.wording import author_of, in_short, name_platform, web_address, words_of
from monitoring.listening.models import Mention, SavedView
from monitoring.listening.services.saved_views import ViewRefused

LONGEST_TEXT: Final = 400


@dataclass(frozen=True, kw_only=True)
class WidgetChoice:
    """What the business shows, and where."""

    title: str
    hosts: list[str]
    most: int
    shows_authors: bool
    shows_times: bool
    shows_links: bool
    appearance: str


@dataclass(frozen=True)
class Framed:
    """The page in the frame, and who may put it there."""

    html: str
    hosts: tuple[str, ...]
    language: str


@transaction.atomic
def make_widget(*, view: SavedView, choice: WidgetChoice, by: User) -> tuple[ViewWidget, str]:
    """The widget and the markup for the site, which cannot be read again. Raises ViewRefused."""
    view = require_shared(view)
    if ViewWidget.objects.filter(view=view).exists():
        raise ViewRefused(_("This view has a widget already."))
    secret = make_secret(WIDGET_PREFIX)
    widget = ViewWidget.objects.create(
        organization=view.organization,
        view=view,
        hint=hint_of(secret),
        digest=digest_of(secret),
        created_by=by,
        **vars(choice),
    )
    record(Action.CREATED, organization=view.organization, subject=widget, name=view.name, after=vars(choice))
    return widget, snippet_of(secret, choice.title or view.name)


@transaction.atomic
def change_widget(*, widget: ViewWidget, choice: WidgetChoice) -> None:
    """The markup on the site stays as it is."""
    before = {name: getattr(widget, name) for name in vars(choice)}
    for name, value in vars(choice).items():
        setattr(widget, name, value)
    widget.save(update_fields=list(before))
    record_change(
        organization=widget.organization,
        subject=widget,
        name=widget.view.name,
        before=before,
        after=vars(choice),
    )
    transaction.on_commit(lambda: drop_answer(widget.digest))


@transaction.atomic
def remove_widget(*, widget: ViewWidget) -> None:
    """From now on the frame on the site stays empty."""
    facts = {"hosts": widget.hosts}
    record(
        Action.DELETED, organization=widget.organization, subject=widget, name=widget.view.name, before=facts
    )
    widget.delete()
    transaction.on_commit(lambda: drop_answer(widget.digest))


def find_widget(*, view: SavedView) -> ViewWidget | None:
    widgets = ViewWidget.objects.select_related("created_by", "view", "organization")
    return widgets.filter(view=view, organization=view.organization).first()


def digest_in(token: str) -> str:
    """What the token is looked up by, or nothing where it cannot be one."""
    return digest_of(token) if is_whole(token, WIDGET_PREFIX) else ""


def snippet_of(secret: str, title: str) -> str:
    address = settings.PUBLIC_URL + reverse("alerts:widget", args=[secret])
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="480" loading="lazy"></iframe>', address, title
    )


def render_widget(*, digest: str) -> Framed | None:
    """Nothing for a token that was removed, or whose view is private again."""
    widgets = ViewWidget.objects.select_related("view__organization", "view__brand")
    widget = widgets.filter(digest=digest, view__private_to=None).first()
    if widget is None:
        return None
    organization = widget.view.organization
    language = choose_language(organization.language)
    with translation.override(language), timezone.override(ZoneInfo(organization.time_zone)):
        rows = [_row(widget, mention) for mention in latest_mentions(widget.view, widget.most)]
        context = {"widget": widget, "rows": rows, "language": language, "business": organization}
        html = render_to_string("alerts/widget.html", context)
    return Framed(html, tuple(widget.hosts), language)


@dataclass(frozen=True, kw_only=True)
class WidgetRow:
    mention: Mention
    text: str
    author: str
    platform: str
    link: str


def _row(widget: ViewWidget, mention: Mention) -> WidgetRow:
    return WidgetRow(
        mention=mention,
        text=in_short(words_of(mention), LONGEST_TEXT) or _("A post without words"),
        author=author_of(mention) if widget.shows_authors else "",
        platform=name_platform(mention.platform),
        link=web_address(mention.url) if widget.shows_links else "",
    )
