from django.db import migrations, models

# What an undo restores moves from the signal to the stance; a signal that is nobody's loses its key to somebody.
CARRY_OVER = """
UPDATE recommend_cardstance SET before = jsonb_build_array(listen_signal.props -> 'before')
FROM listen_signal WHERE listen_signal.id = recommend_cardstance.signal_id
  AND jsonb_typeof(listen_signal.props -> 'before') = 'object';
UPDATE listen_signal SET props = props - 'before' WHERE props ? 'before';
UPDATE recommend_cardstance SET signal_id = NULL WHERE NOT EXISTS (
  SELECT 1 FROM listen_signal WHERE listen_signal.id = recommend_cardstance.signal_id
    AND listen_signal.person_id = recommend_cardstance.person_id);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommend", "0001_initial"),
        ("listen", "0002_scale"),
    ]

    operations = [
        migrations.AlterField(
            model_name="cardstance",
            name="signal_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="cardstance",
            name="before",
            field=models.JSONField(default=list),
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
    ]
