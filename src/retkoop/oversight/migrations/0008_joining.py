from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0007_rules_preview")]

    operations = [
        migrations.AlterField(
            model_name="bulkrun",
            name="action",
            field=models.CharField(
                choices=[
                    ("valider", "Valider les comptes"),
                    ("saisie", "Fermer ou rouvrir la saisie"),
                    ("confier", "Confier à une personne"),
                    ("adhesions", "Valider les adhésions"),
                ],
                max_length=10,
                verbose_name="action",
            ),
        ),
    ]
