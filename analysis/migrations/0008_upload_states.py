from django.db import migrations, models

from echodepth.postgresql.owner import unfenced


def mark_done(apps, editor):
    """What was finished before uploads had states; where they came and how large parts are stays unsaid."""
    Upload = apps.get_model('analysis', 'Upload')
    with unfenced(editor, Upload):
        Upload.objects.using(editor.connection.alias).exclude(recording=None).update(state='done')


class Migration(migrations.Migration):

    dependencies = [
        ('analysis', '0007_parts_and_segments'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='recording',
            index=models.Index(fields=['organisation', 'sha256'], name='analysis_re_organis_ba9ed9_idx'),
        ),
        migrations.RunPython(mark_done, migrations.RunPython.noop),
    ]
