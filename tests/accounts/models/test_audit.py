"""A record is written once: nothing of the application changes or deletes it."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.models import AuditRecord
from accounts.models.audit import AppendOnlyError
from echodepth.tenancy import tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(organisation):
    with tenant(organisation.pk):
        record(AuditAction.LIST_READ)
        yield AuditRecord.objects.get()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda line: line.save(),
        lambda line: line.save(update_fields=["action"]),
        lambda line: line.delete(),
        lambda _line: AuditRecord.objects.update(action="nothing"),
        lambda _line: AuditRecord.objects.all().delete(),
        lambda line: AuditRecord.objects.filter(pk=line.pk).delete(),
        lambda line: AuditRecord.objects.bulk_update([line], ["action"]),
        lambda line: AuditRecord.objects.bulk_create(
            [line], update_conflicts=True, update_fields=["action"], unique_fields=["id"]
        ),
    ],
)
def test_the_models_refuse(line, attempt):
    line.action = "nothing"

    with pytest.raises(AppendOnlyError):
        attempt(line)

    assert list(AuditRecord.objects.values_list("number", "action")) == [(1, "list.read")]


if connection.vendor == "postgresql":  # SQLite knows neither roles nor row-level security

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE {} SET action = 'nothing'",
            "UPDATE {} SET number = 1 WHERE false",
            "DELETE FROM {}",
            "TRUNCATE {}",
            "TRUNCATE {} CASCADE",
            "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE {} DISABLE TRIGGER ALL",
            "DROP TABLE {}",
            "INSERT INTO {0} SELECT * FROM {0} ON CONFLICT (id) DO UPDATE SET action = 'nothing'",
            "CREATE RULE quiet AS ON INSERT TO {} DO INSTEAD NOTHING",
            "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
        ],
    )
    def test_the_application_cannot_in_sql_either(line, statement):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            _run(statement.format("accounts_auditrecord"))

        assert list(AuditRecord.objects.values_list("number", "action")) == [(1, "list.read")]

    def test_deleting_behind_the_models_back_is_refused_by_the_database(line):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            AuditRecord.objects.all().expire()

        assert AuditRecord.objects.count() == 1

    def test_nobody_writes_into_anothers_trail(line):
        theirs = AuditRecord(
            organisation_id=line.organisation_id, number=2, at=line.at, action="forged", hash="0" * 64
        )

        with tenant(uuid4()), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            theirs.save()

        assert AuditRecord.objects.count() == 1

    def _run(statement):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
