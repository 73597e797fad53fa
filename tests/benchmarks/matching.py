"""How many posts a second the matcher takes, and how that compares with its bare automaton.

    python tests/benchmarks/matching.py [FOLDER] [--queries N] [--invented SHARE]

FOLDER holds CSV files with a column `text`; without it, posts are generated. The queries have three terms each,
half of them joined by OR, a quarter by AND, a quarter with a NOT, made of words, phrases and hashtags of the posts
themselves and of invented names, so that far more posts match than in real life.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import regex
from ahocorasick_rs import AhoCorasick

# Run as a script, from anywhere.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monitoring.analysis.matching import Document, Matcher
from monitoring.analysis.matching.compiling import literals_of
from monitoring.analysis.matching.edges import pattern_of
from monitoring.analysis.queries import Query, parse

SYLLABLES = (
    "ka",
    "lo",
    "mi",
    "ran",
    "tel",
    "so",
    "vex",
    "qui",
    "dor",
    "ban",
    "zu",
    "ple",
    "gri",
    "ost",
    "ny",
)
LETTERS = "etaoinshrdlcumwfgypbvkjxqz"  # the most frequent first
ROUNDS = 8


def read_texts(folder: Path) -> list[str]:
    texts: dict[str, None] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            texts.update(dict.fromkeys(row["text"] for row in csv.DictReader(file)))
    return list(texts)


def generated_texts(chance: random.Random, count: int = 20_000) -> list[str]:
    words = [random_word(chance) for _ in range(20_000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    return [" ".join(chance.choices(words, weights, k=chance.randint(5, 28))) for _ in range(count)]


def random_word(chance: random.Random) -> str:
    return "".join(chance.choices(LETTERS, range(len(LETTERS), 0, -1), k=chance.randint(3, 11)))


def invented(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choices(SYLLABLES, k=syllables))


def make_terms(texts: Sequence[str], chance: random.Random, count: int, invented_share: float) -> list[str]:
    """Words, phrases of two words and hashtags of the posts, as 4 to 2 to 1, and invented names."""
    words = [regex.findall(r"[\p{L}\p{M}]{3,}", text.casefold()) for text in texts]
    pool = list(dict.fromkeys(word for found in words for word in found))
    pairs = [f'"{a} {b}"' for found in words for a, b in pairwise(found)]
    real = int(count * (1 - invented_share)) // 7
    terms = chance.sample(pool, min(len(pool), real * 4)) + chance.sample(pairs, min(len(pairs), real * 2))
    terms += [f"#{word}" for word in chance.sample(pool, min(len(pool), real))]
    terms += [invented(chance, 4) for _ in range(count - len(terms))]
    chance.shuffle(terms)
    return terms


def make_queries(terms: Sequence[str], count: int) -> dict[int, Query]:
    shapes = ("{} OR {} OR {}", "{} {} {}", "{} OR {} OR {}", "({} OR {}) -{}")
    return {
        number: parse(shapes[number % 4].format(*terms[number * 3 : number * 3 + 3]))
        for number in range(count)
    }


def best_seconds(*runs: Callable[[], object]) -> list[float]:
    """Process time of each, the best of several rounds in turn, since others share the machine."""
    best = [float("inf")] * len(runs)
    for _ in range(ROUNDS):
        for number, run in enumerate(runs):
            begin = time.process_time()
            run()
            best[number] = min(best[number], time.process_time() - begin)
    return best


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--queries", type=int, default=10_000)
    options.add_argument(
        "--invented", type=float, default=0.3, metavar="SHARE", help="of names no post contains"
    )
    arguments = options.parse_args()
    chance = random.Random(1)
    texts = read_texts(arguments.folder) if arguments.folder else generated_texts(chance)
    queries = make_queries(
        make_terms(texts, chance, arguments.queries * 3, arguments.invented), arguments.queries
    )
    measure(texts, queries)


def measure(texts: Sequence[str], queries: dict[int, Query]) -> None:
    begin = time.process_time()
    matcher = Matcher(queries)
    build = time.process_time() - begin
    documents = [Document(text) for text in texts]
    searched = [document.searched_text() for document in documents]
    patterns = {pattern_of(literal) for query in queries.values() for literal in literals_of(query.root)}
    automaton = AhoCorasick(list(patterns))
    bare_seconds, seconds = best_seconds(
        lambda: [automaton.find_matches_as_indexes(text, overlapping=True) for text in searched],
        lambda: matcher.match_many(documents),
    )
    bare, whole = len(texts) / bare_seconds, len(texts) / seconds
    matched = sum(map(bool, matcher.match_many(documents)))
    print(
        f"posts                 {len(texts):,}, {sum(map(len, texts)) / len(texts):.0f} characters on average"
    )
    print(f"queries, literals     {len(queries):,}, {len(patterns):,}")
    print(f"build                 {build:.2f} s")
    print(f"bare automaton        {bare:,.0f} posts/s")
    print(f"matcher               {whole:,.0f} posts/s, {whole / bare:.2f} of the bare automaton")
    print(f"posts with a match    {matched / len(texts):.0%}")


if __name__ == "__main__":
    main()
