from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('books', '0004_kept_with'),
    ]

    operations = [
        migrations.AddField(
            model_name='book',
            name='cash',
            field=models.BigIntegerField(default=0),
        ),
    ]
