"""A server that answers as Bluesky does, about a made-up business."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.platforms.local_server import LocalServer, Request, Response

AUTHORS = ("jo", "ada", "mira", "tom")
TEXTS = (
    "I love Halden Coffee, best beans in town",
    "Halden Coffee is closed again. Terrible.",
    "Does Halden Coffee ship to Austria?",
    "Morning with #haldencoffee and a book",
    "A post about something else entirely",
)


def post(number: int, author: str, text: str) -> dict[str, Any]:
    at = (datetime.now(UTC) - timedelta(hours=2 * number + 1)).isoformat().replace("+00:00", "Z")
    return {
        "uri": f"at://did:plc:{author}/app.bsky.feed.post/3l{number:04}",
        "cid": f"bafy{number}",
        "author": {
            "did": f"did:plc:{author}",
            "handle": f"{author}.bsky.social",
            "displayName": author.title(),
        },
        "record": {"$type": "app.bsky.feed.post", "text": text, "createdAt": at, "langs": ["en"]},
        "replyCount": 1,
        "repostCount": 1,
        "likeCount": number,
        "quoteCount": 0,
        "indexedAt": at,
    }


def answer(request: Request) -> Response:
    method = request.path.rsplit("/", 1)[-1]
    if method == "app.bsky.feed.searchPosts":
        posts = [post(number, AUTHORS[number % 4], text) for number, text in enumerate(TEXTS)]
        return Response({"posts": posts, "hitsTotal": len(posts)})
    if method == "app.bsky.actor.getProfile":
        handle = request.argument("actor")
        return Response(
            {"did": "did:plc:halden", "handle": handle, "displayName": "Halden Coffee", "followersCount": 1234,
             "followsCount": 50, "postsCount": 1}
        )  # fmt: skip
    if method == "app.bsky.feed.getAuthorFeed":
        return Response({"feed": [{"post": post(7, "halden", "New beans are here")}]})
    return Response({"error": "NotImplemented", "message": method}, status=501)


@contextmanager
def made_up_bluesky() -> Iterator[LocalServer]:
    with LocalServer(answer) as server:
        yield server
