"""The parts of a post that can carry sentiment: words, emoji, emoticons, and the punctuation between."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import NamedTuple

import regex

from monitoring.analysis.words import WORD_CHARACTER

# Eyes, perhaps a nose, a mouth; and the few that are drawn otherwise.
EMOTICON = r"""
    (?<![\p{L}\p{N}])(?:
        [:;=8xX]['’`]?[\-~o^]?[()\[\]DPpd3*oO/\\|{}@$]+(?![\p{L}\p{N}/])
      | [(\[)\]]+['’`]?[\-~^]?[:;=](?![\p{L}\p{N}])
      | <[/\\]?3+ | </3
      | [\^°oO>TtxX\-]_+[\^°oO<TtxX\-](?![\p{L}\p{N}]) | \^\^ | -\.+- | \\o/ | :+['’]+[()]
      | [DX]:(?![\p{L}\p{N}])
    )
"""
TOKEN = regex.compile(
    rf"""(?V1)
      (?P<link>\bhttps?\b(?:://\S*)?)
    | (?P<handle>(?<![{WORD_CHARACTER}.])@[{WORD_CHARACTER}.]+)
    | (?P<emoticon>{EMOTICON})
    | (?P<hashtag>\#[{WORD_CHARACTER}]+)
    | (?P<word>[{WORD_CHARACTER}]++(?:['’][{WORD_CHARACTER}]++)*+)
    | (?P<emoji>[\p{{Extended_Pictographic}}--\p{{N}}--[©®™#*]])
    | (?P<stop>[.!?,;:…。！？،؟۔।\n()"«»“”]+)
    """,
    regex.VERBOSE,
)
ESCAPED = regex.compile(r"\\u([0-9a-fA-F]{4})")
CAMEL_CASE = regex.compile(r"\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{Lu}+(?!\p{Ll})|\p{N}+")


class Token(NamedTuple):
    kind: str  # the name of the group in TOKEN that found it
    text: str


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of a post as it was written; a hashtag is given as the words it is made of."""
    if "&" in text:
        text = html.unescape(text)
    if "\\u" in text:  # from a source that escaped it twice
        text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    for match in TOKEN.finditer(text):
        kind = match.lastgroup or "stop"
        if kind == "hashtag":
            for part in CAMEL_CASE.findall(match.group()):
                yield Token("word", part)
            yield Token("stop", ",")  # a hashtag stands for itself: nothing before it negates what follows
        else:
            yield Token(kind, match.group())
