from analysis.engine import statement
from reports.enums import ReviewState
from reports.statement import STATEMENT, csv_notes


def test_people_and_programs_are_told_the_same():
    assert str(STATEMENT) == statement.STATEMENT
    assert "No decision about a person may rest on it alone." in statement.STATEMENT


def test_what_a_csv_holds_needs_no_quoting():
    for state in ReviewState:
        assert not set("".join(csv_notes(state).values())) & set(',"\r\n')
