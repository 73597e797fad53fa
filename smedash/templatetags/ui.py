"""How our pages draw the small things: icons, chips, figures, times. `{% load ui %}`.

Shares are numbers from 0 to 1 everywhere. Nothing here writes a style attribute: our
Content-Security-Policy forbids it.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import repeat

from babel import Locale, UnknownLocaleError
from babel.dates import format_timedelta
from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from accounts.models import Membership
from accounts.permissions import Act
from accounts.permissions import may as role_may
from monitoring.analysis.sentiment.judgement import Sentiment
from monitoring.lib.figures import UNKNOWN, Number, format_money, format_number, format_share, reader_locale
from monitoring.platforms.registry import IMPORTED, UnknownPlatform, connector_class
from monitoring.platforms.types import Platform
from smedash.icons import draw_icon
from smedash.sparkline import draw_sparkline

register = template.Library()

_SENTIMENTS = {
    Sentiment.POSITIVE: ("pos", "thumbs-up", gettext_lazy("Positive")),
    Sentiment.NEUTRAL: ("neu", "minus", gettext_lazy("Neutral")),
    Sentiment.NEGATIVE: ("neg", "triangle-alert", gettext_lazy("Negative")),
}


@lru_cache(maxsize=512)
def _draw_icon(name: str, size: int, classes: str) -> SafeString:
    return mark_safe(draw_icon(name, size, classes))  # noqa: S308 - drawn from the library's own file


@register.simple_tag
def icon(name: str, size: int = 16, classes: str = "") -> SafeString:
    """A lucide icon. It is decoration: the words beside it say what it means."""
    return _draw_icon(str(name), size, str(classes))


@register.simple_tag
def sentiment(value: int, corrected: bool = False) -> SafeString:
    """The badge of a sentiment: a color, an icon and a word. `corrected` says that a person decided."""
    return _draw_sentiment(value, corrected, reader_locale())


@lru_cache(maxsize=512)
def _draw_sentiment(value: int, corrected: bool, _locale: str) -> SafeString:
    style, symbol, label = _SENTIMENTS[Sentiment(value)]
    by_hand = format_html("<span class='sr'> · {}</span>{}", gettext("set by a person"), icon("user-check"))
    return format_html(
        '<span class="badge {}">{}{}{}</span>', style, icon(symbol), label, by_hand if corrected else ""
    )


_UNKNOWN_CHIP = "#3d4a52"
# Channels that customers come from and no connector reads yet: white letters on them can be read.
_CHANNEL_CHIPS = {
    "instagram": ("IG", "#a3316f"),
    "tiktok": ("TT", "#36424a"),
    "facebook": ("FB", "#3a5ba0"),
    "youtube": ("YT", "#a83232"),
    "whatsapp": ("WA", "#1d7148"),
    "linkedin": ("LI", "#2a62a5"),
    "reddit": ("RD", "#a8470f"),
}


@register.simple_tag
def platform_chip(platform: Platform | str, labeled: bool = False) -> SafeString:
    """The two letters of a platform. `labeled`: its name stands beside the chip, so the chip keeps silent."""
    known = _find_platform(platform) if isinstance(platform, str) else platform
    if known is None:
        letters, color = _CHANNEL_CHIPS.get(str(platform), (str(platform)[:2].upper(), _UNKNOWN_CHIP))
        return _draw_chip(str(platform), letters, color, labeled)
    return _draw_chip(known.name, known.short_name, known.color, labeled)


@lru_cache(maxsize=512)
def _draw_chip(name: str, letters: str, color: str, labeled: bool) -> SafeString:
    return format_html(
        '<svg class="plat" viewBox="0 0 22 22" {}><title>{}</title>'
        '<rect width="22" height="22" rx="6" fill="{}"/><text x="11" y="14.5">{}</text></svg>',
        mark_safe('aria-hidden="true"') if labeled else format_html('role="img" aria-label="{}"', name),
        name,
        color,
        letters,
    )


def _find_platform(slug: str) -> Platform | None:
    """None for a platform whose connector was taken out; what it brought is still shown."""
    if slug == IMPORTED.slug:
        return IMPORTED
    try:
        return connector_class(slug).platform
    except UnknownPlatform:
        return None


@register.filter
def platform_name(slug: str) -> str:
    known = _find_platform(slug)
    return known.name if known else slug


@register.filter
def language_name(code: str) -> str:
    """A language in the reader's words: `de` as "German"."""
    return gettext("Language unknown") if code == "und" else _language_name(code, reader_locale())


@lru_cache(maxsize=4_096)
def _language_name(code: str, locale: str) -> str:
    try:
        return Locale.parse(code.replace("-", "_")).get_display_name(locale) or code
    except (ValueError, UnknownLocaleError):
        return code


@register.simple_tag
def delta(change: Number | None, kind: str = "percent", good: str = "up", note: str = "") -> SafeString:
    """How a figure moved. `kind`: percent (a share), number or points; `good`: up, down or neither."""
    if change is None:
        return SafeString("")
    size = change if change >= 0 else -change
    amount = percent(size) if kind == "percent" else number(size)
    direction = "up" if change > 0 else "down" if change < 0 else ""
    style = "" if not direction or good == "neither" else "good" if direction == good else "bad"
    symbol = icon(f"arrow-{direction}-right") if direction else ""
    sign = {"up": "+", "down": "−", "": "±"}[direction]
    return format_html(
        '<span class="delta {}">{}{}{} <span class="muted">{}</span></span>',
        style,
        symbol,
        sign,
        amount,
        note,
    )


def _length(share: Number | None) -> str:
    return f"{max(0.0, min(1.0, float(share or 0))) * 100:.1f}%"


@register.simple_tag
def bar(share: Number | None, fill: str = "", classes: str = "") -> SafeString:
    """A bar filled to a share. `fill`: "" (ours), alt, pos, neu, neg. The figure stands beside it."""
    return format_html(
        '<svg class="bar {}" aria-hidden="true"><rect class="track" width="100%" height="100%"/>'
        '<rect class="fill {}" width="{}" height="100%"/></svg>',
        classes,
        fill,
        _length(share),
    )


@register.simple_tag
def tick(share: Number | None) -> SafeString:
    """A mark on a goal's bar, beside which words say what it stands for."""
    return format_html(
        '<svg class="tick" aria-hidden="true"><line x1="{0}" x2="{0}" y1="0" y2="20"/></svg>', _length(share)
    )


@register.simple_tag
def table_rows(rows: Iterable[Sequence[str]], links: Sequence[str] | None = None) -> SafeString:
    """The rows of a table whose first cells head them, each behind its link if it has one. A page has hundreds."""
    addresses = links or repeat("")
    drawn = (
        f'<tr><th scope="row">{_behind(address, head)}</th>'
        + "".join(f'<td class="num">{_escaped(figure)}</td>' for figure in figures)
        + "</tr>"
        for (head, *figures), address in zip(rows, addresses, strict=False)
    )
    return mark_safe("".join(drawn))  # noqa: S308 - each part is escaped


def _behind(address: str, text: str) -> str:
    said = _escaped(text)
    return f'<a class="link" href="{html.escape(address)}">{said}</a>' if address else said


def _escaped(text: str) -> str:
    """As `conditional_escape`, which also looks whether a text is yet to be translated."""
    return text if isinstance(text, SafeString) else html.escape(text)


@register.simple_tag
def share_bar(part: Number, whole: Number) -> SafeString:
    """A quiet bar as long as the part is of the whole."""
    return bar(float(part) / float(whole) if whole else 0, "alt")


@register.simple_tag
def stacked_bar(positive: int, neutral: int, negative: int) -> SafeString:
    """Three counts as one bar, in the order of our charts."""
    total = positive + neutral + negative or 1
    starts = (0, positive, positive + neutral)
    parts = [
        (fill, _length(start / total), _length(count / total))
        for fill, start, count in zip(
            ("pos", "neu", "neg"), starts, (positive, neutral, negative), strict=True
        )
    ]
    drawn = format_html_join("", '<rect class="{}" x="{}" width="{}" height="100%"/>', parts)
    return format_html('<svg class="bar" aria-hidden="true">{}</svg>', drawn)


@register.simple_tag
def sparkline(points: Sequence[Number | None]) -> SafeString:
    """A line without axes. `None` is a gap. The figures stand beside it or in a table."""
    line, area = draw_sparkline(points)
    return format_html(
        '<svg class="spark" viewBox="0 0 120 30" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="area" d="{}"/><path d="{}"/></svg>',
        area,
        line,
    )


@register.filter
def number(value: Number | None) -> str:
    return format_number(value)


@register.filter
def percent(share: Number | None, digits: int = 0) -> str:
    return format_share(share, digits)


@register.simple_tag
def money(amount: Number | None, currency: str) -> str:
    return format_money(amount, currency)


def _time_element(moment: datetime, shown: str) -> SafeString:
    begin = _begin_time(moment, timezone.get_current_timezone(), reader_locale())
    return mark_safe(f"{begin}{escape(shown)}</time>")  # noqa: S308 - both parts are escaped


@lru_cache(maxsize=10_000)
def _begin_time(moment: datetime, zone: tzinfo, _locale: str) -> str:
    """Kept, because a list is looked at more than once, and dates are slow to write."""
    full = date_format(timezone.localtime(moment, zone), "DATETIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">', moment.isoformat(), full)


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """How long ago, or in how long: "12 minutes ago"."""
    if moment is None:
        return escape(gettext("never"))
    seconds = int((moment - timezone.now()).total_seconds())
    step = next((step for limit, step in _STEPS if abs(seconds) < limit), _LONGEST_STEP)
    return _time_element(moment, _say_ago(seconds // step * step, reader_locale()))


# Within a step two moments are said in the same words, nearly always: so the words need not be made anew for each.
_STEPS = ((60, 1), (60 * 60, 10), (24 * 60 * 60, 5 * 60))
_LONGEST_STEP = 60 * 60


@lru_cache(maxsize=10_000)
def _say_ago(seconds: int, locale: str) -> str:
    return format_timedelta(timedelta(seconds=seconds), add_direction=True, locale=locale)


@register.simple_tag
def duration(span: timedelta) -> str:
    """How long: "15 minutes"."""
    return format_timedelta(span, locale=reader_locale())


@register.simple_tag
def local_time(moment: datetime | None, style: str = "SHORT_DATETIME_FORMAT") -> SafeString:
    """A moment in the reader's time zone. `style` is one of Django's named formats."""
    if moment is None:
        return SafeString(UNKNOWN)
    return _time_element(moment, date_format(timezone.localtime(moment), style))


@register.filter
def initials(name: str) -> str:
    """At most two letters that stand for a person; we show no foreign images."""
    words = [word for word in str(name).replace("@", " ").replace("_", " ").split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


@register.simple_tag
def avatar(name: str, classes: str = "") -> SafeString:
    return format_html('<span class="avatar {}" aria-hidden="true">{}</span>', classes, initials(name))


@register.simple_tag
def highlight(text: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    """The text, escaped, with its spans marked. Spans may touch or overlap, in any order."""
    parts: list[str] = []
    position = 0
    for first, last in sorted(spans):
        start, end = max(first, position), min(last, len(text))
        if start < end:
            parts.append(format_html("{}<mark>{}</mark>", text[position:start], text[start:end]))
            position = end
    return mark_safe("".join([*parts, escape(text[position:])]))  # noqa: S308 - every part is escaped


@register.filter
def may(membership: Membership, act: str) -> bool:
    """`{% if membership|may:"edit_goals" %}`: does the table of what each role may do allow it?"""
    return role_may(membership.role, Act(act))


@register.simple_tag
def render_field(field: BoundField, **attributes: str) -> SafeString:
    """A form's field with its label, help and errors (elements/field.html). Extra arguments become attributes
    of the input, with _ for -."""
    widget = field.field.widget
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    boxes = isinstance(widget, (RadioSelect, CheckboxSelectMultiple))
    classes = "check" if isinstance(widget, CheckboxInput) else "" if boxes else _control_class(field)
    context = {
        "field": field,
        "inline": isinstance(widget, CheckboxInput),
        "boxes": boxes,
        "control": field.as_widget(attrs={**({"class": classes} if classes else {}), **named}),
    }
    return render_to_string("elements/field.html", context)


def _control_class(field: BoundField) -> str:
    own = str(field.field.widget.attrs.get("class", ""))
    return f"{own} {'select' if field.widget_type.endswith('select') else 'input'}".strip()


@register.simple_block_tag
def card(content: str, title: str = "", note: str = "", classes: str = "", name: str = "") -> SafeString:
    """A card. Its title states the finding, the note beneath says what is measured."""
    context = {"content": content, "title": title, "note": note, "classes": classes, "name": name}
    return render_to_string("elements/card.html", context)
