from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """« subject » is how the trail names a record."""

    dependencies = [("assistance", "0001_initial")]
    operations = [migrations.RenameField("thread", "subject", "topic")]
