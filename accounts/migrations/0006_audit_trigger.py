"""The database refuses to change the audit log, and to delete from it outside of a purge."""

from django.db import migrations

GUARD = """
create function accounts_guard_audit() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('smedash.audit_purge', true) = 'on' then
        return null;
    end if;
    raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger guard_audit before update or delete on accounts_auditevent
for each statement execute function accounts_guard_audit();
"""
DROP = "drop trigger guard_audit on accounts_auditevent; drop function accounts_guard_audit();"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_teams_and_audit")]

    operations = [migrations.RunSQL(GUARD, DROP)]
