"""Which judge judged a text as it is kept, and the words that weighed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitoring.analysis.sentiment.choosing import sentiment_judge
from monitoring.analysis.sentiment.judgement import Judgement
from monitoring.analysis.sentiment.rules import RuleJudge

SAME = 0.001  # of a confidence


class By(StrEnum):
    RULES = "rules"
    CHOSEN = "chosen"  # what the settings name
    FORMER = "former"  # a judge that is no more: another model was trained since


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    by: By
    weights: list[tuple[str, float]]  # strongest first, good above zero; the rules' where nobody else says


def explain_judgement(text: str, language: str, kept: Judgement) -> Explanation:
    """Judge the text again, by the rules first: nothing has to be loaded for what they judged."""
    rules = RuleJudge()
    if _is_same(rules.judge_one(text, language), kept):
        return Explanation(by=By.RULES, weights=rules.explain(text, language))
    judge = sentiment_judge()
    if _is_same(judge.judge([text], [language])[0], kept):
        return Explanation(by=By.CHOSEN, weights=judge.explain(text, language))
    return Explanation(by=By.FORMER, weights=rules.explain(text, language))


def _is_same(one: Judgement, other: Judgement) -> bool:
    return one.sentiment == other.sentiment and abs(one.confidence - other.confidence) < SAME
