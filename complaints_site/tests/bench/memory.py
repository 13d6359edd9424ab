"""How much memory a worker holds, and whether it grows."""

from collections.abc import Sequence

from complaints_site.tests.bench.measures import Figure, Goal
from complaints_site.tests.bench.pages import Opened, session_of
from complaints_site.tests.bench.serving import Browser, Server

MOST = Goal(most=120)
# What may come and go: the allocator keeps some of what it once had.
FLAT = Goal(most=2)
ROUNDS = 4


def held_by(process: int) -> float:
    """Return the memory that a process holds, in MiB."""
    with open(f"/proc/{process}/status") as told:
        [line] = [each for each in told if each.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


def measure(server: Server, pages: Sequence[Opened], *, times: int) -> list[Figure]:
    """Return what a worker holds after every page was opened often, and how much it still grew."""
    if not server.workers:
        return []
    cookies = {person: session_of(person) for person in {page.person for page in pages}}
    held = []
    for _ in range(ROUNDS):
        for number in range(times):
            page = pages[number % len(pages)]
            # A connection of its own, so that both workers have their share.
            Browser(server.port, cookies[page.person]).open(page.path)
        held.append(max(held_by(worker) for worker in server.workers))
    requests = ROUNDS * times
    return [
        Figure(f"memory of a worker after {requests:,} pages", held[-1], "MiB", goal=MOST),
        Figure(f"its growth over the last {requests // 2:,}", held[-1] - held[1], "MiB", goal=FLAT),
    ]
