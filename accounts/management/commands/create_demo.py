"""`manage.py create_demo`: run at every start of the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.domain.people import DEMO_EMAIL, create_demo, generate_password


class Command(BaseCommand):
    help = "Make the demonstration's organisation, owner, project and subject, once."

    def handle(self, *_args: Any, **_options: Any) -> None:
        password = generate_password()
        if create_demo(password) is None:
            return
        self.stdout.write(_("The demonstration is ready. Sign in with"))
        self.stdout.write(_("  e-mail address  %(email)s") % {"email": DEMO_EMAIL})
        self.stdout.write(_("  password        %(password)s") % {"password": password})
        self.stdout.write(_("The password is shown this once. “Forgot your password?” gives a new one."))
