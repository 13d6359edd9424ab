"""What is loaded late."""

import subprocess
import sys

import pytest

from cases.later import Later

SERVING = """
import sys
import complaints_site.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(sorted({"PIL.Image", "celery", "pypdf", "typst"} & set(sys.modules)))
"""


@pytest.mark.one_database
def test_a_process_that_serves_pages_loads_neither_the_worker_nor_what_makes_papers():
    done = subprocess.run(
        [sys.executable, "-c", SERVING], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


@pytest.mark.one_database
def test_a_module_is_loaded_when_something_of_it_is_used():
    code = (
        "import sys; from cases.later import Later; it = Later('colorsys');"
        "print('colorsys' in sys.modules); it.rgb_to_hls; print('colorsys' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\nTrue\n"


def test_a_module_that_is_not_installed_is_missed_at_once():
    with pytest.raises(ModuleNotFoundError):
        Later("not_installed")
