"""Does a post ask something?"""

from __future__ import annotations

QUESTION_MARKS = frozenset("?？؟¿⁇⁈⁉՞;")


def is_question(text: str, language: str) -> bool:
    return any(mark in text for mark in QUESTION_MARKS)
