import django.db.models.deletion
from django.db import migrations, models

from retkoop.domain.chart import fold


def keep_words(apps, schema_editor):
    """Have each coop found by its people too, as `Coop.searched_words` of this version says."""
    Coop = apps.get_model("network", "Coop")
    coops = Coop.objects.order_by("pk").prefetch_related("mandates", "roles__user").iterator(chunk_size=500)
    changed = []
    for coop in coops:
        holders = [one.holder for one in sorted(coop.mandates.all(), key=lambda one: (one.start, one.pk), reverse=True)]
        keepers = [one.user.name for one in sorted(coop.roles.all(), key=lambda one: one.pk, reverse=True) if one.user.username != coop.rne]
        people = dict.fromkeys([*holders[:6], *keepers[:6]])
        coop.words = fold(" ".join([coop.rne, coop.name, coop.commune, coop.circonscription, *people]))[:600]
        changed.append(coop)
    Coop.objects.bulk_update(changed, ["words"], batch_size=300)


def leave_words(apps, schema_editor):
    """What an older version reads of them is there."""
    Coop = apps.get_model("network", "Coop")
    for coop in Coop.objects.order_by("pk").iterator(chunk_size=500):
        Coop.objects.filter(pk=coop.pk).update(words=fold(f"{coop.rne} {coop.name} {coop.commune}")[:300])


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0003_end_of_a_coop'),
    ]

    operations = [
        migrations.AddField(
            model_name='coop',
            name='change_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='motif du changement'),
        ),
        migrations.AddField(
            model_name='coop',
            name='circonscription',
            field=models.CharField(blank=True, max_length=100, verbose_name='circonscription'),
        ),
        migrations.AlterField(
            model_name='coop',
            name='words',
            field=models.CharField(blank=True, editable=False, max_length=600),
        ),
        migrations.CreateModel(
            name='DirectoryImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=200, verbose_name='fichier')),
                ('sha256', models.CharField(max_length=64, verbose_name='empreinte')),
                ('made_at', models.DateTimeField(verbose_name='importé')),
                ('counts', models.JSONField(default=dict)),
                ('refusals', models.JSONField(default=list)),
                ('association', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='directory_imports', to='network.departmentalassociation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='School',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uai', models.CharField(max_length=8, unique=True, verbose_name='UAI')),
                ('department', models.CharField(max_length=3, verbose_name='département')),
                ('name', models.CharField(max_length=150, verbose_name='nom')),
                ('kind', models.CharField(blank=True, max_length=80, verbose_name='nature')),
                ('sector', models.CharField(blank=True, max_length=10, verbose_name='secteur')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='adresse')),
                ('postcode', models.CharField(blank=True, max_length=10, verbose_name='code postal')),
                ('commune', models.CharField(blank=True, max_length=100, verbose_name='commune')),
                ('academy', models.CharField(blank=True, max_length=60, verbose_name='académie')),
                ('circonscription', models.CharField(blank=True, max_length=100, verbose_name='circonscription')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('state', models.CharField(choices=[('open', 'Ouverte'), ('closing', 'À fermer'), ('opening', 'À ouvrir'), ('closed', 'Fermée')], default='open', max_length=10, verbose_name='état')),
                ('opened_on', models.DateField(blank=True, null=True, verbose_name='ouverte le')),
                ('words', models.CharField(blank=True, editable=False, max_length=300)),
                ('seen_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['department', 'commune', 'name'], name='school_by_commune')],
            },
        ),
        migrations.RunPython(keep_words, leave_words),
    ]
