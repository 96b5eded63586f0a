from django.db import migrations
from django.db.models.functions import Now

from echodepth.postgresql.owner import unfenced

OVER = ("reporting", "done", "failed", "cancelled")
"""A report that is being written holds what was found already."""


def stop(apps, editor):
    """What was under way before uses were declared asked nobody: it waits for a declaration now."""
    Run, Recording = apps.get_model("analysis", "Run"), apps.get_model("analysis", "Recording")
    alias = editor.connection.alias
    with unfenced(editor, Run, Recording):
        before = Run.objects.using(alias).filter(declaration=None).exclude(state__in=OVER)
        recordings = list(before.values_list("recording", flat=True))
        before.update(
            state="cancelled", lease=None, lease_until=None, finished_at=Now(), tidy_at=Now(), people=[]
        )
        Recording.objects.using(alias).filter(pk__in=recordings).update(analysis_wanted=True)


class Migration(migrations.Migration):

    dependencies = [
        ('analysis', '0013_told_of_faces'),
    ]

    operations = [
        migrations.RunPython(stop, migrations.RunPython.noop),
    ]
