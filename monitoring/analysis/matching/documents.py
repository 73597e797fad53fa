"""What is matched."""

from __future__ import annotations

from dataclasses import dataclass

from monitoring.analysis.queries.folding import fold

_FIELD_END = "\0"  # no literal contains it, so no phrase runs from the title into the text


@dataclass(frozen=True, slots=True)
class Document:
    """A post as far as queries look at it. `None` means that the platform does not say."""

    text: str
    title: str = ""
    language: str | None = None
    platform: str = ""
    author_handle: str = ""
    author_followers: int | None = None

    def searched_text(self) -> str:
        if self.title:
            return padded(f"{fold(self.title)}{_FIELD_END}{fold(self.text)}")
        return padded(fold(self.text))


def padded(folded: str) -> str:
    """Framed by spaces, so that looking at a neighbor needs no check of bounds."""
    return f" {folded}  "
