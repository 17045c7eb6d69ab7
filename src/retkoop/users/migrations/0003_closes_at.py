from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('users', '0002_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='closes_at',
            field=models.DateTimeField(blank=True, help_text='Dès lors, personne n’y est plus : le compte change de mains', null=True),
        ),
    ]
