"""The one kind of column in which a secret may lie. Whatever is sealed in one is found when keys are replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable

from accounts.encryption import looks_sealed, same_secret

if TYPE_CHECKING:
    _Text = models.TextField[str | Combinable, str]
else:
    _Text = models.TextField


class SealedField(_Text):
    """Text that `accounts.encryption` has sealed, or none. It refuses to store anything else, and no form offers it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"blank": True, "editable": False, **options})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """To the database it is a text; a migration needs to know no more."""
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.TextField", list(arguments), dict(options)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if isinstance(value, str) and value and not looks_sealed(value):
            raise ValueError(f"{self.model.__name__}.{self.name} takes sealed text only")
        return super().get_db_prep_save(value, connection)


@transaction.atomic
def update_if_same_secret(rows: models.QuerySet[Any], *, column: str, sealed: str, **changes: object) -> bool:
    """Change the one row among `rows` if its secret is still this one, whichever key may have sealed it since."""
    held = rows.select_for_update().values_list(column, flat=True).first()
    return held is not None and same_secret(held, sealed) and bool(rows.update(**changes))
