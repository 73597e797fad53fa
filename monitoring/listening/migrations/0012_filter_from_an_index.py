"""What pages filter mentions by stands in the index that gives them in order: ten thousand rows in a few ms."""

from django.db import migrations, models

NAME = "latest_mentions"
IN_ORDER = ["organization", "brand", "-published_at", "-id"]
INCLUDED = [
    "platform", "language", "tone", "status", "is_counted", "is_question", "has_media", "has_link",
    "author_followers", "interactions", "keyword_versions", "tags", "community",
]  # fmt: skip

# A link may be longer than an index takes: its hash is looked up, then the link compared.
LINK_KEYS = """
create function listening_link_keys(links text[]) returns bigint[] language sql immutable strict parallel safe
return (select array_agg(hashtextextended(link, 0)) from unnest(links) link)
"""
MENTIONS_OF_A_LINK = """
create index mentions_of_a_link on listening_mention using gin (brand_id int8_ops, listening_link_keys(links))
where has_link
"""


class Migration(migrations.Migration):
    dependencies = [("listening", "0011_look_for_feeds_too")]

    operations = [
        migrations.AddField(
            model_name="mention",
            name="has_link",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(models.When(links=[], then=False), default=True),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.RemoveIndex(model_name="mention", name=NAME),
        migrations.AddIndex(
            model_name="mention", index=models.Index(fields=IN_ORDER, include=INCLUDED, name=NAME)
        ),
        migrations.RunSQL(LINK_KEYS, "drop function listening_link_keys(text[])"),
        migrations.RunSQL(MENTIONS_OF_A_LINK, "drop index mentions_of_a_link"),
    ]
