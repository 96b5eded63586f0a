import django.db.models.functions.text
from django.db import migrations, models
from django.db.models.functions import Lower


def tell_apart(apps, schema_editor):
    """Subjects that were made twice at once keep their recordings; all but the oldest get a number."""
    subjects = apps.get_model("accounts", "Subject").objects.using(schema_editor.connection.alias)
    taken = set()
    for subject in subjects.annotate(lower=Lower("label")).order_by("project_id", "created_at", "pk"):
        number = 1
        label, lower = subject.label, subject.lower
        while (subject.project_id, lower) in taken:
            number += 1
            label, lower = (f"{text[:190]} ({number})" for text in (subject.label, subject.lower))
        taken.add((subject.project_id, lower))
        if label != subject.label:
            subjects.filter(pk=subject.pk).update(label=label)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.UniqueConstraint(models.F('project'), django.db.models.functions.text.Lower('label'), name='one_subject_a_label'),
        ),
    ]
