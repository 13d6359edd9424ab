"""Writes the settings of a first run: a demonstration with a secret key of its own."""

import secrets
import sys
from pathlib import Path

ENV_FILE = Path(__file__).resolve().parent.parent / ".env"
WORDS = """# Written by the first `make run`. A demonstration: plain HTTP on this machine only, with
# invented people and complaints. `.env.example` explains every setting.
SECRET_KEY={key}
DEMONSTRATION=true
"""


def main() -> int:
    """Write .env if there is none; refuse to demonstrate with the settings of a real landlord."""
    if not ENV_FILE.exists():
        ENV_FILE.write_text(WORDS.format(key=secrets.token_urlsafe(50)), encoding="utf-8")
        ENV_FILE.chmod(0o600)
        return 0
    lines = ENV_FILE.read_text(encoding="utf-8").splitlines()
    if not any(line.strip().lower() == "demonstration=true" for line in lines):
        sys.stderr.write(
            ".env belongs to an installation that is not a demonstration. Start that one as "
            "docs/operators.md says, or move .env away to see the demonstration.\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
