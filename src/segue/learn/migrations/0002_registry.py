from __future__ import annotations

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import segue.kit.clock


def crown_what_is_active(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """What was active becomes champion with a reign of its own; the rest is retired, with its bytes."""
    model, reign = apps.get_model("learn", "Model"), apps.get_model("learn", "Reign")
    model.objects.filter(active=True).update(state="champion", owner="segue", state_at=models.F("made_at"))
    model.objects.filter(active=False).update(state="retired", owner="segue", state_at=models.F("made_at"))
    for row in model.objects.filter(active=True).defer("blob", "card"):
        reign.objects.create(
            kind=row.kind, model=row, began_at=row.made_at, by="segue", reason="in force before the registry"
        )


def keep_active(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("learn", "Model").objects.filter(state="champion").update(active=True)


class Migration(migrations.Migration):
    dependencies = [("learn", "0001_initial")]

    operations = [
        migrations.AddField("model", "owner", models.CharField(default="", max_length=300)),
        migrations.AddField(
            "model",
            "state",
            models.CharField(
                choices=[
                    ("candidate", "Candidate"),
                    ("challenger", "Challenger"),
                    ("champion", "Champion"),
                    ("retired", "Retired"),
                ],
                default="candidate",
                max_length=10,
            ),
        ),
        migrations.AddField("model", "state_at", models.DateTimeField(default=segue.kit.clock.now)),
        migrations.AddField("model", "swept_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "model",
            "parent",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="learn.model",
            ),
        ),
        migrations.CreateModel(
            name="Reign",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("began_at", models.DateTimeField(default=segue.kit.clock.now)),
                ("by", models.CharField(default="", max_length=300)),
                ("reason", models.CharField(default="", max_length=500)),
                (
                    "before",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="learn.reign",
                    ),
                ),
                (
                    "gave_up",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="learn.model",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reigns",
                        to="learn.model",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["kind", "-id"], name="reign_latest")]},
        ),
        migrations.CreateModel(
            name="Drift",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("measure", models.CharField(max_length=60)),
                ("reference", models.JSONField()),
                ("reference_at", models.DateTimeField(default=segue.kit.clock.now)),
                ("counts", models.JSONField(default=list)),
                ("index", models.FloatField(null=True)),
                ("noise", models.FloatField(null=True)),
                ("measured_at", models.DateTimeField(null=True)),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drifts",
                        to="learn.model",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["model", "measure"], name="drift_once")]
            },
        ),
        migrations.RunPython(crown_what_is_active, keep_active),
    ]
