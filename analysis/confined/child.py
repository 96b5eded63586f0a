"""The child's side: bind itself, do the one call, say what came of it."""

import errno
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from analysis.confined import confine, wire
from analysis.confined.errors import DecoderFailedError, Reason
from analysis.engine.errors import EngineError

Say = Callable[[Mapping[str, Any]], None]
Work = Callable[[Path, Say], Any]
"""The media, and a way to tell of progress; gives what the parent is answered."""
Call = Callable[[Mapping[str, Any]], Work]
"""Loads all that the work needs, by the arguments given, before the child is bound for good."""


def main(calls: Mapping[str, Call] | None = None) -> None:
    """Answer the request on standard input, and end the process."""
    try:
        _serve(calls or CALLS)
    except BaseException:  # noqa: BLE001 - told on standard error, and the process ends
        traceback.print_exc()
        os._exit(1)
    # Nothing is left to be tidied up: libraries may crash over it, and their threads need not end.
    os._exit(0)


def _serve(calls: Mapping[str, Call]) -> None:
    request = json.load(sys.stdin)
    task, descriptor = wire.Task.of(request["task"]), request["media"]
    confine.die_with(request["parent"])
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints is no message
    confine.close_all_but(descriptor, answers)
    # A name for the open file, each opening of which begins at the first byte.
    media = Path(f"/proc/self/fd/{descriptor}" if sys.platform == "linux" else request["path"])
    confine.cut_off([media, *map(Path, task.read)], [Path(one) for one in task.write])
    _write(answers, _answer(calls[task.call], task, media, lambda said: _write(answers, said)))


def _answer(call: Call, task: wire.Task, media: Path, say: Say) -> dict[str, Any]:
    try:
        work = call(task.arguments)
        confine.bind(task.bounds)
        return {"result": work(media, say)}
    except EngineError as error:
        return {"error": {"code": error.code, "facts": error.facts}}
    except MemoryError:
        return {"error": {"code": DecoderFailedError.code, "facts": {"reason": Reason.MEMORY}}}
    except OSError as error:
        # numpy says in words alone that a file could not be written.
        return {"os_error": error.errno or errno.EIO}


def _write(descriptor: int, said: Mapping[str, Any]) -> None:
    content = memoryview(wire.line(said))
    while content:
        content = content[os.write(descriptor, content) :]


# The checksum is the parent's own: it need not read the file once more, and would not believe the child.


def _probe(arguments: Mapping[str, Any]) -> Work:
    from analysis.engine.probe import Limits, probe  # noqa: PLC0415 - loaded by a process that is cut off

    limits = Limits(**arguments["limits"])
    return lambda media, _say: wire.plain_info(probe(media, limits, sha256=""))


def _plan(arguments: Mapping[str, Any]) -> Work:
    from analysis.engine.probe import Limits  # noqa: PLC0415
    from analysis.engine.segments import plan  # noqa: PLC0415

    limits, frames = Limits(**arguments["limits"]), arguments["frames"]
    return lambda media, _say: plan(media, limits, frames, sha256="").to_json()


def _run_segment(arguments: Mapping[str, Any]) -> Work:
    from analysis.engine.probe import Limits  # noqa: PLC0415
    from analysis.engine.runtime import load_models  # noqa: PLC0415
    from analysis.engine.segments import Plan, run_segment  # noqa: PLC0415

    limits, folder = Limits(**arguments["limits"]), Path(arguments["folder"])
    models, plan = load_models(Path(arguments["models"])), Plan.from_json(arguments["plan"])

    def work(media: Path, say: Say) -> Any:
        def progress(stage: str, done: int, total: int | None) -> None:
            say({"progress": [stage, done, total]})

        return run_segment(media, folder, plan, arguments["number"], models, limits, progress).to_json()

    return work


CALLS: Mapping[str, Call] = {"probe": _probe, "plan": _plan, "run_segment": _run_segment}
