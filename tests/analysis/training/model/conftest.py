"""Training itself needs torch, which the product and its suite do without (docs/training.md).

Where torch is not installed its tests are left out by name, with a line that says so, rather than
skipped: the suite is whole without them.
"""

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") else ["test_train.py"]


def pytest_terminal_summary(terminalreporter):
    for name in collect_ignore:
        terminalreporter.write_line(f"left out, torch is not installed: {name}")
