"""Calls functions inside an installation for a test: one line of JSON for each call and answer."""

import importlib
import json
import sys

import django

django.setup()


def main() -> None:
    """Answer calls until the other end goes away."""
    answers = sys.stdout
    # What a function prints is not an answer.
    sys.stdout = sys.stderr
    for line in sys.stdin:
        name, arguments = json.loads(line)
        module, _, function = name.partition(":")
        try:
            found = getattr(importlib.import_module(module), function)(**arguments)
            answer = ["answer", found]
        except Exception as error:
            answer = ["error", f"{type(error).__name__}: {error}"]
        answers.write(json.dumps(answer, default=str) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
