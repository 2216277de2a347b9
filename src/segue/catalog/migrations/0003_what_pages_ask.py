import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


def trigrams(column: str, name: str) -> django.contrib.postgres.indexes.GinIndex:
    return django.contrib.postgres.indexes.GinIndex(
        django.contrib.postgres.indexes.OpClass(
            django.db.models.functions.text.Upper(column), name="gin_trgm_ops"
        ),
        name=name,
    )


class Migration(migrations.Migration):
    """Concurrently, so that nobody waits while a large company's tables are read."""

    atomic = False
    dependencies = [("catalog", "0002_import_fingerprints")]
    operations = [
        AddIndexConcurrently("job", models.Index(fields=["-updated_at"], name="job_last_edited")),
        AddIndexConcurrently("person", trigrams("email", "person_email_trgm")),
        AddIndexConcurrently("person", trigrams("headline", "person_headline_trgm")),
    ]
