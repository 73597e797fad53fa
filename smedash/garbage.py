"""How the web server treats Python's garbage collector."""

from __future__ import annotations

import gc
from itertools import count
from typing import Final

from django.core.signals import request_finished

# Of its youngest generation, instead of 700: a page makes tens of thousands of objects, and nearly all of them go by
# themselves when it is sent. The rest is looked for after an answer; only many long ones at once come this far.
OBJECTS_BEFORE_A_LOOK: Final = 200_000
ANSWERS_BEFORE_A_LONGER_LOOK: Final = 100  # at what has outlived a look
ANSWERS_BEFORE_A_WHOLE_LOOK: Final = 10_000
_answers = count(1)


def set_aside_what_stays() -> None:
    """Call it when everything is imported: what is there now is never looked at again, and nothing during an answer.

    Else one page in some hundred waits a tenth of a second until a few hundred thousand objects were looked at, none of
    which ever goes, and one in fifty until what fifty pages left behind is found.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_A_LOOK, 20, 100)
    request_finished.connect(look_after_an_answer, dispatch_uid="garbage")


def look_after_an_answer(**_signal: object) -> None:
    """When it has been sent: what one page leaves behind is looked through in a fraction of a millisecond."""
    answers = next(_answers)
    if answers % ANSWERS_BEFORE_A_WHOLE_LOOK == 0:
        gc.collect()
    else:
        gc.collect(1 if answers % ANSWERS_BEFORE_A_LONGER_LOOK == 0 else 0)
