"""Bring a catalogue up to date with the pages, and compile it.

    python -m complaints_site.tests.catalogue cy

What is new in the pages is added with an empty translation, what is gone is left out. It never
translates anything: that is for people. A catalogue that does not exist yet is begun.
"""

import os
import sys

import django


def main(tag: str) -> None:
    """Refresh one catalogue, and say what has to be translated."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "complaints_site.tests.settings"
    django.setup()
    # What reads the pages needs the site to be set up first.
    from complaints_site.tests.catalogue import files, words

    catalogue = files.refreshed(files.read(tag), words.every_word())
    files.write(tag, catalogue)
    told = f"{len(catalogue)} entries, {len(files.empty(catalogue))} of them not translated.\n"
    sys.stdout.write(told)


if __name__ == "__main__":
    main(sys.argv[1])
