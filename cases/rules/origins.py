"""Websites that may show the small form in a frame: each by its origin, such as https://a.org."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

MOST_ORIGINS = 20
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})+")


def read_origin(text: str) -> str:
    """Return the origin in what somebody wrote, or nothing if it is none.

    The address of a page will do; what comes after the host means nothing here. Only secure
    websites are taken, but for one that runs on this machine.
    """
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    is_here = _is_this_machine(host)
    if parts.scheme not in (("https", "http") if is_here else ("https",)) or parts.username:
        return ""
    if not is_here and not _HOST.fullmatch(host):
        return ""
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.version == 4 and address.is_loopback


def read_origins(text: str) -> tuple[list[str], list[str]]:
    """Return the origins that lines of text name, each once, and the lines that name none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    read = [(line, read_origin(line)) for line in lines]
    wrong = [line for line, origin in read if not origin]
    return list(dict.fromkeys(origin for _, origin in read if origin)), wrong
