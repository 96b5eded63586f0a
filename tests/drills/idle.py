"""kill -9 of a worker that waits for a task, which holds the queue's lock; then work comes."""

from tests.drills.machine import START_SECONDS, wait_for
from tests.drills.stage import Stage, main


def drill(stage: Stage) -> None:
    wait_for(stage.machine.idle, START_SECONDS)
    stage.chance.choice(stage.machine.idle()).kill()
    stage.ask()
    stage.over()


if __name__ == "__main__":
    main(drill)
