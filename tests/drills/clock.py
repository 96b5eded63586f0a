"""The clock jumps by an hour, forward or back: everywhere, the database's too, or on one of two machines.

The machines' clocks are bent in Django's `timezone.now`, the database's in `statement_timestamp()`.
"""

from tests.drills.stage import Stage, main

HOUR = 3600


def drill(stage: Stage) -> None:
    machine = stage.machines[1]
    machine.start()
    try:
        stage.ask()
        stage.await_phase()
        if stage.chance.random() < 0.5:
            ahead = jump(stage, "clock")
            stage.witness.ask(f"UPDATE drill.clock SET ahead = '{ahead} seconds'")  # noqa: S608 - a number
        else:
            jump(stage, f"clock.{machine.name}")
        stage.over()
        stage.await_ends()
    finally:
        machine.stop()


def jump(stage: Stage, name: str) -> int:
    """By how many seconds it is ahead then: an hour or minus one; after an earlier jump none again."""
    ahead = 0 if (stage.folder / name).exists() else stage.chance.choice([HOUR, -HOUR])
    stage.bend(name, str(ahead) if ahead else None)
    return ahead


if __name__ == "__main__":
    main(drill)
