from django.db import migrations

from echodepth.postgresql.owner import unfenced

CHUNK = 500


def begin_counting(apps, editor):
    """What is there already is counted from its upload; when it is due the next sweep reckons.

    Nothing goes before its members were told, so old data are not erased by an upgrade.
    """
    models = {
        name: apps.get_model(app, name)
        for app, name in (
            ("analysis", "Recording"),
            ("analysis", "Document"),
            ("analysis", "Run"),
            ("reports", "Report"),
            ("accounts", "Retention"),
        )
    }
    alias = editor.connection.alias
    rows = {name: model.objects.using(alias) for name, model in models.items()}
    with unfenced(editor, *models.values()):
        _keep(rows, "media", "recording", rows["Recording"].values_list(*_facts()))
        _keep(rows, "documents", "document", rows["Document"].values_list(*_facts()))
        scored = rows["Run"].exclude(result_key="").values_list(*_facts("recording__"))
        for data_class in ("frames", "findings"):
            _keep(rows, data_class, "run", scored)
        ready = rows["Report"].filter(state="ready")
        of_run = ("run", "organisation", "run__recording__project", "run__recording__created_at", "ready_at")
        _keep(rows, "reports", "run", ready.values_list(*of_run))


def _facts(prefix=""):
    return "pk", "organisation", f"{prefix}project", f"{prefix}created_at"


def _keep(rows, data_class, kind, found):
    Retention = rows["Retention"].model
    made = [
        Retention(
            organisation_id=organisation,
            project_id=project,
            data_class=data_class,
            kind=kind,
            object_id=key,
            starts_at=starts_at,
            reported_at=more[0] if more else None,
        )
        for key, organisation, project, starts_at, *more in found
    ]
    rows["Retention"].bulk_create(made, batch_size=CHUNK, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_retention_moments'),
        ('analysis', '0012_recording_media_facts'),
        ('reports', '0005_woken_at'),
    ]

    operations = [
        migrations.RunPython(begin_counting, migrations.RunPython.noop),
    ]
