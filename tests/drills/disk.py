"""The disk that workers work on is full for some seconds. Wants root, for a small disk of its own."""

import time
from contextlib import suppress

from tests.drills.stage import Stage, main

BLOCK = bytes(1024 * 1024)


def drill(stage: Stage) -> None:
    ballast = stage.folder / "data/work/ballast"
    stage.ask()
    if stage.chance.random() < 0.7:
        stage.await_phase()
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(BLOCK):
            pass
    time.sleep(stage.chance.uniform(1, 6))
    ballast.unlink()
    stage.over()


if __name__ == "__main__":
    main(drill)
