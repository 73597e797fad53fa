"""How well sentiment is judged: macro-F1 of every language, and how often a confidence is right.

    python tests/benchmarks/sentiment.py FOLDER [--part train --part val] [--model FILE]

FOLDER holds `<language>.<part>.csv` files with the columns text and sentiment (negative, neutral, positive).
Each language is judged twice: told its language, as by a platform, and left to detect it. With FILE, a model of
train_sentiment judges; measure it on a part that it did not learn from.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

# Run as a script, from anywhere.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monitoring.analysis.sentiment.choosing import Choice, choose
from monitoring.analysis.understanding import Understanding, understand_many

CLASSES = (-1, 0, 1)
SENTIMENTS = {"negative": -1, "neutral": 0, "positive": 1}
BANDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
LANGUAGES_OF_THE_MEAN = frozenset({"ar", "en", "fr", "de", "hi", "it", "pt", "es"})


class Post(NamedTuple):
    text: str
    sentiment: int


def read_posts(folder: Path, language: str, parts: Sequence[str]) -> list[Post]:
    posts = []
    for part in parts:
        with (folder / f"{language}.{part}.csv").open(encoding="utf-8", newline="") as file:
            posts += [Post(row["text"], SENTIMENTS[row["sentiment"]]) for row in csv.DictReader(file)]
    return posts


def f1_of_classes(expected: Sequence[int], found: Sequence[int]) -> list[float]:
    scores = []
    for one in CLASSES:
        right = sum(a == one == b for a, b in zip(expected, found, strict=True))
        scores.append(200 * right / max(1, expected.count(one) + found.count(one)))
    return scores


def judge(posts: Sequence[Post], language: str | None) -> list[Understanding]:
    return understand_many([post.text for post in posts], [language] * len(posts))


def print_bands(judged: Sequence[tuple[Post, Understanding]]) -> None:
    right: dict[float, list[bool]] = defaultdict(list)
    for post, found in judged:
        band = next(band for band in BANDS if found.confidence < band)
        right[band].append(found.sentiment == post.sentiment)
    print("\nconfidence   posts   right")
    for band in sorted(right):
        hits = right[band]
        print(f"  below {min(band, 1):.1f} {len(hits):7d}  {100 * sum(hits) / len(hits):5.1f}%")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", action="append", help="train, val (default: both)")
    parser.add_argument("--model", default="", help="a file of train_sentiment")
    arguments = parser.parse_args()
    choose(Choice(model=arguments.model))
    parts = arguments.part or ["train", "val"]
    languages = sorted({path.name.split(".")[0] for path in arguments.folder.glob(f"*.{parts[0]}.csv")})
    means: dict[bool, list[float]] = {True: [], False: []}
    judged: list[tuple[Post, Understanding]] = []
    print("language   posts    F1 told  (neg  neu  pos)   F1 detecting   language right")
    for language in languages:
        posts = read_posts(arguments.folder, language, parts)
        expected = [post.sentiment for post in posts]
        told, detecting = judge(posts, language), judge(posts, None)
        of_classes = f1_of_classes(expected, [found.sentiment for found in told])
        scores = {True: sum(of_classes) / 3}
        scores[False] = sum(f1_of_classes(expected, [found.sentiment for found in detecting])) / 3
        right = sum(found.language.partition("-")[0] == language for found in detecting)
        classes = " ".join(f"{score:4.1f}" for score in of_classes)
        print(
            f"{language:8} {len(posts):7d} {scores[True]:10.1f}  ({classes}) {scores[False]:11.1f}"
            f" {100 * right / len(posts):15.1f}%"
        )
        judged += zip(posts, detecting, strict=True)
        if language in LANGUAGES_OF_THE_MEAN:
            for is_told, score in scores.items():
                means[is_told].append(score)
    for is_told, name in ((True, "told"), (False, "detecting")):
        if means[is_told]:
            print(
                f"mean of {len(means[is_told])} languages, {name}: {sum(means[is_told]) / len(means[is_told]):.2f}"
            )
    print_bands(judged)


if __name__ == "__main__":
    main()
