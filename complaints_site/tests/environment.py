"""The environment of the tests, set before the settings are read."""

import os
import tempfile

_FOLDER = tempfile.mkdtemp(prefix="complaints-tests-")

os.environ.update(
    {
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "only-for-tests-" + "x" * 50,
        "DEMONSTRATION": "true",
        "PUBLIC_BASE_URL": "http://127.0.0.1",
        "DATA_DIR": os.environ.get("TEST_DATA_DIR", _FOLDER),
        "EMAIL_URL": "memorymail://",
        "REDIS_URL": "",
        "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
        "LOG_LEVEL": "WARNING",
    }
)
# Another database is asked for with TEST_DATABASE_URL; nothing of the person's own is used.
os.environ["DATABASE_URL"] = os.environ.get(
    "TEST_DATABASE_URL", f"sqlite:///{os.environ['DATA_DIR']}/db.sqlite3"
)
# Where collectstatic would put the style sheets; the server warns when it is not there.
os.makedirs(os.path.join(os.environ["DATA_DIR"], "static"), exist_ok=True)
