from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listening", "0015_look_over_mentions")]

    operations = [
        migrations.AlterField(
            model_name="keywordversion",
            name="query",
            field=models.CharField(max_length=2000, verbose_name="query"),
        ),
    ]
