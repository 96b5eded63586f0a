"""What ./run and ./test do before any Python of ours runs."""

import os
import re
import shutil
import subprocess

import pytest

from echodepth.env import BASE_DIR

UNREACHABLE = "six==1.17.0 --hash=sha256:" + "0" * 64 + "\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A folder with the shared shell functions alone; its virtual environment is made once."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "bin").mkdir()
    shutil.copy(BASE_DIR / "bin" / "common.sh", folder / "bin")
    return folder


def shell(folder, script, **environment):
    command = ["/bin/sh", "-euc", f". bin/common.sh\n{script}"]
    variables = {"PATH": os.environ["PATH"], "PIP_NO_INDEX": "1", **environment}
    return subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def environment(checkout):
    done = shell(checkout, "find_python; need_venv")
    assert done.returncode == 0, done.stderr
    return checkout


def stamps(folder):
    return sorted(path.name for path in (folder / ".venv" / "echodepth").iterdir())


def test_a_whole_environment_is_not_made_again(environment):
    assert shell(environment, "find_python; need_venv").stdout == ""


def test_an_environment_broken_off_is_made_whole(environment):
    (environment / ".venv" / "echodepth" / "made").unlink()
    shutil.rmtree(next((environment / ".venv" / "lib").glob("python*")) / "site-packages" / "pip")
    (environment / ".venv" / "echodepth" / "old.lock").touch()

    done = shell(environment, "find_python; need_venv; .venv/bin/python -m pip --version")

    assert done.returncode == 0, done.stderr
    assert stamps(environment) == ["made"]


def test_a_lock_is_installed_once_and_again_when_it_changes(environment):
    (environment / "a.lock").write_text("# nothing\n")
    install = 'need_lock a.lock "now"'

    assert "Installing" in shell(environment, install).stdout
    assert shell(environment, install).stdout == ""
    (environment / "a.lock").write_text("# nothing else\n")
    assert "Installing" in shell(environment, install).stdout


def test_an_installation_that_was_killed_costs_the_environment(environment):
    (environment / "a.lock").write_text("# nothing\n")
    half = next((environment / ".venv" / "lib").glob("python*")) / "site-packages" / "half_written"
    half.mkdir()
    (environment / ".venv" / "echodepth" / "a.lock").unlink(missing_ok=True)
    (environment / "sitecustomize.py").write_text("import os; os.kill(os.getppid(), 9)\n")

    killed = shell(environment, 'need_lock a.lock "now"', PYTHONPATH=str(environment))
    (environment / "sitecustomize.py").unlink()
    assert killed.returncode == -9

    done = shell(environment, 'find_python; need_venv; need_lock a.lock "now"')

    assert done.returncode == 0, done.stderr
    assert not half.exists()


def test_a_failed_install_leaves_no_stamp_of_any_lock(environment):
    (environment / "a.lock").write_text("# nothing\n")
    (environment / "b.lock").write_text(UNREACHABLE)
    shell(environment, 'need_lock a.lock "now"')

    failed = shell(environment, 'need_lock b.lock "now"')

    assert failed.returncode == 1
    assert "is the network there" in failed.stderr
    assert stamps(environment) == ["made"]
    assert "Installing" in shell(environment, 'need_lock a.lock "now"').stdout


def test_a_lock_stands_for_the_locks_it_contains(environment):
    (environment / "a.lock").write_text("# nothing\n")
    (environment / "b.lock").write_text("# nothing either\n")

    done = shell(environment, 'need_lock b.lock "now" a.lock; need_lock a.lock "again"')

    assert done.stdout.count("Installing") == 1


def test_without_a_python_that_is_new_enough_it_says_so(checkout):
    done = shell(checkout, "find_python", PATH="/nowhere")

    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr


@pytest.fixture
def debian():
    if not shutil.which("dpkg-query"):
        pytest.skip("this system has no Debian packages")


@pytest.mark.usefixtures("debian")
def test_who_is_not_root_gets_one_line_to_type(checkout):
    done = shell(checkout, "is_root() { false; }\nneed_packages dpkg no-such-package another-one")

    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("--no-install-recommends no-such-package another-one")
    assert "recommends dpkg" not in done.stderr


@pytest.mark.usefixtures("debian")
def test_all_that_is_missing_stands_on_one_line(tmp_path, checkout):
    shutil.copytree(checkout / "bin", tmp_path / "bin")
    without_ensurepip = "find_python() { python=bare_python; }\nbare_python() { "
    without_ensurepip += 'case $2 in *ensurepip*) return 1 ;; esac; python3 "$@"; }'
    missing = "is_root() { false; }\nmissing_packages() { printf '%s' \"$*\"; }"

    done = shell(tmp_path, f"{without_ensurepip}\n{missing}\nneed_system")

    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if "apt-get" in line]
    assert re.search(r"recommends python3\.\d+-venv libpango-1\.0-0 .*fonts-dejavu-core$", line)


@pytest.mark.usefixtures("debian")
def test_what_is_installed_is_not_asked_for(checkout):
    done = shell(checkout, "is_root() { false; }\nneed_packages dpkg")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [(["--help"], 0, "ECHODEPTH_BIND"), (["-h"], 0, "Ctrl-C"), (["start"], 1, "takes no arguments")],
)
def test_run_explains_itself_from_any_folder(arguments, code, words, tmp_path):
    done = subprocess.run(
        [BASE_DIR / "run", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=20
    )

    assert done.returncode == code
    assert words in done.stdout + done.stderr
