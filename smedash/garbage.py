"""How the web server treats Python's garbage collector."""

from __future__ import annotations

import gc
from typing import Final

# Of its youngest generation, instead of 700: a page makes tens of thousands of objects, and nearly all of them go by
# themselves when it is sent.
OBJECTS_BEFORE_A_LOOK: Final = 50_000


def set_aside_what_stays() -> None:
    """Call it when everything is imported: what is there now is never looked at again.

    Else one page in some hundred waits a tenth of a second until a few hundred thousand objects were looked at, none of
    which ever goes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_A_LOOK, 20, 100)
