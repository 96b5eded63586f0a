"""Where drills play: PostgreSQL, storage, workers and recordings of several organisations, all of them real.

A drill is a function that asks for runs and strikes a blow; the stage waits for the runs' ends and judges.
`python -m tests.drills.NAME --rounds N --seed S` plays it; the last line is the judgement.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NoReturn
from uuid import UUID

from echodepth.env import BASE_DIR
from echodepth.errors import UserError
from tests.drills.machine import Machine, wait_for
from tests.drills.witness import FINAL, Witness, say
from tests.support import clips, postgres
from tests.support.models import FOLDER as MODELS

LEASE_SECONDS = 3
DEADLINE = 150.0
"""Seconds from the blow after which a run that has not ended is stuck; where others keep the machine busy,
`--deadline` gives it more."""
TIDY_SECONDS = 30.0
WORK_BYTES = 80 * 1024 * 1024
DURABLE = postgres.OPTIONS.replace("synchronous_commit=off", "synchronous_commit=on")
"""What was committed outlives a killed server; only a power cut would be worse."""
NEEDLESS = ("orphan", "unfinished")
"""What `verify_storage` calls an object that belongs to nothing."""
PHASES = ("probing", "analysing", "scoring", "reporting")


@dataclass(frozen=True)
class Media:
    """A recording: whose, and how many frames it has."""

    organisation: UUID
    recording: UUID
    frames: int


@dataclass
class Stage:
    """What a drill is given."""

    folder: Path
    server: postgres.Server
    witness: Witness
    machines: list[Machine]
    media: list[Media]
    chance: random.Random
    deadline: float = DEADLINE
    asked: dict[UUID, int] = field(default_factory=dict)
    """Runs of this round, and their frames."""
    over_at: float = 0.0
    """When what the drill did was over."""
    ended_at: float | None = None

    @property
    def machine(self) -> Machine:
        return self.machines[0]

    def ask(self) -> None:
        """Ask for a run of every recording, in any order; not of one whose last run is stuck."""
        from django.db import connections

        from analysis.domain.work import runs
        from analysis.models import Recording
        from echodepth.tenancy import tenant

        for media in self.chance.sample(self.media, len(self.media)):
            with tenant(media.organisation), suppress(UserError):
                run = runs.request(Recording.objects.get(pk=media.recording), None, {})
                self.asked[run.pk] = media.frames
        connections.close_all()

    def over(self) -> None:
        """What the drill did is over: recovery begins."""
        self.over_at = time.monotonic()

    def await_ends(self) -> float:
        """When the round's runs had ended, or were given up as stuck."""
        if self.ended_at is None:
            wait_for(lambda: self.witness.all_final(list(self.asked)), self.deadline)
            self.ended_at = time.monotonic()
        return self.ended_at

    def await_phase(self, *phases: str) -> str:
        """Wait until a run is in one of the phases (chosen by chance), or has ended; and then a moment."""
        phase = self.chance.choice(phases or PHASES)
        wanted = {phase, *FINAL}
        wait_for(lambda: wanted & set(self.witness.states(list(self.asked)).values()), self.deadline)
        time.sleep(self.chance.uniform(0, 0.5))
        return phase

    def bend(self, name: str, how: str | None) -> None:
        """Write or remove a file that `tests.drills.settings` reads; None removes it."""
        if how is None:
            (self.folder / name).unlink(missing_ok=True)
        else:
            new = self.folder / f"{name}.new"
            new.write_text(how)
            new.rename(self.folder / name)


Drill = Callable[[Stage], None]
"""Asks for runs and strikes; says `over()` when what it did is over."""


def main(drill: Drill) -> None:
    """Play one drill as the command line says; ends with status 1 unless all is well."""
    with stage(told := arguments(sys.modules[drill.__module__].__doc__)) as made:
        found = play(made, drill, told.rounds)
    conclude(found)


def arguments(description: str | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deadline", type=float, default=DEADLINE, metavar="SECONDS")
    return parser.parse_args()


def conclude(found: Counter[str]) -> NoReturn:
    say(verdict(found))
    sys.exit(1 if found.total() else 0)


def verdict(found: Mapping[str, int]) -> str:
    return " ".join(f"{kind} {found.get(kind, 0)}" for kind in ("lost", "doubled", "stuck"))


def play(made: Stage, drill: Drill, rounds: int) -> Counter[str]:
    """How many runs were lost, doubled or stuck; prints a line a round, and how long recovery took."""
    took: list[float] = []
    every: dict[UUID, int] = {}
    with suppress(KeyboardInterrupt):  # Ctrl-C ends it with a judgement of the rounds before
        for number in range(rounds):
            made.asked, made.ended_at = {}, None
            drill(made)
            took.append(made.await_ends() - made.over_at)
            every |= made.asked
            ends = Counter(made.witness.states(list(made.asked)).values())
            say(f"round {number + 1}: {took[-1]:.1f} s, {dict(ends)}")
    untidy = "SELECT 1 FROM analysis_run WHERE id = ANY(%s) AND tidy_at IS NOT NULL"
    wait_for(lambda: not made.witness.ask(untidy, list(every)), TIDY_SECONDS)
    if took:
        times = f"median {median(took):.1f} s, worst {max(took):.1f} s"
        say(f"{len(took)} rounds, {len(every)} runs; recovery: {times}")
    return made.witness.judge(every) + verified()


def verified() -> Counter[str]:
    """What the product's own comparison of rows and objects finds."""
    command = [sys.executable, "manage.py", "verify_storage", "--older-than", "0", "--json"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "echodepth.settings"}
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if not lines:
        raise RuntimeError(done.stderr)
    for line in lines:
        say(f"  {line}")
    kinds = [line["finding"] for line in lines if "finding" in line]
    return Counter("doubled" if kind in NEEDLESS else "lost" for kind in kinds)


@contextmanager
def stage(told: argparse.Namespace) -> Iterator[Stage]:
    """Everything but the second machine started; at the end nothing is left, unless ECHO_KEEP is set."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and nothing is left then either
    folder = Path(tempfile.mkdtemp(prefix="echodepth-drill-"))
    with postgres.running(DURABLE) as server:
        os.environ.update(_environment(folder, server))
        environment = dict(os.environ)
        witness = Witness(server.place, folder / "data/storage")
        _migrate()
        witness.begin()
        media = _recordings(folder)
        hosts = [Machine(f"machine-{n}", environment, folder / f"{n}.log") for n in range(2)]
        made = Stage(folder, server, witness, hosts, media, random.Random(told.seed), told.deadline)
        try:
            with small_disk(folder / "data/work"):
                made.machine.start()
                yield made
        finally:
            for host in hosts:
                host.kill()
            if "ECHO_KEEP" not in os.environ:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """For root, a small disk of its own at the place: room for work, and for what is left free beside it."""
    from analysis.domain.work.workplaces import SPARE_BYTES

    place.mkdir(mode=0o700)
    if os.geteuid() != 0:
        yield
        return
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SPARE_BYTES + WORK_BYTES},mode=0700", "none", place],
        check=True,
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def _environment(folder: Path, server: postgres.Server) -> dict[str, str]:
    (folder / "data").mkdir()
    return postgres.urls(server.place) | {
        "DJANGO_SETTINGS_MODULE": "tests.drills.settings",
        "ECHO_DRILL": str(folder),
        "ECHODEPTH_DATA_FOLDER": str(folder / "data"),
        "ECHODEPTH_MODELS_FOLDER": str(MODELS),
        "ECHODEPTH_LEASE_SECONDS": str(LEASE_SECONDS),
        "ECHODEPTH_SEGMENT_FRAMES": "256",
        "ECHODEPTH_DEMO": "false",
    }


def _migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _recordings(folder: Path) -> list[Media]:
    """Of three organisations: one in two segments, one with a face, and a short one."""
    return [
        _recording(folder, "acme", clips.blank(300, 96, 72), 300),
        _recording(folder, "harbour", clips.pictures(40, 128, 96, zoom=0.4), 40),
        _recording(folder, "quay", clips.blank(30, 96, 72), 30),
    ]


def _recording(folder: Path, slug: str, pictures: Iterator, frames: int) -> Media:
    import hashlib

    from django.db import connections

    from accounts.domain.lawful import declarations
    from accounts.models import Organisation, Project
    from analysis.domain import objects
    from analysis.models import Recording
    from echodepth.tenancy import tenant

    path = clips.write(folder / f"{slug}.mp4", pictures)
    organisation = Organisation(name=slug.title(), slug=slug)
    with tenant(organisation.pk):
        organisation.save(force_insert=True)
        project = Project.objects.create(organisation=organisation, name="Drill")
        declarations.declare(
            project, None, purpose="rendered_people", setting="demonstration", region="other"
        )
        recording = Recording(organisation=organisation, project=project, title=slug, original_name=path.name)
        recording.storage_key = objects.store(objects.recording_key(organisation.pk, recording.pk), path)
        recording.size = path.stat().st_size
        recording.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        recording.save()
    connections.close_all()
    return Media(organisation.pk, recording.pk, frames)
