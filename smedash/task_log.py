"""Every log line of a task names the task, and the request that asked for it."""

from __future__ import annotations

from typing import Any

import structlog
from celery import Task, signals

REQUEST_ID = "request_id"


def connect() -> None:
    signals.before_task_publish.connect(hand_on_request_id)
    signals.task_prerun.connect(enter_task)
    signals.task_postrun.connect(leave_task)
    signals.setup_logging.connect(keep_our_logging)


def enter_task(task_id: str, task: Task[..., object], **_: object) -> None:
    """A task started by a request is found under the request's id, too."""
    facts = {"task_id": task_id, "task": task.name, "request_id": getattr(task.request, REQUEST_ID, None)}
    structlog.contextvars.bind_contextvars(**{name: fact for name, fact in facts.items() if fact is not None})


def leave_task(**_: object) -> None:
    structlog.contextvars.unbind_contextvars("task_id", "task", REQUEST_ID)


def hand_on_request_id(headers: dict[str, Any], **_: object) -> None:
    request_id = structlog.contextvars.get_contextvars().get(REQUEST_ID)
    if request_id is not None:
        headers[REQUEST_ID] = request_id


def keep_our_logging(**_: object) -> None:
    """Celery replaces the logging it finds unless somebody listens here; Django has set up ours."""
