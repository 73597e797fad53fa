"""Pages to look at. What may be changed is changed by the services of its slice, never by a form of the admin."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts.sealed import SealedField

if TYPE_CHECKING:  # neither can be subscripted when it runs
    _Paginator = Paginator[Any]
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _Paginator = Paginator
    _ModelAdmin = admin.ModelAdmin

MOST_COUNTED: Final = 10_000


class ShortPaginator(_Paginator):
    """Counts no further than anybody leafs: a table of millions would be read as a whole for one number."""

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[:MOST_COUNTED].count()


class ReadOnly(_ModelAdmin):
    """A list and a page for each row, without secrets. Whoever passed the door of the site may look at all of them."""

    paginator = ShortPaginator
    show_full_result_count = False
    list_per_page = 50
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    hidden: tuple[str, ...] = ()  # columns that nobody needs to see, or that hold what is not the operator's

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        columns = self.model._meta.concrete_fields
        return [
            column.name
            for column in columns
            if not isinstance(column, SealedField) and column.name not in self.hidden
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return self.get_fields(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
