"""Whatever the credits are computed with marks them due when it changes; links told so far become touches."""

from django.db import migrations

# What holds for an organization that said nothing is in models.Assumptions too.
MARK = """
create function conversions_credit_anew() returns trigger language plpgsql as $$
declare
    touched bigint := coalesce(new.organization_id, old.organization_id);
begin
    if (coalesce(new.window_days, 30), coalesce(new.half_life_days, 7))
        = (coalesce(old.window_days, 30), coalesce(old.half_life_days, 7)) then
        return null;
    end if;
    perform pg_advisory_xact_lock(7100000000000000000 + touched);
    insert into conversions_creditdue (organization_id, day)
    select organization_id, day from conversions_conversionday where organization_id = touched
    union select organization_id, day from conversions_creditday where organization_id = touched
    order by 1, 2
    on conflict do nothing;
    return null;
end $$;

create trigger credit_anew after insert or update or delete on conversions_assumptions
for each row execute function conversions_credit_anew();
"""
UNMARK = "drop trigger credit_anew on conversions_assumptions; drop function conversions_credit_anew();"
LOOK_FOR_TOUCHES = """
    update conversions_conversion set touches_due_at = now()
    where tracked_link_id is not null and reverses_id is null and touches_due_at is null;
"""


class Migration(migrations.Migration):
    dependencies = [("conversions", "0004_ledger_triggers")]

    operations = [
        migrations.RunSQL(MARK, UNMARK),
        migrations.RunSQL(LOOK_FOR_TOUCHES, migrations.RunSQL.noop),
    ]
