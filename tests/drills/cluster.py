"""kill -9 of every process of a machine's workers, their supervisor too; then it is started again."""

from tests.drills.stage import Stage, main


def drill(stage: Stage) -> None:
    stage.ask()
    stage.await_phase()
    stage.machine.kill()
    stage.over()
    stage.machine.start()


if __name__ == "__main__":
    main(drill)
