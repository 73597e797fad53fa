"""Which queries of customers' tables name a customer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import models

OURS = {"accounts", "monitoring", "smedash"}
FIRST, LAST = 7_000_000, 7_999_999  # the numbers of a test's own rows

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


def models_of_customers() -> list[type[models.Model]]:
    """Those that name the organization, and the counted ones that do so without a foreign key."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in OURS
        and {"organization", "organization_id"} & {field.name for field in model._meta.fields}
    ]


TABLES = {model._meta.db_table for model in models_of_customers()}
NAMES_A_TABLE = re.compile(r'\b(?:FROM|JOIN|UPDATE|INTO)\s+"?(\w+)"?', re.IGNORECASE)


def numbers_in(parameters: Any) -> Iterator[int]:
    if isinstance(parameters, bool):
        return
    if isinstance(parameters, int):
        yield parameters
    elif isinstance(parameters, str) and parameters.isdecimal():
        yield int(parameters)
    elif isinstance(parameters, dict):
        yield from numbers_in(list(parameters.values()))
    elif isinstance(parameters, (list, tuple, set, frozenset)):
        for each in parameters:
            yield from numbers_in(each)


class Watch:
    """Notes the queries of customers' tables that name nothing of the customer."""

    def __init__(self) -> None:
        self.seen = 0
        self.unbound: list[str] = []

    def __call__(
        self, execute: Execute, sql: str, parameters: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if TABLES & set(NAMES_A_TABLE.findall(sql)):
            self.seen += 1
            if not any(FIRST <= number <= LAST for number in numbers_in(parameters)):
                self.unbound.append(" ".join(sql.split())[:400])
        return execute(sql, parameters, many, context)
