"""kill -9 of PostgreSQL, all of it; it is started again some seconds later."""

import time

from tests.drills.stage import Stage, main


def drill(stage: Stage) -> None:
    stage.ask()
    stage.await_phase()
    stage.server.kill()
    time.sleep(stage.chance.uniform(0, 3))
    stage.server.start()
    stage.over()


if __name__ == "__main__":
    main(drill)
