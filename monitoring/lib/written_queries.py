"""Objects from queries written by hand, for what many pages ask: building a query takes longer than its answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

Object = TypeVar("Object", bound=Model)


class Columns(Generic[Object]):
    """The columns of a model, as a query names them and as its rows hold them.

    What a field makes of what the database says, as one of JSON does, is the caller's.
    """

    def __init__(self, model: type[Object], *, without: Collection[str] = ()) -> None:
        self._model = model
        # By name, for Django looks up each of a model's fields in it.
        self._places = {
            field.attname: str(field.column)
            for field in model._meta.concrete_fields
            if field.name not in without
        }

    def __len__(self) -> int:
        return len(self._places)

    def of(self, table: str) -> str:
        return ", ".join(f"{table}.{column}" for column in self._places.values())

    def place(self, name: str) -> int:
        return list(self._places).index(name)

    def read(self, row: Sequence[Any]) -> Object:
        return self._model.from_db("default", self._places, row)

    def fetch(self, query: str, parameters: Sequence[Any]) -> list[Object]:
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return [self.read(row) for row in cursor.fetchall()]
