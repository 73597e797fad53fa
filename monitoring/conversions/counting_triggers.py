"""The triggers that count: what migrations make of a table's changes."""

from django.db import migrations

CHANGES = {
    "insert": "select 1 as sign, * from new_rows",
    "delete": "select -1 as sign, * from old_rows",
    "update": "select 1 as sign, * from new_rows union all select -1 as sign, * from old_rows",
}
TABLES = {
    "insert": "referencing new table as new_rows",
    "delete": "referencing old table as old_rows",
    "update": "referencing old table as old_rows new table as new_rows",
}
# Each statement locks its organizations in order, then adds its differences.
FUNCTION = """
create or replace function conversions_count_{row}_{operation}() returns trigger language plpgsql as $$
declare
    touched bigint;
begin
    for touched in select distinct organization_id from ({changes}) change order by 1 loop
        perform pg_advisory_xact_lock(7100000000000000000 + touched);
    end loop;
    {count}
    return null;
end $$;
"""
TRIGGER = """
create trigger count_on_{operation} after {operation} on conversions_{row}
{tables} for each statement execute function conversions_count_{row}_{operation}();
"""
DROP = "drop trigger count_on_{operation} on conversions_{row}; drop function conversions_count_{row}_{operation}();"
FOREIGN_KEY = (
    "alter table conversions_{table} add constraint {table}_organization foreign key (organization_id) "
    "references accounts_organization on delete cascade;"
)
DROP_FOREIGN_KEY = "alter table conversions_{table} drop constraint {table}_organization;"


def add(row: str, operation: str, count: str) -> migrations.RunSQL:
    """Count whenever rows of this table change in this way."""
    facts = {"row": row, "operation": operation}
    trigger = TRIGGER.format(tables=TABLES[operation], **facts)
    return migrations.RunSQL(_function(row, operation, count) + trigger, DROP.format(**facts))


def replace(row: str, operation: str, count: str, before: str) -> migrations.RunSQL:
    """Count differently from now on."""
    return migrations.RunSQL(_function(row, operation, count), _function(row, operation, before))


def belongs_to_organization(table: str) -> migrations.RunSQL:
    """Whoever deletes an organization need not know of the counts."""
    return migrations.RunSQL(FOREIGN_KEY.format(table=table), DROP_FOREIGN_KEY.format(table=table))


def _function(row: str, operation: str, count: str) -> str:
    changes = CHANGES[operation]
    return FUNCTION.format(row=row, operation=operation, changes=changes, count=count.format(changes=changes))
