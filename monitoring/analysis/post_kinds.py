"""What a business's own post is for. A guess by rules that can be read; people correct it.

In this order: an answer to somebody; an offer (a discount, a code, something free, a deadline); a tip (it teaches); a
question that the post ends with; news of a product (new, in stock, a price); and a story where nothing else fits.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

import regex
from ahocorasick_rs import AhoCorasick

from monitoring.analysis.entities import find_entities
from monitoring.analysis.questions import QUESTION_MARK


class PostKind(StrEnum):
    PRODUCT = "product"
    OFFER = "offer"
    TIP = "tip"
    STORY = "story"
    QUESTION = "question"
    ANSWER = "answer"


# One line a kind and language: "offer en: discount, promo code, …". A word counts only as a whole.
PHRASES = Path(__file__).with_name("post_kinds.txt")
_LESS = "off|rabatt|weniger|günstiger|de descuento|de réduction|di sconto|de desconto|diskon"
_PERCENT_OFF = regex.compile(rf"[-−–]\s?\d{{1,2}}\s?%|\d{{1,2}}\s?%\s?(?:{_LESS})", regex.I)
_PRICE = regex.compile(r"(?:[€$£₹¥]\s?\d|\d\s?(?:€|(?:EUR|USD|CHF|Rp)\b))")
_STEPS = regex.compile(r"(?m)^\s*(?:1[.)]|①|step 1|schritt 1)", regex.I)
_APART = regex.compile(r"[^\p{L}\p{M}\p{N}%'’]+")
_AFTER = 25  # characters: whoever goes on after a question tells something


def guess_kind(text: str, *, is_reply: bool = False) -> PostKind:
    """The kind of an own post, by its title and text."""
    if is_reply:
        return PostKind.ANSWER
    prose = find_entities(text).prose.strip()
    said = _kinds_said(prose)
    if PostKind.OFFER in said or _PERCENT_OFF.search(prose):
        return PostKind.OFFER
    if PostKind.TIP in said or _STEPS.search(prose):
        return PostKind.TIP
    if QUESTION_MARK.search(prose[-_AFTER:]):
        return PostKind.QUESTION
    if PostKind.PRODUCT in said or _PRICE.search(prose):
        return PostKind.PRODUCT
    return PostKind.STORY


def _kinds_said(prose: str) -> set[PostKind]:
    automaton, kinds = _phrases()
    spaced = f" {_APART.sub(' ', prose.casefold())} "
    return {
        kinds[number] for number, _start, _end in automaton.find_matches_as_indexes(spaced, overlapping=True)
    }


@cache
def _phrases() -> tuple[AhoCorasick, list[PostKind]]:
    phrases: list[str] = []
    kinds: list[PostKind] = []
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        head, _colon, listed = line.partition(":")
        for phrase in filter(None, (part.strip() for part in listed.split(","))):
            phrases.append(f" {phrase.casefold()} ")
            kinds.append(PostKind(head.split()[0]))
    return AhoCorasick(phrases), kinds
