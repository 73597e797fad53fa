"""What goes wrong on somebody's machine is told in one sentence, not in a traceback."""

from __future__ import annotations


class CannotStart(Exception):
    """A sentence for the person at the terminal: what is wrong, and what to do."""
