"""The log can be searched, and is read by time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_audit_trigger"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="auditevent",
            name="audit_newest_first",
        ),
        migrations.AddField(
            model_name="auditevent",
            name="search_text",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("signed_in", "Signed in"),
                    ("sign_in_failed", "Sign-in failed"),
                    ("signed_out", "Signed out"),
                    ("secured", "Changed how to sign in"),
                    ("invited", "Invited"),
                    ("joined", "Joined"),
                    ("left", "Left"),
                    ("removed", "Removed from the team"),
                    ("role_changed", "Role changed"),
                    ("connected", "Connected"),
                    ("disconnected", "Disconnected"),
                    ("created", "Created"),
                    ("changed", "Changed"),
                    ("deleted", "Deleted"),
                    ("imported", "Imported"),
                    ("exported", "Exported"),
                    ("erased", "Erased"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["organization", "-happened_at", "-id"], name="audit_newest_first"),
        ),
    ]
