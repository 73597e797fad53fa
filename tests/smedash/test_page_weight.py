"""What a browser loads is small: all our styles and scripts together, with the libraries, as they are sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import get_finders
from django.template import Context, Template
from whitenoise.compress import Compressor

from smedash.storage import OURS as SHORTENED
from smedash.storage import shorten

MOST = 120_000
OURS = re.compile(r"(css|js|vendor)/.+\.(css|js)")
# The one script of allauth's that a page of ours loads; what customers put on their sites is counted elsewhere.
LIBRARIES = ("mfa/js/webauthn-json.js",)


def weigh(path: str) -> int:
    """In bytes, as it is collected and sent with gzip. Browsers take Brotli, which is smaller; some proxies do not."""
    found = finders.find(path)
    assert found, path
    text = Path(found).read_text(encoding="utf-8")
    sent = shorten(path, text) if SHORTENED.fullmatch(path) else text
    return len(Compressor.compress_gzip(sent.encode()))


def every_file() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            yield f"{storage.prefix}/{path}" if getattr(storage, "prefix", "") else path


def linked_by_every_page() -> list[str]:
    """htmx comes from its package."""
    html = Template("{% load django_htmx %}{% htmx_script %}").render(Context())
    return re.findall(rf'src="/?{settings.STATIC_URL.strip("/")}/([^"?]+)"', html)


def test_all_styles_and_scripts_together_stay_below_120_kb() -> None:
    ours = {path for path in every_file() if OURS.fullmatch(path)}
    libraries = {*linked_by_every_page(), *LIBRARIES}
    assert any("htmx" in path for path in libraries)
    assert {"css/base.css", "js/main.js", "vendor/chart.js"} <= ours
    weights = {path: weigh(path) for path in ours | libraries}
    assert sum(weights.values()) <= MOST, sorted(weights.items(), key=lambda entry: -entry[1])
