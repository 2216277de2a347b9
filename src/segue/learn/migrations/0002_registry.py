from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import segue.kit.clock

# What was active becomes champion with a reign of its own; the rest is retired, with its bytes.
CROWN = """
UPDATE learn_model SET owner = 'segue', state_at = made_at,
  state = CASE WHEN active THEN 'champion' ELSE 'retired' END;
INSERT INTO learn_reign (kind, model_id, began_at, by, reason)
  SELECT kind, hash, made_at, 'segue', 'in force before the registry' FROM learn_model WHERE active;
"""
KEEP_ACTIVE = "UPDATE learn_model SET active = (state = 'champion')"


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
        migrations.RunSQL(CROWN, KEEP_ACTIVE),
    ]
