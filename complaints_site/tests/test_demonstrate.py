"""What `make run` starts: everything in one command, and nothing of it afterwards."""

import os
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from complaints_site.demonstration.people import PASSWORD
from complaints_site.tests.installation import ROOT, wait_until
from complaints_site.tests.servers import free_port

pytestmark = [pytest.mark.servers, pytest.mark.one_database]
ADDRESS = "127.0.0.1"


def processes_of(site):
    """Return the ids of every process that runs with the settings of this installation."""
    mark = f"DATA_DIR={site.folder}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def start(site, port):
    """Start the demonstration and wait until it says that it is ready."""
    process = site.python(str(ROOT / "manage.py"), "demonstrate", "--port", str(port))
    ready = f"Ready: http://{ADDRESS}:{port}/"
    wait_until(lambda: ready in site.said() or process.poll() is not None, seconds=240)
    assert site.said().rstrip().endswith(ready), site.said()
    return process


def stop(process):
    """Press Ctrl-C."""
    os.kill(process.pid, signal.SIGINT)
    process.wait(60)


def test_one_command_serves_and_works_and_leaves_nothing_behind(install):
    site = install(database="sqlite", ALLOWED_HOSTS=ADDRESS)
    port = free_port()

    process = start(site, port)
    told = site.said()
    with urllib.request.urlopen(f"http://{ADDRESS}:{port}/let-us-know/", timeout=60) as page:
        assert "Harbourside Homes" in page.read().decode()
    wait_until(lambda: site.rows("SELECT 1 FROM cases_job WHERE name = 'deliver messages'"))
    assert len(processes_of(site)) >= 3
    complaints = site.rows("SELECT COUNT(*) FROM cases_complaint")
    refused = site.manage("demonstrate", "--port", str(port), check=False)
    stop(process)

    assert f"the password is {PASSWORD}" in told
    assert told.count("@harbourside.example") == 12
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert f"Port {port} is in use" in refused.stderr
    wait_until(lambda: processes_of(site) == [])
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind((ADDRESS, port))

    (site.folder / "log").unlink()
    again = start(site, port)
    assert "Inventing" not in site.said()
    assert site.rows("SELECT COUNT(*) FROM cases_complaint") == complaints
    stop(again)
    wait_until(lambda: processes_of(site) == [])
