import subprocess
import sys

from pypdf import PdfReader


def test_ten_minutes_are_laid_out_to_the_last_frame(tmp_path):
    target = tmp_path / "long.pdf"

    subprocess.run([sys.executable, "-m", "tests.support.long_report", "18000", str(target)], check=True)

    pages = PdfReader(target).pages
    assert len(pages) > 18_000 // 84
    assert "17999" in pages[len(pages) - 1].extract_text()
