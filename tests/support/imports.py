"""Reads what Python modules import, without running them."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("echodepth", "accounts", "analysis", "reports")


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(root: Path) -> dict[str, Path]:
    """Every module of the product below `root` by its dotted name; migrations stand for themselves."""
    found = (path for package in PACKAGES for path in sorted((root / package).rglob("*.py")))
    return {module_name(path, root): path for path in found if "migrations" not in path.parts}


def _targets(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*above, base] if base else above)
        yield from (f"{base}.{alias.name}" for alias in node.names)


def imported(path: Path, root: Path) -> set[str]:
    """Dotted names that the file imports, anywhere in it; `from a import b` gives `a.b`."""
    name = module_name(path, root)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {target for node in ast.walk(tree) for target in _targets(node, package)}


def graph(root: Path) -> dict[str, set[str]]:
    """Module -> the names it imports; names of ours are cut to the module that holds them."""
    known = modules(root)

    def module_of(name: str) -> str:
        while name not in known and "." in name and name.split(".", maxsplit=1)[0] in PACKAGES:
            name = name.rpartition(".")[0]
        return name

    return {name: {module_of(target) for target in imported(path, root)} for name, path in known.items()}
