"""Parts of search texts that several platforms share. They may find more than the query asks for."""

from __future__ import annotations

from collections.abc import Iterable

from monitoring.analysis.queries import Conjunction, Query, allows_platform, alternatives

LONGEST_TEXT = 1000  # what is kept of a search; longer ones come from no hand
_LONGEST_PART = 200


def allowed_alternatives(query: Query, slug: str) -> tuple[Conjunction, ...]:
    return tuple(item for item in alternatives(query) if allows_platform(item, slug))


def quoted(text: str) -> str:
    return f'"{text.replace(chr(34), " ").strip()}"'


def quoted_parts(conjunction: Conjunction) -> list[str]:
    """All words that must be there, in quotes. Where # and @ count for nothing, this finds tags, too."""
    texts = (*conjunction.words, *conjunction.phrases, *conjunction.hashtags, *conjunction.handles)
    return list(dict.fromkeys(quoted(text) for text in texts))


def prefixed_parts(conjunction: Conjunction) -> list[str]:
    return [f"{prefix}*" for prefix in conjunction.prefixes]


def fitting(parts: Iterable[str], *, longest: int, joint: str = " ") -> str:
    """As many of the parts, from the first, as fit. A search that leaves one out only finds more."""
    kept: list[str] = []
    for part in parts:
        if len(joint.join([*kept, part])) <= longest:
            kept.append(part)
    return joint.join(kept)


def longest_part(conjunction: Conjunction) -> str:
    """The most telling single piece of text. Folding changes letters beyond ASCII, so plain ones go first."""
    tags = [*(f"#{text}" for text in conjunction.hashtags), *(f"@{text}" for text in conjunction.handles)]
    texts = [*conjunction.words, *conjunction.phrases, *conjunction.prefixes, *tags]
    texts = [text for text in texts if len(text) <= _LONGEST_PART] or [min(texts, key=len)[:_LONGEST_PART]]
    return max(texts, key=lambda text: (text.isascii(), len(text), text))


def without_longer(texts: set[str]) -> tuple[str, ...]:
    """Without those that contain another one: a search for any piece of text finds both by the shorter."""
    return tuple(
        sorted(text for text in texts if not any(other != text and other in text for other in texts))
    )
