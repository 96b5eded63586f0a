"""Storage refuses, does not answer, or is full, for some seconds."""

import time

from tests.drills.stage import Stage, main


def drill(stage: Stage) -> None:
    stage.ask()
    stage.await_phase()
    stage.bend("storage", stage.chance.choice(["refuse", "hang", "full"]))
    time.sleep(stage.chance.uniform(1, 6))
    stage.bend("storage", None)
    stage.over()


if __name__ == "__main__":
    main(drill)
