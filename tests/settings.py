"""Settings of the test suite: the product's own, in its own environment, with a cheap password hasher."""

import os

os.environ["NEWSROOM_ENV"] = "test"
os.environ.setdefault("NEWSROOM_IMPORT_WORKERS", "1")

from newsroom.settings import *  # noqa: F403 - the environment has to be set before the settings are read

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
