from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What searches ask of applications, answered from the index alone."""

    atomic = False

    dependencies = [
        ("hire", "0008_application_questions"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="application",
            index=models.Index(fields=["person", "outcome", "job", "stage"], name="application_asked"),
        ),
    ]
