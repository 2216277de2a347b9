from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trust", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="auditline", name="subject_id", field=models.CharField(default="", max_length=64)
        ),
        migrations.AddField(model_name="decision", name="trace", field=models.JSONField(default=dict)),
    ]
