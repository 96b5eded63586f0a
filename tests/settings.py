"""Settings of the tests: a data folder of their own, static files without a manifest, quick passwords."""

import os
import tempfile

os.environ.setdefault("ECHODEPTH_DATA_FOLDER", tempfile.mkdtemp(prefix="echodepth-test-"))

from echodepth.settings import *  # noqa: F403 - the folder must be named before the settings are read

STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
