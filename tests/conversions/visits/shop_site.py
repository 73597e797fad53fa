"""A shop's web site on an origin of its own, whose security policy allows our snippet what it needs, and no more."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "shop.localhost"  # a name that browsers lead to this machine by themselves
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>{head}</head>
<body><h1>Shop</h1>{body}</body></html>"""


@dataclass
class ShopSite:
    """`head` and `body` go into every page; `scripts` are files of the shop's own."""

    smedash: str
    port: int
    head: str = ""
    body: str = ""
    scripts: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def policy(self) -> str:
        return (
            f"default-src 'none'; script-src 'self' {self.smedash}; connect-src {self.smedash}; "
            "form-action 'self'; base-uri 'none'"
        )

    def snippet(self, key: str, **attributes: str) -> None:
        more = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
        self.head = f'<script defer src="{self.smedash}/s.js" data-site="{key}"{more}></script>'


@contextmanager
def shop_site(smedash: str) -> Iterator[ShopSite]:
    shop = ShopSite(smedash, 0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            script = shop.scripts.get(path)
            kind = "text/javascript" if script is not None else "text/html; charset=utf-8"
            text = PAGE.format(head=shop.head, body=shop.body) if script is None else script
            self.send_response(404 if path == "/favicon.ico" else 200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", shop.policy)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
