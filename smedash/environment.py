"""Settings come from the environment, and a value that cannot be right stops the start with a sentence."""

import os
import re
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def env_text(name: str, default: str = "") -> str:
    """An empty variable counts as none: .env files name settings without a value."""
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, *, default: bool) -> bool:
    value = env_text(name, "true" if default else "false").lower()
    if value not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return value == "true"


def env_int(name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
    value = env_text(name, str(default))
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if not least <= number <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return number


def env_choice(name: str, choices: Sequence[str]) -> str:
    """One of these words, in small or capital letters; the first where nothing is set."""
    value = env_text(name, choices[0])
    for choice in choices:
        if choice.lower() == value.lower():
            return choice
    raise ImproperlyConfigured(f"{name} must be {', '.join(choices[:-1])} or {choices[-1]}, not {value!r}.")


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in env_text(name, default).split(",") if item.strip()]


def env_hosts(name: str) -> list[str]:
    """Names of hosts, addresses, and networks such as 10.0.0.0/8."""
    entries = env_list(name)
    for entry in entries:
        if "/" in entry and not _is_network(entry):
            raise ImproperlyConfigured(
                f"{name} must name hosts and networks, as in {name}=mastodon.internal,10.0.0.0/8, not {entry!r}."
            )
    return entries


def _is_network(entry: str) -> bool:
    try:
        ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return False
    return True


def env_addresses(name: str) -> dict[str, str]:
    """Pairs such as bluesky=http://127.0.0.1:2583."""
    pairs = dict(pair.partition("=")[::2] for pair in env_list(name))
    for word, url in pairs.items():
        if not (word and is_address(url)):
            raise ImproperlyConfigured(
                f"{name} must hold pairs as in {name}=bluesky=http://127.0.0.1:2583, and not {word!r} as one."
            )
    return pairs


def env_address(name: str, default: str, *, nothing: str) -> str:
    """Where something is fetched; empty where the word stands that says "nothing"."""
    value = env_text(name, default)
    if value == nothing:
        return ""
    if not is_address(value):
        raise ImproperlyConfigured(
            f"{name} must begin with http:// or https:// and name a host, or be {nothing!r}, unlike {value!r}."
        )
    return value


def is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # it is looked at only when it is asked for
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)


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
