import sys

from pypdf import PdfReader

from reports.domain.benchmark import measure


def test_ten_minutes_stay_within_40_cpu_seconds_and_500_mb(tmp_path):
    target = tmp_path / "long.pdf"

    found = measure([sys.executable, "-m", "tests.support.long_report", "18000", str(target)])

    assert found.cpu < 40
    assert found.peak < 500e6
    pages = PdfReader(target).pages
    assert len(pages) > 18_000 // 84
    assert "17999" in pages[len(pages) - 1].extract_text()
