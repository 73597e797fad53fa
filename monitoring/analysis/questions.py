"""Does a post ask something?"""

from __future__ import annotations

from itertools import product

import regex
from ahocorasick_rs import AhoCorasick

QUESTION_MARK = regex.compile("[?？؟¿⁇⁈⁉՞፧]|(?<=[\u0370-\u03ff])[;;]")  # Greek asks with a semicolon

# How people ask without a question mark: "anyone know a good roaster", in the languages that are judged here.
# Each row is one word of the first list followed by one of the second.
ASKING = (
    (("anyone", "anybody"), ("know", "knows", "tried", "else tried", "recommend", "got a", "have a")),
    (("any",), ("recommendations", "suggestions", "tips", "ideas")),
    (("who knows", "where can i", "how do i", "how can i", "does anyone", "can anyone"), ("",)),
    (("weiß", "weiss", "kennt", "hat", "kann"), ("jemand", "hier jemand", "wer")),
    (("wo kann ich", "wo bekomme ich", "wo finde ich"), ("",)),
    (("quelqu'un", "quelqu’un"), ("sait", "connaît", "connait", "a déjà", "peut")),
    (("où puis-je", "où est-ce que", "où trouver"), ("",)),
    (("alguien",), ("sabe", "conoce", "ha probado", "puede", "recomienda")),
    (("qualcuno",), ("sa", "conosce", "ha provato", "può")),
    (("alguém", "alguem"), ("sabe", "conhece", "já", "pode", "indica")),
    (("dónde puedo", "dove posso", "onde posso", "onde encontro"), ("",)),
    (("ada yang",), ("tau", "tahu", "pernah", "bisa", "punya")),
    (("dimana bisa", "di mana bisa", "kisi ko pata", "koi bata", "किसी को पता", "कोई बता"), ("",)),
    (("هل", "من يعرف", "وين القى", "وين ألقى"), ("",)),
    (("حد", "احد", "أحد"), ("يعرف", "جرب")),
)
PHRASES = [f" {' '.join(filter(None, words))} " for row in ASKING for words in product(*row)]
AUTOMATON = AhoCorasick(PHRASES)


def is_question(text: str) -> bool:
    """Whether a text (without links, whose addresses have question marks) asks something."""
    if QUESTION_MARK.search(text):
        return True
    return bool(AUTOMATON.find_matches_as_indexes(f" {text.lower()} "))
