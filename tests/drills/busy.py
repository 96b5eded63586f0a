"""kill -9 of a worker at work, in any phase of a run."""

from tests.drills.stage import Stage, main


def drill(stage: Stage) -> None:
    stage.ask()
    stage.await_phase()
    workers = stage.machine.busy() or stage.machine.workers()
    if workers:
        stage.chance.choice(workers).kill()
    stage.over()


if __name__ == "__main__":
    main(drill)
