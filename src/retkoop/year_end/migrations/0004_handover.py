import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0002_closing'),
        ('books', '0006_purged_proof'),
        ('network', '0003_end_of_a_coop'),
        ('year_end', '0002_activity_reports'),
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('incoming_name', models.CharField(max_length=150, verbose_name='qui arrive')),
                ('incoming_email', models.EmailField(blank=True, max_length=254, verbose_name='son adresse')),
                ('day', models.DateField(verbose_name='dernier jour')),
                ('renews_account', models.BooleanField(default=True)),
                ('checklist', models.PositiveSmallIntegerField(default=1)),
                ('answers', models.JSONField(default=dict)),
                ('counted', models.BigIntegerField(null=True, verbose_name='caisse comptée')),
                ('note', models.TextField(blank=True, verbose_name='à savoir')),
                ('facts', models.JSONField(default=dict)),
                ('leaving_signed_at', models.DateTimeField(null=True)),
                ('leaving_way', models.CharField(blank=True, choices=[('account', 'Dans Retkoop'), ('paper', 'Signature sur papier')], max_length=7)),
                ('incoming_signed_at', models.DateTimeField(null=True)),
                ('incoming_way', models.CharField(blank=True, choices=[('account', 'Dans Retkoop'), ('paper', 'Signature sur papier')], max_length=7)),
                ('made_at', models.DateTimeField()),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('passed_at', models.DateTimeField(help_text='Quand les accès ont changé de mains', null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('book', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='books.book')),
                ('coop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.coop')),
                ('incoming', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.mandate')),
                ('leaving', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='network.mandate')),
                ('leaving_role', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.role')),
                ('scan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='archive.document')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['coop', '-id'], name='handover_coop')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('cancelled_at__isnull', True)), fields=('leaving',), name='handover_one_a_mandate')],
            },
        ),
    ]
