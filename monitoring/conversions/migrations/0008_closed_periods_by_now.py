"""What closed periods come to by now is kept, and forgotten as soon as a count of their days changes.

Recounting them for every page that shows them meant reading two years of counts.
"""

from django.db import migrations, models

FUNCTION = """
create function conversions_forget_results() returns trigger language plpgsql as $$
begin
    update conversions_goalresult result set comes_to = null
    from conversions_goal goal, (
        select organization_id, min(day) as first_day, max(day) as last_day from changed group by 1
    ) change
    where goal.organization_id = change.organization_id and result.goal_id = goal.id
        and result.last_day >= change.first_day and result.first_day <= change.last_day
        and result.comes_to is not null;
    return null;
end $$;
create function conversions_forget_visit_results() returns trigger language plpgsql as $$
begin
    -- Whoever recounts holds the same lock, so that none keeps what was counted of the channel before.
    perform pg_advisory_xact_lock(7100000000000000000 + old.organization_id);
    update conversions_goalresult result set comes_to = null
    from conversions_goal goal
    where goal.organization_id = old.organization_id and goal.counts = 'visit' and result.goal_id = goal.id
        and result.comes_to is not null;
    return null;
end $$;
-- Clicks count for the channel that their link has now.
create trigger forget_results_on_update after update of channel on conversions_trackedlink
for each row when (old.channel <> new.channel) execute function conversions_forget_visit_results();
create trigger forget_results_on_delete after delete on conversions_trackedlink
for each row execute function conversions_forget_visit_results();
"""
TRIGGER = """
create trigger forget_results_on_{operation} after {operation} on conversions_{table}
referencing {side} table as changed for each statement execute function conversions_forget_results();
"""
TABLES = ("conversionday", "clickday", "visitday")
OPERATIONS = {"insert": "new", "update": "new", "delete": "old"}
EACH = [(table, operation) for table in TABLES for operation in OPERATIONS]
FORWARDS = FUNCTION + "".join(
    TRIGGER.format(table=table, operation=operation, side=OPERATIONS[operation]) for table, operation in EACH
)
BACKWARDS = "".join(
    f"drop trigger forget_results_on_{operation} on conversions_{table};"
    for table, operation in [*EACH, ("trackedlink", "update"), ("trackedlink", "delete")]
) + ("drop function conversions_forget_results(); drop function conversions_forget_visit_results();")


class Migration(migrations.Migration):
    dependencies = [
        ("conversions", "0007_details_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="goalresult",
            name="comes_to",
            field=models.DecimalField(decimal_places=4, max_digits=24, null=True),
        ),
        migrations.AddIndex(
            model_name="goalresult",
            index=models.Index(
                condition=models.Q(("comes_to", None)), fields=["goal"], name="results_to_recount"
            ),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
