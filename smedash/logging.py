"""Structured logs: one JSON object a line, with the request or task it belongs to, and without secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from logging import LogRecord
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

REMOVED = "[removed]"
SECRET_NAME = re.compile(
    r"password|passwd|secret|token|authorization|cookie|api_?key|credential", re.IGNORECASE
)
# In free text, and in tracebacks: what stands between :// and @, after a name that promises a secret, after
# Bearer or Basic, and whatever is long and random enough to be a key or a one-time link.
IN_ADDRESS = re.compile(r"(?<=://)[^/\s@]*:[^/\s@]+(?=@)")
AFTER_NAME = re.compile(
    r"((?:password|passwd|secret|token|api_?key|access_key|client_secret|code)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;)}\]]+",
    re.IGNORECASE,
)
AFTER_SCHEME = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE)
LONG_RANDOM = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{40,}={0,2}(?![\w-])")
OWN_IDS = {"request_id", "task_id", "timestamp", "level", "logger"}


def scrub_text(text: str) -> str:
    text = IN_ADDRESS.sub(REMOVED, text)
    text = AFTER_NAME.sub(rf"\1{REMOVED}", text)
    text = AFTER_SCHEME.sub(rf"\1 {REMOVED}", text)
    return LONG_RANDOM.sub(REMOVED, text)


def scrub(value: Any) -> Any:
    """The value without secrets, however deep they lie."""
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, Mapping):
        return {key: REMOVED if SECRET_NAME.search(str(key)) else scrub(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [scrub(item) for item in value]
    return value if isinstance(value, int | float | None) else scrub_text(str(value))


def scrub_event(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Runs last before rendering, when tracebacks are text already."""
    own = {key: value for key, value in event.items() if key in OWN_IDS}
    rest = {key: value for key, value in event.items() if key not in OWN_IDS}
    return {**scrub(rest), **own}


def drop_foreign_objects(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Django adds the request and Celery the arguments: addresses and customers' data, which are not for logs."""
    for name in ("request", "data"):
        event.pop(name, None)
    return event


def is_failure(record: LogRecord) -> bool:
    """Django calls every answer above 499 an error; one without an exception is an answer we chose to give."""
    return record.exc_info is not None


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    drop_foreign_objects,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def logging_configuration(level: str) -> dict[str, Any]:
    """For Django's LOGGING: everything that logs, ours or a library's, goes through the same door."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            scrub_event,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "filters": {"failures": {"()": "django.utils.log.CallbackFilter", "callback": is_failure}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Our own line for each request says the same, with the route in place of the address.
            "django": {"handlers": [], "propagate": True},
            "django.request": {"level": "ERROR", "filters": ["failures"]},
            "django.server": {"handlers": [], "propagate": True},
            # A line when a task has ended is enough; when it was sent and received is in none of our questions.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }


structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        *SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
