from echodepth.storage import registry
from echodepth.tenancy import tenant
from tests.factories import ReportFactory


def test_a_report_is_known_with_its_checksum_once_it_is_made(db):
    report = ReportFactory(storage_key="o/reports/1/1/report.pdf", sha256="ab" * 32)
    with tenant(report.organisation_id):
        found = [(kind, told.key, told.row_id, told.sha256) for kind, told in registry.expected()]

    assert ("report", report.storage_key, report.pk, report.sha256) in found
    assert [kind for kind, *_rest in found] == ["recording", "report"]
