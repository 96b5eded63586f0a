"""Nothing happens: how long the runs of a round take undisturbed, to compare the others with."""

from tests.drills.stage import Stage, main


def drill(stage: Stage) -> None:
    stage.ask()
    stage.over()


if __name__ == "__main__":
    main(drill)
