"""Writes the settings of a first run: a demonstration with a secret key of its own."""

import os
import secrets
import sys
from pathlib import Path

WORDS = """# Written by the first `make run`. A demonstration: plain HTTP on this machine only, with
# invented people and complaints. `.env.example` explains every setting.
SECRET_KEY={key}
DEMONSTRATION=true
# Letters and texts for a provider outside are written to files in var/provider/.
PROVIDER=files
"""


def env_file() -> Path:
    """Return the file of settings: the one that ENV_FILE names, as for the settings themselves."""
    here = Path(__file__).resolve().parent.parent / ".env"
    return Path(os.environ.get("ENV_FILE") or here)


def main() -> int:
    """Write the file if there is none; refuse to demonstrate with those of a real landlord."""
    file = env_file()
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(WORDS.format(key=secrets.token_urlsafe(50)), encoding="utf-8")
        return 0
    lines = file.read_text(encoding="utf-8").splitlines()
    if not any(line.strip().lower() == "demonstration=true" for line in lines):
        sys.stderr.write(
            f"{file.name} belongs to an installation that is not a demonstration. Start that one "
            f"as docs/operators.md says, or move {file.name} away to see the demonstration.\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
