"""Settings of the tests: a data folder of their own, static files without a manifest, quick passwords."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "ECHODEPTH_DATA_FOLDER" not in os.environ:
    os.environ["ECHODEPTH_DATA_FOLDER"] = tempfile.mkdtemp(prefix="echodepth-test-")
    atexit.register(shutil.rmtree, os.environ["ECHODEPTH_DATA_FOLDER"], ignore_errors=True)

if process := os.environ.get("PYTEST_XDIST_WORKER"):  # of several, each has a folder of its own
    os.environ["ECHODEPTH_DATA_FOLDER"] += f"/{process}"

from echodepth.settings import *  # noqa: F403 - the folder must be named before the settings are read

STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns about a folder that is not there
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# In memory: tests without a database clear it too. The shared one has tests of its own.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
