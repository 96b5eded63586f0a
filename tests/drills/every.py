"""All drills one after another, on one stage; a few rounds of each are what the suite plays."""

from collections import Counter
from importlib import import_module

from tests.drills.stage import arguments, conclude, play, stage, verdict
from tests.drills.witness import say

NAMES = ("calm", "busy", "idle", "cluster", "database", "storage", "disk", "clock")


def main() -> None:
    found: Counter[str] = Counter()
    with stage(told := arguments(__doc__)) as made:
        for name in NAMES:
            drill = import_module(f"tests.drills.{name}").drill
            one = play(made, drill, told.rounds)
            say(f"{name}: {verdict(one)}")
            found += one
    conclude(found)


if __name__ == "__main__":
    main()
