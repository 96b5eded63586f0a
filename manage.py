#!/usr/bin/env python
"""Django's command line for EchoDepth."""

import os
import sys

from django.core.management import execute_from_command_line

from echodepth.env import SettingError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "echodepth.settings")
    try:
        execute_from_command_line(sys.argv)
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
