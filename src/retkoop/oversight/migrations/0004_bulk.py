import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0003_end_of_a_coop'),
        ('oversight', '0003_national'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(choices=[('valider', 'Valider les comptes'), ('saisie', 'Fermer ou rouvrir la saisie'), ('confier', 'Confier à une personne')], max_length=10, verbose_name='action')),
                ('start', models.PositiveSmallIntegerField(help_text='Année civile du 1er septembre', verbose_name='année')),
                ('choice', models.JSONField(default=dict, verbose_name='choix')),
                ('rnes', models.JSONField(default=list, verbose_name='coopératives')),
                ('made_by', models.CharField(max_length=150, verbose_name='par')),
                ('made_at', models.DateTimeField()),
                ('stopped_at', models.DateTimeField(null=True, verbose_name='arrêtée')),
                ('stop_reason', models.CharField(blank=True, max_length=300, verbose_name='raison de l’arrêt')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finie')),
                ('association', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.departmentalassociation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-id'],
                'indexes': [models.Index(fields=['association', '-made_at'], name='bulk_latest'), models.Index(condition=models.Q(('finished_at', None), ('stopped_at', None)), fields=['made_at'], name='bulk_running')],
            },
        ),
        migrations.CreateModel(
            name='BulkOutcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fate', models.CharField(choices=[('refusees', 'Non faites'), ('faites', 'Faites'), ('deja', 'Déjà ainsi')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('coop', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.coop')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='oversight.bulkrun')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('run', 'coop'), name='bulk_outcome_once_a_coop')],
            },
        ),
    ]
