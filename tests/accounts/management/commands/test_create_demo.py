from django.core.management import call_command

from accounts.domain.people import DEMO_EMAIL
from accounts.models import User


def test_the_password_is_printed_once(db, capsys):
    call_command("create_demo")
    first = capsys.readouterr().out
    call_command("create_demo")

    password = first.split("password", 1)[1].split()[0]
    assert DEMO_EMAIL in first
    assert User.objects.get().check_password(password)
    assert capsys.readouterr().out == ""
