"""A process that answers as Hacker News' search does, with as many posts as wanted.

    python -m tests.listening.hacker_news_server PORT POSTS NEWEST [FOLDER]

Post `1` is the newest, written at NEWEST (Unix seconds); the others lie evenly over the 29 days before, each third
pair in the same second. FOLDER holds CSV files with a column `text`; without it, posts are put together from a few
sentences. Every post names Halden.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

SPAN = 29 * 24 * 60 * 60  # a first run looks back thirty days
WORDS = 20_000
AUTHORS = 5_000
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


def texts_of(folder: Path | None) -> Callable[[], str]:
    """A source of texts that never ends: real ones in turn, or sentences with three words of a long list."""
    chance = random.Random(1)
    if folder is None:
        words = ["".join(chance.choices("etaoinshrdlcum", k=chance.randint(3, 9))) for _ in range(WORDS)]
        weights = [1 / (rank + 3) for rank in range(WORDS)]
        drawn = cycle(chance.choices(words, weights, k=3 * WORDS))
        return lambda: f"{chance.choice(SENTENCES)} {next(drawn)} {next(drawn)} {next(drawn)}"
    texts = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            texts += [row["text"] for row in csv.DictReader(file)]
    chance.shuffle(texts)
    return cycle(texts).__next__


def write_hits(posts: int, newest: int, folder: Path | None) -> tuple[list[int], list[bytes]]:
    """All hits, the oldest first: their seconds and their JSON."""
    next_text, chance = texts_of(folder), random.Random(2)
    moments, hits = [], []
    for number in range(posts, 0, -1):
        moment = newest - (number - (number % 3 == 0)) * SPAN // posts
        text = f"Halden: {next_text()}"
        hit = {
            "objectID": str(number),
            "created_at_i": moment,
            "author": f"author{chance.randrange(AUTHORS)}",
            "comment_text": text.replace("&", "&amp;").replace("<", "&lt;"),
            "points": chance.randrange(50),
            "story_id": number,
            "parent_id": number,
        }
        moments.append(moment)
        hits.append(json.dumps(hit).encode())
    return moments, hits


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, moments: list[int], hits: list[bytes]) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.moments, self.hits = moments, hits

    def page(self, query: dict[str, list[str]]) -> bytes:
        bounds = dict.fromkeys((">", "<"), 0) | {
            bound[len("created_at_i")]: int(bound.partition("=")[2])
            for bound in query["numericFilters"][0].split(",")
        }
        first = bisect_left(self.moments, bounds[">"])
        end = bisect_right(self.moments, bounds["<"]) if bounds["<"] else len(self.hits)
        newest_first = self.hits[max(first, end - int(query["hitsPerPage"][0])) : end][::-1]
        return b'{"hits": [' + b", ".join(newest_first) + b"]}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet
    server: Server

    def do_GET(self) -> None:
        content = self.server.page(parse_qs(urlsplit(self.path).query))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


def main() -> None:
    port, posts, newest = map(int, sys.argv[1:4])
    folder = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    Server(port, *write_hits(posts, newest, folder)).serve_forever()


if __name__ == "__main__":
    main()
