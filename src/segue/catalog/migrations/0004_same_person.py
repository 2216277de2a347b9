from typing import Any

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import segue.kit.clock
import segue.kit.ids


def person(related_name: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to="catalog.person"
    )


STATES = [
    ("open", "To be looked at"),
    ("merged", "The same person"),
    ("different", "Not the same person"),
]


class Migration(migrations.Migration):
    """New tables, and one column that is empty everywhere: nobody waits for it."""

    atomic = False
    dependencies = [("catalog", "0003_what_pages_ask")]
    operations = [
        migrations.CreateModel(
            name="ErasedMark",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("erased_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=segue.kit.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rule", models.CharField(max_length=20)),
                ("evidence", models.JSONField(default=list)),
                ("by", models.CharField(default="", max_length=300)),
                ("merged_at", models.DateTimeField(default=segue.kit.clock.now)),
                ("reversible_until", models.DateTimeField()),
                ("changes", models.JSONField(default=list)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(default="", max_length=300)),
                ("settled_at", models.DateTimeField(null=True)),
                ("survivor", person("merges")),
                ("merged", person("merged_by")),
            ],
            options={
                "indexes": [models.Index(fields=["-merged_at"], name="merge_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("merged",),
                        name="merge_standing_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SamePair",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("probability", models.FloatField(default=0.0)),
                ("reason", models.CharField(default="", max_length=20)),
                ("evidence", models.JSONField(default=list)),
                ("state", models.CharField(choices=STATES, default="open", max_length=9)),
                ("later_until", models.DateTimeField(null=True)),
                ("found_at", models.DateTimeField(default=segue.kit.clock.now)),
                ("state_at", models.DateTimeField(null=True)),
                ("by", models.CharField(default="", max_length=300)),
                ("first", person("+")),
                ("second", person("+")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["-probability", "id"],
                        name="same_pair_open",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("first", "second"), name="same_pair_once")],
            },
        ),
        migrations.AddField(
            model_name="person",
            name="merged_into",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absorbed",
                to="catalog.person",
            ),
        ),
        AddIndexConcurrently(
            "person",
            models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="person_absorbed",
            ),
        ),
    ]
