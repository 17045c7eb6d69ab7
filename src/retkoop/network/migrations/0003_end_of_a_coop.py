import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0002_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='coop',
            name='closed_on',
            field=models.DateField(blank=True, null=True, verbose_name='fermée le'),
        ),
        migrations.AddField(
            model_name='coop',
            name='end_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='motif'),
        ),
        migrations.AddField(
            model_name='coop',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='network.coop'),
        ),
    ]
