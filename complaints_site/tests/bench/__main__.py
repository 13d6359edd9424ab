"""Times, queries and bytes of the site with many complaints, beside floors of the same run.

    python -m complaints_site.tests.bench [SIZE …] [--times N]

A SIZE is a number of complaints, such as 1k, 10k, 100k (these unless others are given) or 1m.
Each page is opened N times. PostgreSQL and Redis are started for it, and stopped.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack

from complaints_site.tests.bench.serving import HOST
from complaints_site.tests.servers import NotInstalled, postgresql, redis_server

USUAL = ("1k", "10k", "100k")
FACTORS = {"k": 1_000, "m": 1_000_000}
TIMES = 40
# Of what a small server has; everything else as PostgreSQL comes, so commits reach the disk.
POSTGRESQL = ("shared_buffers='1GB'", "max_wal_size='4GB'", "random_page_cost=1.1")


def size(text: str) -> int:
    """Return the number of complaints that the words name: "10k" are 10,000.

    :raises ValueError: if they name none.
    """
    factor = FACTORS.get(text[-1:].lower(), 1)
    count = int(text if factor == 1 else text[:-1]) * factor
    if count < 1:
        raise ValueError("There is nothing to measure without complaints.")
    return count


def environment(folder: str, database: str, broker: str) -> dict[str, str]:
    """Return the environment of a production installation of the bench's own."""
    # As in the image, where all is compiled before it starts: what a process compiles itself stays
    # in its memory.
    own = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {
        **own,
        "DJANGO_SETTINGS_MODULE": "complaints_site.tests.bench.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "only-for-the-bench-" + "x" * 50,
        "DEBUG": "false",
        "DEMONSTRATION": "false",
        "ALLOWED_HOSTS": HOST,
        "PUBLIC_BASE_URL": f"https://{HOST}",
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "DATA_DIR": folder,
        "EMAIL_URL": "dummymail://",
        "MAIL_STAYS_HERE": "true",
        "LOG_LEVEL": "ERROR",
    }


def measure(count: int, *, times: int) -> int:
    """Measure with one number of complaints and return 0 if that could be done."""
    with ExitStack() as running:
        database = running.enter_context(postgresql(*POSTGRESQL))
        broker = running.enter_context(redis_server())
        folder = running.enter_context(tempfile.TemporaryDirectory(prefix="complaints-bench-"))
        return subprocess.run(
            [sys.executable, "-m", "complaints_site.tests.bench.one_size", str(count), str(times)],
            env=environment(folder, database.url, broker.url),
            check=False,
        ).returncode


def main(arguments: Sequence[str]) -> int:
    """Measure with each of the sizes asked for."""
    parser = argparse.ArgumentParser(prog="bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=size, metavar="SIZE")
    parser.add_argument("--times", type=int, default=TIMES)
    asked = parser.parse_args(arguments)
    sys.stdout.write(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}\n"
    )
    sys.stdout.flush()
    sizes = asked.sizes or [size(each) for each in USUAL]
    codes = [measure(count, times=asked.times) for count in sizes]
    return max(codes)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except NotInstalled as missing:
        sys.stderr.write(f"{missing}\n")
        sys.exit(3)
