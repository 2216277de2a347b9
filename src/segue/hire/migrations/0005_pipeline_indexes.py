import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What the board, the list and the clocks read by, built while people go on applying."""

    atomic = False

    dependencies = [
        ("hire", "0003_pipelines"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="application",
            index=models.Index(
                condition=models.Q(("outcome", "open")),
                fields=["job", "step", "-moved_at", "-id"],
                include=("stage", "due_at", "snoozed_until"),
                name="application_column",
            ),
        ),
        AddIndexConcurrently(
            model_name="application",
            index=models.Index(
                condition=models.Q(("outcome", "open")),
                fields=["job", "-moved_at", "-id"],
                name="application_listed",
            ),
        ),
        AddIndexConcurrently(
            model_name="application",
            index=models.Index(
                condition=models.Q(("outcome", "open"), _negated=True),
                fields=["job", "-moved_at", "-id"],
                name="application_settled",
            ),
        ),
        AddIndexConcurrently(
            model_name="application",
            index=models.Index(
                condition=models.Q(("outcome", "open")),
                fields=["owner", "-moved_at", "-id"],
                name="application_owned",
            ),
        ),
        AddIndexConcurrently(
            model_name="application",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False), ("outcome", "open")),
                fields=["due_at"],
                name="application_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="application",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="application_tags"),
        ),
    ]
