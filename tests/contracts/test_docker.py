"""What docker/ names exists: it cannot be built where the tests run; each command in it is one they run."""

import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from echodepth.env import BASE_DIR, VARIABLES
from tests.support.postgres import APPLICATION, OWNER, ROLES, find_programs, running
from tests.support.tree import files, shown

DOCKERFILE = (BASE_DIR / "docker/Dockerfile").read_text(encoding="utf-8")
COMPOSE = (BASE_DIR / "docker/compose.yaml").read_text(encoding="utf-8")
KNOWN = {variable.name for variable in VARIABLES}
SECRET = {variable.name for variable in VARIABLES if variable.secret}
TRACKED = {shown(path) for path in files()}
FOR_THE_REST = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
"""Variables of Python and the shell."""
RUN_BY = {
    "manage.py start": "tests/echodepth/management/commands/test_start.py",
    "manage.py web": "tests/analysis/management/commands/test_web.py",
    "manage.py worker": "tests/analysis/management/commands/test_worker.py",
    "manage.py migrate": "tests/echodepth/management/commands/test_migrate.py",
    "manage.py prepare_storage": "tests/echodepth/management/commands/test_prepare_storage.py",
    "manage.py collectstatic": "tests/analysis/management/commands/test_web.py",
    "-m analysis.facemodels": "tests/analysis/facemodels/test_main.py",
    "-m echodepth.healthcheck": "tests/analysis/management/commands/test_web.py",
}
"""Each command of ours in the files, and the test that runs it."""


def instructions(text):
    """Instruction and the rest, of each logical line of a Dockerfile."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    for line in filter(None, joined.splitlines()):
        word, _, rest = line.partition(" ")
        yield word, rest


def words_of(rest):
    """The words of a command, in either of the forms it may have; HEALTHCHECK's options left out."""
    rest = rest.partition("CMD ")[2] or rest
    return json.loads(rest) if rest.startswith("[") else shlex.split(rest)


def ours(words):
    """What of a shell line is ours, as `RUN_BY` names it."""
    for first, second in pairwise(words):
        if first == "manage.py" or (first == "-m" and second != "venv"):
            yield f"{first} {second}"


def of_the_image():
    return [
        command
        for word, rest in instructions(DOCKERFILE)
        if word in {"RUN", "CMD", "HEALTHCHECK"}
        for command in ours(words_of(rest))
    ]


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load(COMPOSE)["services"]


def of_services(services):
    return [command for facts in services.values() for command in ours(facts.get("command", []))]


def test_each_command_exists_and_is_run_by_another_test(services):
    commands = {*of_the_image(), *of_services(services)}

    assert commands == set(RUN_BY)
    for command, test in RUN_BY.items():
        kind, name = command.split()
        assert name in get_commands() if kind == "manage.py" else importlib.util.find_spec(name)
        said = (BASE_DIR / test).read_text(encoding="utf-8")
        assert name in said, command


def test_what_is_copied_into_the_image_is_tracked():
    copied = [
        words_of(rest)[:-1]
        for word, rest in instructions(DOCKERFILE)
        if word == "COPY" and "--from" not in rest
    ]
    sources = {source for words in copied for source in words}

    assert {"requirements.lock", "manage.py", "echodepth", "analysis"} <= sources
    for source in sources:
        assert source in TRACKED or any(path.startswith(f"{source}/") for path in TRACKED), source


def test_all_that_runs_is_copied_into_the_image():
    """Every package of ours, and every folder that the settings name."""
    text = " ".join(rest for word, rest in instructions(DOCKERFILE) if word == "COPY").split()
    packages = {path.split("/")[0] for path in TRACKED if re.fullmatch(r"\w+/__init__\.py", path)} - {"tests"}

    assert packages | {"templates", "static"} <= set(text)


def test_the_copied_files_are_enough_and_building_leaves_no_key(tmp_path):
    """The image's folder, made of tracked files alone, with the line of it that runs the product."""
    folders = [words_of(rest)[0] for word, rest in instructions(DOCKERFILE) if word == "COPY"]
    for path in TRACKED:
        if any(path == folder or path.startswith(f"{folder}/") for folder in folders):
            (tmp_path / "app" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(BASE_DIR / path, tmp_path / "app" / path)
    line = next(rest for word, rest in instructions(DOCKERFILE) if word == "RUN" and "manage.py" in rest)
    env = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "ECHODEPTH_DATA_FOLDER": str(tmp_path / "data"),
    }

    for command in (line, "python manage.py check --fail-level ERROR"):
        done = subprocess.run(
            ["sh", "-c", command], cwd=tmp_path / "app", env=env, capture_output=True, text=True, check=False
        )
        assert "Error" not in done.stderr, (command, done.stderr)
        if command == line:
            assert not (tmp_path / "data" / "secret-key").exists()
            assert (tmp_path / "data" / "static" / "staticfiles.json").exists()


def test_debian_packages_are_those_that_run_installs():
    line = next(
        rest for word, rest in instructions(DOCKERFILE) if word == "RUN" and "apt-get install" in rest
    )
    named = set(re.findall(r"(?<=\s)(?:lib|fonts-)[a-z0-9.-]+", line.partition("install")[2]))
    common = (BASE_DIR / "bin/common.sh").read_text(encoding="utf-8")
    needed = re.search(r"need_packages \$\(venv_package\) (?P<names>.+)", common)["names"].split()

    assert named == set(needed)


def assigned(text):
    """Names in ENV and before commands of RUN."""
    for word, rest in instructions(text):
        if word == "ENV":
            yield from re.findall(r"(\w+)=", rest)
        if word == "RUN":
            yield from re.findall(r"\b(ECHODEPTH_\w+)=", rest)


def test_each_variable_is_one_that_is_read(services):
    product = [facts for facts in services.values() if facts["image"].startswith("echodepth")]
    in_compose = {name for facts in product for name in facts["environment"]}

    assert set(assigned(DOCKERFILE)) - KNOWN == FOR_THE_REST
    assert in_compose - KNOWN == set()
    assert {"DATABASE_URL", "ECHODEPTH_SECRET_KEY", "ECHODEPTH_S3_BUCKET"} <= in_compose


def test_who_runs_it_reads_that_recordings_are_not_encrypted():
    """As long as the storage beside it is not asked to encrypt them."""
    chapter = (BASE_DIR / "docs/operating.md").read_text(encoding="utf-8").partition("## In containers")[2]
    told = chapter.partition("\n## ")[0]

    assert re.search(r"\$\{ECHODEPTH_S3_ENCRYPTION:-none\} +# .*encrypted", COMPOSE)
    assert "**Recordings are not encrypted by this**" in told
    assert {"`objects`", "`database`"} <= set(re.findall(r"`\w+`", told))


def test_the_owner_of_the_tables_is_told_to_the_migration_alone(services):
    told = {name for name, facts in services.items() if "OWNER_DATABASE" in json.dumps(facts)}

    assert told == {"migrate"}


def test_no_secret_stands_in_the_files(services):
    """Each comes from the environment, and a missing one stops the start."""
    secrets = {
        (name, variable): value
        for name, facts in services.items()
        for variable, value in facts.get("environment", {}).items()
        if variable in SECRET or "PASSWORD" in variable or "SECRET" in variable or "ACCESS_KEY" in variable
    }
    optional = {"ECHODEPTH_METRICS_TOKEN", "ECHODEPTH_EMAIL_PASSWORD"}

    assert len(secrets) > 10
    for (_name, variable), value in secrets.items():
        end = ":-}" if variable in optional else ":?}"
        assert re.search(r"\$\{\w+" + re.escape(end), value), variable
    env = " ".join(rest for word, rest in instructions(DOCKERFILE) if word in {"ENV", "ARG"})
    assert not [name for name in SECRET if name in env]


def test_the_image_makes_no_key_that_would_stay_in_it():
    for word, rest in instructions(DOCKERFILE):
        if word == "RUN" and "manage.py" in rest:
            assert "ECHODEPTH_SECRET_KEY=" in rest


def test_it_runs_as_nobody_special_and_says_how_it_is():
    words = [word for word, _rest in instructions(DOCKERFILE)]
    users = [rest for word, rest in instructions(DOCKERFILE) if word == "USER"]

    assert users == ["echodepth"]
    assert words.index("USER") < words.index("HEALTHCHECK") < words.index("CMD")


def images(services):
    yield from (facts["image"] for facts in services.values())
    yield from (rest.split()[0] for word, rest in instructions(DOCKERFILE) if word == "FROM")


def test_images_are_named_with_a_version(services):
    for image in images(services):
        assert re.search(r":(local$|[\w.-]*\d)", image), image
        assert not image.endswith("latest")


def test_mounted_files_and_services_waited_for_exist(services):
    for name, facts in services.items():
        for volume in facts.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert shown((BASE_DIR / "docker" / source).resolve()) in TRACKED, volume
        for other in facts.get("depends_on", []):
            assert other in services, name


def test_the_database_script_makes_what_the_product_connects_as(tmp_path):
    """The script of PostgreSQL's container, on a server without roles of ours."""
    with running() as server:
        admin = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGUSER": "postgres"}
        psql = [find_programs() / "psql", "-tA", "postgres"]
        drop = (
            f"DROP DATABASE echodepth; DROP ROLE {OWNER}; DROP ROLE {APPLICATION}; DROP ROLE echodepth_sweep"
        )

        def ask(sql, **more):
            done = subprocess.run(
                [*psql, *(part for one in sql.split(";") for part in ("-c", one))],
                env={"PATH": "/usr/bin:/bin"} | admin | more, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            return done.stdout.split()

        ask(drop)
        words = {"OWNER_PASSWORD": 'it\'s "one"', "APP_PASSWORD": "$two"}
        done = subprocess.run(
            [BASE_DIR / "docker/database.sh"], cwd=tmp_path, capture_output=True, text=True, check=False,
            env={"PATH": f"{Path(find_programs())}:/usr/bin:/bin", "ROLES": str(ROLES)} | admin | words,
        )  # fmt: skip

        assert done.returncode == 0, done.stderr
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'echodepth'"
        assert ask(owner) == [OWNER]
        roles = "SELECT rolname FROM pg_authid WHERE rolname LIKE 'echodepth%' AND NOT rolsuper ORDER BY 1"
        assert ask(roles) == [APPLICATION, "echodepth_door", OWNER, "echodepth_sweep"]
        passwords = (
            "SELECT count(*) FROM pg_authid WHERE rolpassword LIKE 'SCRAM%' AND rolname LIKE 'echodepth%'"
        )
        assert ask(passwords) == ["2"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("RUN python manage.py fly --high", ["manage.py fly"]),
        ('CMD ["python", "-m", "echodepth.nothing"]', ["-m echodepth.nothing"]),
        ("RUN A=b \\\n    python manage.py fly", ["manage.py fly"]),
        ('HEALTHCHECK --interval=1s CMD ["python", "manage.py", "fly"]', ["manage.py fly"]),
    ],
)
def test_commands_are_found_in_each_form(line, found):
    assert [command for _word, rest in instructions(line) for command in ours(words_of(rest))] == found
