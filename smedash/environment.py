"""Settings come from the environment, and a value that cannot be right stops the start with a sentence."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def env_text(name: str, default: str = "") -> str:
    """An empty variable counts as none: .env files name settings without a value."""
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, *, default: bool) -> bool:
    value = env_text(name, "true" if default else "false").lower()
    if value not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return value == "true"


def env_int(name: str, default: int) -> int:
    value = env_text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def env_choice(name: str, choices: Sequence[str]) -> str:
    """One of these words; the first where nothing is set."""
    value = env_text(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(
            f"{name} must be {', '.join(choices[:-1])} or {choices[-1]}, not {value!r}."
        )
    return value


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in env_text(name, default).split(",") if item.strip()]


def env_path(name: str) -> str:
    """One piece of an address, such as "operator"."""
    value = env_text(name).strip("/")
    if value and not re.fullmatch(r"[a-z0-9-]{4,60}", value):
        raise ImproperlyConfigured(
            f"{name} must be 4 to 60 small letters, digits and hyphens, as in {name}=operator, not {value!r}."
        )
    return value


def env_secret(name: str, default: str = "") -> str:
    """The secret in NAME, or in the file that NAME_FILE names, as Docker and systemd hand secrets over."""
    path = env_text(f"{name}_FILE")
    if not path:
        return env_text(name, default)
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error}.") from None
    if not text:
        raise ImproperlyConfigured(f"{name}_FILE names {path}, which is empty.")
    return text
