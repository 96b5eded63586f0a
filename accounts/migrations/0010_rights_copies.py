from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_retention_moments'),
    ]

    operations = [
        migrations.AddField(
            model_name='rightsrequest',
            name='prolonged_for',
            field=models.TextField(blank=True, default=''),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='copy_asked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='copy_with_media',
            field=models.BooleanField(default=False),
        ),
    ]
