"""The site's own settings, read from the environment of the tests."""

import complaints_site.tests.environment  # noqa: F401  sets the environment that is read next
from complaints_site.settings import *  # noqa: F403
