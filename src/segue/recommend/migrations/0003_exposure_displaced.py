from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recommend", "0002_stances_without_keys")]

    operations = [
        migrations.AddField(
            model_name="exposure", name="displaced_job_id", field=models.UUIDField(null=True)
        ),
    ]
