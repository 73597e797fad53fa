"""Hashed, compressed static files; our own without the comments and spaces that only their writers need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rcssmin
import rjsmin
from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS = re.compile(r"(css|js|site)/[\w-]+\.(css|js)")


def shorten(name: str, text: str) -> str:
    """The same style sheet or script in fewer letters."""
    shorter: str = rcssmin.cssmin(text) if name.endswith(".css") else rjsmin.jsmin(text)
    return shorter


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Rewrites `url()` in every CSS file, and imports in our own modules only.

    Third-party files hold comments that look like imports and name source maps that we do not publish.
    """

    patterns = (
        HashedFilesMixin.patterns[0],
        ("js/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1]),  # type: ignore[attr-defined]
    )

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            for name in filter(OURS.fullmatch, paths):
                collected = Path(self.path(name))
                collected.write_text(shorten(name, collected.read_text(encoding="utf-8")), encoding="utf-8")
                paths[name] = (self, name)  # from now on in place of its source
        yield from super().post_process(paths, dry_run, **options)
