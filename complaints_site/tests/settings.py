"""The site's own settings, read from the environment of the tests."""

import complaints_site.tests.environment  # noqa: F401  sets the environment that is read next
from complaints_site.settings import *  # noqa: F403

# Hashing well takes time that no test needs.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
