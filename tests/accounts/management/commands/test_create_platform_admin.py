import pytest
from django.core.management import CommandError, call_command

from accounts.enums import PlatformRole
from accounts.management.commands import create_platform_admin
from accounts.models import User
from tests.factories import UserFactory


class Terminal:
    @staticmethod
    def isatty():
        return True


@pytest.fixture
def type_in(monkeypatch):
    """A terminal at which these answers are typed: getpass reads the real one, which a test has not."""

    def answers(*words):
        typed = iter(words)
        monkeypatch.setattr(create_platform_admin.sys, "stdin", Terminal())
        monkeypatch.setattr(create_platform_admin, "getpass", lambda _prompt: next(typed))

    return answers


def test_a_generated_password_is_printed(db, capsys):
    call_command("create_platform_admin", "Admin@Example.org", generate=True)

    said = capsys.readouterr().out
    password = said.split()[-1]
    user = User.objects.get(email="admin@example.org")
    assert user.is_platform_admin
    assert user.check_password(password)
    assert user.emailaddress_set.get().verified
    assert "admin@example.org works for the platform now (Platform admin)" in said
    assert "http://127.0.0.1:8000/platform/" in said


@pytest.mark.parametrize(
    ("role", "page"), [("sales", "desk"), ("support", "platform"), ("admin", "platform")]
)
def test_everybody_of_the_platform_is_made_so(db, capsys, role, page):
    call_command("create_platform_admin", "ada@example.org", generate=True, role=role)

    assert User.objects.get().platform_role == role
    said = capsys.readouterr().out
    assert f"({PlatformRole(role).label})" in said
    assert f"http://127.0.0.1:8000/{page}/" in said


def test_nobody_is_made_who_works_for_nobody(db):
    for role in ("owner", "none", ""):
        with pytest.raises(CommandError, match="invalid choice"):
            call_command("create_platform_admin", "ada@example.org", "--generate", f"--role={role}")
    assert not User.objects.exists()


def test_a_typed_password_is_not_printed(db, capsys, type_in):
    type_in("a quiet harbour at noon", "a quiet harbour at noon")

    call_command("create_platform_admin", "admin@example.org")

    assert User.objects.get().check_password("a quiet harbour at noon")
    assert "quiet" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "why"),
    [(("one long password", "another password"), "differ"), (("short", "short"), "too short")],
)
def test_a_bad_password_makes_nothing(db, type_in, words, why):
    type_in(*words)

    with pytest.raises(CommandError, match=why):
        call_command("create_platform_admin", "admin@example.org")

    assert not User.objects.exists()


def test_address_must_be_free_and_an_address(db):
    UserFactory(email="taken@example.org")

    with pytest.raises(CommandError, match="has an account already"):
        call_command("create_platform_admin", "TAKEN@example.org", generate=True)
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("create_platform_admin", "taken", generate=True)
    assert User.objects.count() == 1
