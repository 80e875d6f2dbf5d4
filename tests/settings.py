"""The product's own settings with a data folder of its own; loopback is allowed: servers under test are here."""

import os
import tempfile

os.environ["DISKARTE_DATA"] = tempfile.mkdtemp(prefix="diskarte-test-")
os.environ["DISKARTE_ENV"] = "/nonexistent"
os.environ["DISKARTE_ALLOW_LOOPBACK"] = "true"
if os.environ.get("DISKARTE_TEST_POSTGRES"):
    os.environ["DATABASE_URL"] = os.environ["DISKARTE_TEST_POSTGRES"]

from diskarte.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = ["tests.one_at_a_time.OneAtATime", *MIDDLEWARE]  # noqa: F405
