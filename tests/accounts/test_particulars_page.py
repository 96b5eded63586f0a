from accounts.particulars_page import PAGE, page


def test_the_page_is_what_the_tables_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run manage.py write_particulars_page"


def test_each_region_has_a_section_with_sources():
    text = page()
    for heading in ("## European Union", "## United Kingdom", "## USA: Illinois"):
        section = text.partition(heading)[2].partition("\n## ")[0]
        assert "read on 23 November 2026" in section
