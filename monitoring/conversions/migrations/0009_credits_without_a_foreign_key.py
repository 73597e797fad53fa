"""Credits go with their organization by a trigger: a foreign key looks the same organization up for every single row,
which took half of the time of writing them. Whoever writes them holds the organization's row meanwhile."""

from django.db import migrations

FORWARDS = """
alter table conversions_creditday drop constraint creditday_organization;
create function conversions_forget_credits() returns trigger language plpgsql as $$
begin
    delete from conversions_creditday where organization_id = old.id;
    return null;
end $$;
create trigger forget_credits after delete on accounts_organization
for each row execute function conversions_forget_credits();
"""
BACKWARDS = """
drop trigger forget_credits on accounts_organization;
drop function conversions_forget_credits();
alter table conversions_creditday add constraint creditday_organization foreign key (organization_id)
references accounts_organization on delete cascade;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_squashed_0008_address_of_everybody"),
        ("conversions", "0008_closed_periods_by_now"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
