from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Concurrently, so that nobody waits meanwhile."""

    atomic = False
    dependencies = [("learn", "0003_one_champion_a_kind")]
    operations = [
        AddIndexConcurrently("jobfeatures", models.Index(fields=["-made_at"], name="jobfeatures_newest")),
    ]
