import os
import signal
import subprocess
import sys
import time
from multiprocessing import Process

import psutil

from analysis.management.commands.worker import ReleasingCluster
from analysis.worker import STOP_SIGNAL
from echodepth.env import BASE_DIR, VARIABLES

WAITS = """
import signal, sys, time
signal.signal(signal.SIGUSR1, lambda *_: sys.exit(7))
open(sys.argv[1], "w").close()
time.sleep(60)
"""


def test_a_cluster_that_stops_tells_its_workers_first(tmp_path):
    cluster = ReleasingCluster()
    cluster.sentinel = Process()  # never started: there is nothing else to stop
    with subprocess.Popen([sys.executable, "-c", WAITS, tmp_path / "ready"]) as child:
        while not (tmp_path / "ready").exists():
            time.sleep(0.02)
        cluster.sig_handler(signal.SIGTERM, None)
        assert child.wait(10) == 7


def test_it_sweeps_at_its_start_and_ends_within_seconds(tmp_path):
    left = tmp_path / "work" / "5b0c3a52-33b5-4d6c-8d7c-0d4f5f6c1a11"
    left.mkdir(parents=True)
    names = {variable.name for variable in VARIABLES}
    environment = {name: value for name, value in os.environ.items() if name not in names} | {
        "ECHODEPTH_DATA_FOLDER": str(tmp_path),
        "ECHODEPTH_DEMO": "true",
        "DJANGO_SETTINGS_MODULE": "echodepth.settings",
    }
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v0"], cwd=BASE_DIR, env=environment, check=True, timeout=120)
    with subprocess.Popen([*manage, "worker"], cwd=BASE_DIR, env=environment) as worker:
        try:
            end = time.monotonic() + 60
            while time.monotonic() < end and (left.exists() or len(_family(worker)) < 3):
                time.sleep(0.1)
            assert not left.exists()
            family = _family(worker)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(15) == 0
        finally:
            worker.kill()
    _gone, alive = psutil.wait_procs(family, timeout=3)
    assert alive == []


def _family(process):
    return psutil.Process(process.pid).children(recursive=True)


def test_the_stop_signal_is_one_that_no_terminal_sends():
    assert STOP_SIGNAL not in {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
