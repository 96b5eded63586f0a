from echodepth.tenancy import tenant
from reports import taken
from tests.factories import ReportFactory


def test_reports_lie_with_their_runs(organisation):
    report = ReportFactory(run__recording__project__organisation=organisation, storage_key="k/report.pdf")
    ReportFactory(run__recording__project__organisation=organisation, storage_key="")

    with tenant(organisation.pk):
        (file,) = taken.reports(None)

    assert (file.id, file.key) == (report.pk, "k/report.pdf")
    assert file.path == f"runs/{report.run_id}/report-{report.pk}.pdf"
