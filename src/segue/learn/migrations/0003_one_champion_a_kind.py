from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learn", "0002_registry")]

    operations = [
        migrations.RemoveConstraint(model_name="model", name="model_active_once"),
        migrations.AddConstraint(
            model_name="model",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "champion")), fields=("kind",), name="model_champion_once"
            ),
        ),
        migrations.RemoveField(model_name="model", name="active"),
    ]
