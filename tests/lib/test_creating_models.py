"""Models that are created together are there, refer to each other, and go away again."""

from __future__ import annotations

import pytest
from django.db import connection, models
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState

from monitoring.lib.creating_models import CreateModels

pytestmark = pytest.mark.django_db(transaction=True)

KEY = models.BigAutoField(primary_key=True)
CITY = CreateModel("City", [("id", KEY.clone()), ("name", models.TextField())])
HOUSE = CreateModel(
    "House",
    [("id", KEY.clone()), ("city", models.ForeignKey("mapping.City", on_delete=models.CASCADE))],
    {"indexes": [models.Index(fields=["city", "-id"], name="newest_houses")]},
)


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.startswith("mapping_")}


def test_models_that_name_each_other_are_created_and_deleted() -> None:
    operation, before, after = CreateModels(CITY, HOUSE), ProjectState(), ProjectState()
    assert before.apps.get_models() == []
    operation.state_forwards("mapping", after)
    assert {model.__name__ for model in after.apps.get_models()} == {"City", "House"}

    with connection.schema_editor() as editor:
        operation.database_forwards("mapping", editor, before, after)
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "mapping_house")
    assert tables() == {"mapping_city", "mapping_house"}
    assert "newest_houses" in constraints
    assert ("mapping_city", "id") in [facts["foreign_key"] for facts in constraints.values()]

    with connection.schema_editor() as editor:
        operation.database_backwards("mapping", editor, after, before)
    assert tables() == set()


def test_classes_made_before_are_made_anew() -> None:
    state = ProjectState()
    CITY.state_forwards("mapping", state)
    assert len(state.apps.get_models()) == 1
    CreateModels(HOUSE).state_forwards("mapping", state)
    assert state.apps.get_model("mapping", "House")._meta.get_field(
        "city"
    ).related_model is state.apps.get_model("mapping", "City")


def test_it_says_what_it_does_and_is_written_like_any_operation() -> None:
    operation = CreateModels(CITY, HOUSE)
    assert operation.describe() == "Create models City, House"
    assert operation.deconstruct() == ("CreateModels", (CITY, HOUSE), {})
