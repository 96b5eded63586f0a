from analysis.engine.findings import patterns, signal_table
from tests.support.findings_tables import DOCUMENT, TABLES, tables_in, written

TEXT = DOCUMENT.read_text(encoding="utf-8")


def test_the_document_holds_the_tables_as_they_are_declared():
    """`python -m tests.support.findings_tables` writes them."""
    assert written(TEXT) == TEXT


def test_every_table_is_in_the_document_once():
    assert sorted(tables_in(TEXT)) == sorted(TABLES)


def test_an_edited_table_is_noticed():
    assert written(TEXT.replace("| +26 |", "| +27 |")) == TEXT != TEXT.replace("| +26 |", "| +27 |")


def test_the_document_names_the_versions_of_the_tables():
    assert f"Pattern table version {patterns.VERSION}." in TEXT
    assert f"Signal table version {signal_table.VERSION}." in TEXT
