from accounts.enums import Role
from accounts.permissions import LABELS, Action, Permissions
from accounts.permissions_page import PAGE, page


def test_the_page_is_as_the_table_says():
    assert PAGE.read_text(encoding="utf-8") == page(), "run manage.py write_permissions_page"


def test_the_desk_is_told_of_apart():
    _before, _heading, desk = page().partition("## The sales desk")

    assert "| | Sales | Platform admin |" in desk
    assert "| Sign reports, or send them back | yes | yes |" in desk
    assert "invite" not in desk.lower()


def test_a_row_says_yes_to_those_who_may():
    row = next(line for line in page().splitlines() if str(LABELS[Action.EXPORT]) in line)
    cells = [cell.strip() for cell in row.split("|")[2:-1]]

    assert cells == ["yes" if Permissions(role).may(Action.EXPORT) else "no" for role in Role]
    assert {"yes", "no"} == set(cells)
