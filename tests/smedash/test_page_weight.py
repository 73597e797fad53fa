"""What a browser loads is small: all our styles and scripts together, with the libraries, as they are sent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import get_finders
from django.template import Context, Template
from whitenoise.compress import Compressor

MOST = 120 * 1024
OURS = re.compile(r"(css|js|vendor)/.+\.(css|js)")
# The one script of allauth's that a page of ours loads; what customers put on their sites is counted elsewhere.
LIBRARIES = ("mfa/js/webauthn-json.js",)


def weigh(path: str) -> int:
    """In bytes, as WhiteNoise sends it to a browser that takes Brotli: all of them do."""
    found = finders.find(path)
    assert found, path
    with open(found, "rb") as file:  # noqa: PTH123, a finder gives texts
        return len(Compressor.compress_brotli(file.read()))


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
