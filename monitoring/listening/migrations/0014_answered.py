"""Mentions that somebody answered: a status of their own, which counts.

What says that a mention counts is computed by the database and cannot be altered, so it is made anew, with the indexes
that hold it: about a minute for each million mentions, during which pages wait.
"""

from django.db import migrations, models

STATUSES = [
    (0, "Open"),
    (1, "Archived"),
    (2, "Not about us"),
    (3, "Author muted"),
    (4, "Deleted"),
    (5, "No keyword finds it"),
    (6, "Answered"),
]
ACTS = [
    ("judge", "Change sentiment"),
    ("not_about_us", "Not about us"),
    ("answer", "Mark as answered"),
    ("archive", "Archive"),
    ("put_back", "Put back"),
    ("mute", "Mute author"),
    ("unmute", "Unmute author"),
    ("delete", "Delete"),
    ("tag", "Tag"),
    ("untag", "Take tag off"),
]
COUNTED_AS = """
alter table listening_mention drop column is_counted;
alter table listening_mention add column is_counted boolean generated always as
    (case when deleted_at is null and status in ({statuses}) then true else false end) stored;
create index sampled_authors on listening_mention (brand_id, published_at, author_key)
    where author_in_sample and is_counted;
create index finely_sampled_authors on listening_mention (brand_id, published_at, author_key)
    where is_counted and author_in_sample and (hashtextextended(author_key, 0) & 7) = 0;
create index latest_mentions on listening_mention (organization_id, brand_id, published_at desc, id desc)
    include (platform, language, tone, status, is_counted, is_question, has_media, has_link, author_followers,
        interactions, keyword_versions, tags, community);
"""
BEFORE = "update listening_mention set status = 1 where status = 6;"


class Migration(migrations.Migration):
    dependencies = [("listening", "0013_one_author_in_128")]

    operations = [
        migrations.RunSQL(
            COUNTED_AS.format(statuses="0, 1, 6"),
            BEFORE + COUNTED_AS.format(statuses="0, 1"),
            state_operations=[
                migrations.AlterField("bulkchange", "act", models.CharField(choices=ACTS, max_length=20)),
                migrations.AlterField(
                    "mention",
                    "is_counted",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(deleted_at=None, status__in=(0, 1, 6), then=True), default=False
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
                migrations.AlterField(
                    "mention",
                    "status",
                    models.SmallIntegerField(choices=STATUSES, db_default=0, default=0),
                ),
                migrations.AlterField(
                    "mention", "status_when_found", models.SmallIntegerField(choices=STATUSES, null=True)
                ),
            ],
        )
    ]
