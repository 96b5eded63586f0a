"""`docs/settings.md`, written from the table of variables."""

from typing import Any

from echodepth.env import BASE_DIR, VARIABLES, Variable

PAGE = BASE_DIR / "docs" / "settings.md"
BEGIN = "<!-- variables: written by manage.py write_settings_page -->"
END = "<!-- end of variables -->"


def _default(variable: Variable) -> str:
    value: Any = variable.default
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list):
        value = ",".join(value)
    if isinstance(value, dict):
        value = ",".join(f"{name}={number}" for name, number in value.items())
    return f"`{str(value).replace(str(BASE_DIR), '.')}`" if value != "" else "empty"


def table() -> str:
    """The variables as a Markdown table."""
    rows = ["| variable | value | default | what it means |", "|---|---|---|---|"]
    rows += [
        f"| `{variable.name}` | {variable.kind.name} | {_default(variable)} | {variable.description} |"
        for variable in VARIABLES
    ]
    return "\n".join(rows)


def page(text: str) -> str:
    """`text` with the table between its marks written anew; ValueError where a mark is missing."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE} has no marks for the table")
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"
