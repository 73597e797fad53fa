"""What people say, made of the sentences of one module a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from smedash.demo.texts import de, en, es, fr, it
from smedash.demo.texts.phrasebook import Phrasebook, Talk

BOOKS: Mapping[str, Phrasebook] = {
    "en": en.BOOK,
    "de": de.BOOK,
    "fr": fr.BOOK,
    "es": es.BOOK,
    "it": it.BOOK,
}
_OPENED, _CLOSED = 0.35, 0.5  # how many posts have more than the one sentence


class _Chosen(dict[str, str]):
    """Fills a sentence's gaps, `{taste}` and `{taste_2}` with different words."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], random: Random, **given: str) -> None:
        super().__init__(given)
        self._words, self._random = words, random

    def __missing__(self, gap: str) -> str:
        words = self._words[gap.partition("_")[0]]
        self[gap] = self._random.choice([word for word in words if word not in self.values()])
        return self[gap]


@dataclass(frozen=True)
class Wording:
    """The words of one post: `title` is empty where the platform has none."""

    text: str
    title: str = ""


def say(talk: Talk, language: str, random: Random, **given: str) -> str:
    """One to three sentences about `given["brand"]`."""
    book = BOOKS[language]
    gaps = _Chosen(book.words, random, **given)
    sentences = [random.choice(book.sentences[talk])]
    if talk in book.openers and random.random() < _OPENED:
        sentences.insert(0, random.choice(book.openers[talk]))
    if talk in book.closers and random.random() < _CLOSED:
        sentences.append(random.choice(book.closers[talk]))
    return " ".join(_begun(sentence.format_map(gaps)) for sentence in sentences)


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def say_at_length(talk: Talk, language: str, random: Random, **given: str) -> Wording:
    """A title and a paragraph, as forums have them."""
    book = BOOKS[language]
    gaps = _Chosen(book.words, random, **given)
    title = _begun(random.choice(book.titles[talk]).format_map(gaps))
    more = random.choice(book.sentences[Talk.PLAIN]).format_map(_Chosen(book.words, random, **given))
    return Wording(text=f"{say(talk, language, random, **given)} {more}", title=title)


def say_headline(talk: Talk, language: str, random: Random, **given: str) -> Wording:
    """What a newspaper says: a headline, and nothing else in its feed."""
    book = BOOKS[language]
    lines = book.headlines[Talk.PARCEL if talk == Talk.PARCEL else Talk.PLAIN]
    return Wording(text="", title=random.choice(lines).format_map(_Chosen(book.words, random, **given)))
