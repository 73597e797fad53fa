"""Each post gets a kind: guessed for those that are there already."""

import django.db.models.functions.comparison
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from monitoring.analysis.post_kinds import guess_kind

KINDS = [
    ("product", "Product"),
    ("offer", "Offer"),
    ("tip", "Tip"),
    ("story", "Story"),
    ("question", "Question"),
    ("answer", "Answer"),
]
BATCH = 1000


def guess_kinds(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    posts = apps.get_model("audience", "PublishedPost").objects.only("title", "text", "parent_id")
    batch = []
    for post in posts.iterator(BATCH):
        post.guessed_kind = guess_kind(f"{post.title}\n{post.text}", is_reply=bool(post.parent_id))
        batch.append(post)
        if len(batch) == BATCH:
            posts.bulk_update(batch, ["guessed_kind"])
            batch = []
    posts.bulk_update(batch, ["guessed_kind"])


class Migration(migrations.Migration):
    dependencies = [("audience", "0002_engagement_triggers")]

    operations = [
        migrations.AddField(
            "publishedpost",
            "guessed_kind",
            models.CharField(choices=KINDS, default="story", max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            "publishedpost", "corrected_kind", models.CharField(choices=KINDS, max_length=10, null=True)
        ),
        migrations.AddField(
            "publishedpost",
            "kind",
            models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce("corrected_kind", "guessed_kind"),
                output_field=models.CharField(choices=KINDS, max_length=10),
            ),
        ),
        migrations.RunPython(guess_kinds, migrations.RunPython.noop),
    ]
