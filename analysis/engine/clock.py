"""Where the CPU time goes, stage by stage; for `manage.py benchmark`."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class StageClock:
    """Adds up the CPU seconds of the thread that works in a stage.

    Decoding's own helper threads are not in `decode`; the whole process's CPU time is.
    """

    def __init__(self) -> None:
        self.cpu: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.thread_time()
        try:
            yield
        finally:
            self.cpu[name] += time.thread_time() - start
