"""The parts of a post that can carry sentiment: words, emoji, emoticons, and the punctuation between."""

from __future__ import annotations

import html

import regex

from monitoring.analysis.words import WORD_CHARACTER, WordPattern

# Eyes, perhaps a nose, a mouth; and the few that are drawn otherwise. Those that begin with a letter, such as
# xD and T_T, are words here.
EMOTICON = (
    r"[:;=][-'’`~o^]?[()\[\]DPpdO3*/\\|{}@$]++(?!/|[\p{L}\p{N}])|[(\[)\]][-'’^]?[:;=](?![\p{L}\p{N}])"
    r"|<[/\\]?3+|\^_*\^|-[._]+-|>[._]+<|\\o/"
)
EMOJI = r"[\u203c\u2049\u2190-\u21ff\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff]"
STOP = r"[.!?,;:…。！？،؟۔।\n()\"«»“”]++"
TOKEN = WordPattern(
    rf"https?://\S*|[{WORD_CHARACTER}]++(?:['’][{WORD_CHARACTER}]++)*|{EMOTICON}|[#@][{WORD_CHARACTER}.]*+"
    rf"|{EMOJI}|{STOP}"
)
WORD_START = regex.compile(rf"[{WORD_CHARACTER}]")
ONLY_STOPS = regex.compile(rf"(?!(?:{EMOTICON})$){STOP}")
CAMEL_CASE = regex.compile(r"\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{Lu}+(?!\p{Ll})|\p{N}+")
ESCAPED = regex.compile(r"\\u([0-9a-fA-F]{4})")


def tokens_of(text: str) -> list[str]:
    """The tokens of a post as it was written."""
    if "&" in text:
        text = html.unescape(text)
    if "\\u" in text:  # from a source that escaped it twice
        text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return TOKEN.findall(text)


def words_of_hashtag(hashtag: str) -> list[str]:
    """`#SoGreat` is "So" and "Great"; what is written in one case stays one word."""
    return CAMEL_CASE.findall(hashtag)
