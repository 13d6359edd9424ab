"""The site's own settings, read from the environment of the tests."""

import os

import complaints_site.tests.environment  # noqa: F401  sets the environment that is read next
from complaints_site.settings import *  # noqa: F403
from complaints_site.settings import DATABASES
from complaints_site.tests.migrated import MIGRATED

# Hashing well takes time that no test needs.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A database that was migrated for all workers of the suite is copied: its tables are there.
if _migrated := os.environ.get(MIGRATED):
    DATABASES["default"]["TEST"] = {"MIGRATE": False}
    if _migrated.startswith("postgresql"):
        DATABASES["default"]["TEST"]["TEMPLATE"] = _migrated.rsplit("/", 1)[-1]
