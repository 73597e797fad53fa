"""Feeds from a real web server, with its own ETag, Last-Modified and gzip."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from redis import Redis

from monitoring.platforms.connectors.feeds import FeedsConnector
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.rate_budget import RedisRateBudget
from monitoring.platforms.sessions import MemorySessions
from monitoring.platforms.types import SearchRequest

pytestmark = pytest.mark.real

CONFIGURATION = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  types {{ application/rss+xml rss; }}
  gzip on; gzip_types application/rss+xml; gzip_min_length 1; gzip_proxied any; etag on;
  log_format seen '$status $sent_http_content_encoding';
  access_log {folder}/access.log seen;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""
ITEM = """<item><title>{title}</title><link>https://news.example/{number}</link><guid>{number}</guid>
<pubDate>Fri, 20 Nov 2026 08:0{number}:00 GMT</pubDate><description>{title} and more</description></item>"""


@dataclass
class WebServer:
    folder: Path
    port: int

    @property
    def feed(self) -> str:
        return f"http://127.0.0.1:{self.port}/news.rss"

    def publish(self, *titles: str) -> None:
        items = "".join(
            ITEM.format(title=title, number=number) for number, title in enumerate(titles, start=1)
        )
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
        (self.folder / "www" / "news.rss").write_text(feed, encoding="utf-8")

    @property
    def answers(self) -> list[str]:
        return (self.folder / "access.log").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def web_server(tmp_path: Path) -> Iterator[WebServer]:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None:
        pytest.fail("Install nginx: these tests read feeds from a real web server.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = WebServer(tmp_path, free.getsockname()[1])
    (tmp_path / "www").mkdir()
    (tmp_path / "www").chmod(0o755)
    user = "user root;" if os.geteuid() == 0 else ""
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(user + CONFIGURATION.format(folder=tmp_path, port=server.port), encoding="utf-8")
    process = subprocess.Popen([nginx, "-p", str(tmp_path), "-c", str(configuration)])
    try:
        _wait_for(server.port)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    for _attempt in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx did not start.")


def connect(server: WebServer) -> FeedsConnector:
    budget = RedisRateBudget(Redis.from_url(settings.REDIS_URL))
    http = PlatformHttp(budget, key=str(uuid.uuid4()), allowed_private_hosts=["127.0.0.1"])
    return FeedsConnector(http, server=server.feed, credentials={}, sessions=MemorySessions())


def test_a_compressed_feed_is_read_and_asked_for_only_when_it_changed(web_server: WebServer) -> None:
    web_server.publish("Acme opens a shop", "Acme hires")
    first = connect(web_server).search_posts(SearchRequest(text=""))
    again = connect(web_server).search_posts(SearchRequest(text="", checkpoint=first.checkpoint))
    time.sleep(1.1)  # Last-Modified counts seconds
    web_server.publish("Acme opens a shop", "Acme hires", "Acme closes")
    changed = connect(web_server).search_posts(SearchRequest(text="", checkpoint=again.checkpoint))

    assert sorted(post.title for post in first.items) == ["Acme hires", "Acme opens a shop"]
    assert again.items == ()
    assert len(changed.items) == 3
    assert web_server.answers == ["200 gzip", "304 -", "200 gzip"]
