"""How many posts a second are understood on one core, beside the language model alone in the same run.

    python tests/benchmarks/understanding.py [FOLDER] [--posts N] [--model FILE]

FOLDER holds CSV files with a column `text`; without it, posts are put together from a few sentences. FILE is a model of
train_sentiment; with it, pages of posts are judged and understood by it, too. Seconds are of the process's own time, so
that a busy machine disturbs little.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

# Run as a script, from anywhere.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monitoring.analysis.entities import find_entities
from monitoring.analysis.language import _model, detect_language
from monitoring.analysis.sentiment import RuleJudge
from monitoring.analysis.sentiment.choosing import Choice, choose
from monitoring.analysis.sentiment.learned.judge import open_judge
from monitoring.analysis.terms import find_terms
from monitoring.analysis.understanding import understand, understand_many
from monitoring.analysis.words import search_document

One = TypeVar("One")
REPEATS = 7
PAGE = 250  # posts that a source brings at once
MODEL_ALONE = "the language model alone"
SENTENCES = (
    "The coffee at this place is really good, and the staff are lovely!",
    "Waited forty minutes for a cold flat white, never again 😡",
    "Der Kuchen war lecker, aber die Bedienung leider unfreundlich.",
    "Le service est excellent et les croissants sont délicieux 😍",
    "¿Alguien sabe a qué hora abren mañana? https://example.org/hours",
    "Il nuovo negozio è aperto da ieri in centro #novità @bottega",
    "Pelayanannya lambat sekali dan harganya mahal banget",
    "Adorei o atendimento, voltarei com certeza :)",
    "الخدمة ممتازة والمكان جميل جدا",
    "खाना बहुत अच्छा था लेकिन सेवा खराब",
    "yaar ye phone bahut bekar hai, paise barbaad",
)


def read_texts(folder: Path | None, chance: random.Random) -> list[str]:
    if folder is None:
        return [f"{' '.join(chance.sample(SENTENCES, 2))} {number}" for number in range(20_000)]
    texts = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            texts += [row["text"] for row in csv.DictReader(file)]
    return texts


def rates(steps: dict[str, Callable[[One], object]], texts: Sequence[One]) -> dict[str, float]:
    """Texts a second of every step, the best of a few rounds; the steps take turns, so that noise meets them all."""
    best = dict.fromkeys(steps, 0.0)
    for _ in range(REPEATS):
        for name, work in steps.items():
            start = time.process_time()
            for text in texts:
                work(text)
            best[name] = max(best[name], len(texts) / (time.process_time() - start))
    return best


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--posts", type=int, default=3_000)
    parser.add_argument("--model", type=Path, help="a file of train_sentiment")
    arguments = parser.parse_args()
    chance = random.Random(1)
    texts = read_texts(arguments.folder, chance)
    chance.shuffle(texts)
    texts = texts[: arguments.posts]
    model, sentiment = _model(), RuleJudge()
    steps: dict[str, Callable[[str], object]] = {
        MODEL_ALONE: lambda text: model.predict(text.replace("\n", " ")),
        "hashtags, handles, links": find_entities,
        "language": detect_language,
        "sentiment": lambda text: sentiment.judge_one(text, "en"),
        "terms": lambda text: find_terms(text, "en"),
        "understand: all of the above": understand,
        "search document (tsvector)": search_document,
    }
    print(f"{len(texts)} posts, {sum(map(len, texts)) / len(texts):.0f} characters on average")
    found = rates(steps, texts)
    for name, speed in found.items():
        print(f"{name:34} {speed:9,.0f} posts/s, {speed / found[MODEL_ALONE]:5.2f} of the model alone")
    if arguments.model:
        print_pages(arguments.model, texts)


def print_pages(path: Path, texts: Sequence[str]) -> None:
    """What a page of posts costs with each judge."""
    pages = [texts[start : start + PAGE] for start in range(0, len(texts), PAGE)]
    rules, learned = RuleJudge(), open_judge(str(path))
    languages = {text: detect_language(find_entities(text).prose) for text in texts}
    choose(Choice(model=str(path)))
    steps: dict[str, Callable[[Sequence[str]], object]] = {
        "sentiment by rules": lambda page: rules.judge(page, [languages[text] for text in page]),
        "sentiment by the model": lambda page: learned.judge(page, [languages[text] for text in page]),
        "language, sentiment by the model": lambda page: learned.judge(
            page, [detect_language(find_entities(text).prose) for text in page]
        ),
        "understand_many with the model": understand_many,
    }
    print(f"\nIn pages of {PAGE}")
    for name, speed in rates(steps, pages).items():
        print(f"{name:34} {speed * len(texts) / len(pages):9,.0f} posts/s")


if __name__ == "__main__":
    main()
