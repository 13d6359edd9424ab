"""Where the server may call when an administrator names an address: nowhere but outside (P22)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

LONGEST_ADDRESS = 300
_HOST = re.compile(
    r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_PATH = re.compile(r"(/[A-Za-z0-9._~!$&'()*+,;=:@%-]*)*(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?")
# Networks of IPv6 in whose addresses one of IPv4 is written: what lies behind them is not seen.
_WITH_V4_IN_THEM = tuple(
    IPv6Network(each)
    for each in (
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
    )
)


@dataclass(frozen=True, slots=True)
class Outside:
    """An address to call: the host as it stands in the list, the port, and the rest."""

    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """Return the whole address."""
        port = "" if self.port == 443 else f":{self.port}"
        return f"https://{self.host}{port}{self.path}"


def read_host(text: str) -> tuple[str, int] | None:
    """Return the host and port of a line of the list, such as hooks.example.org or a.org:8443.

    Nothing for what is no name on the internet: an address in numbers, a name without a dot.
    """
    host, colon, port = text.lower().partition(":")
    if not _HOST.fullmatch(host):
        return None
    if not colon:
        return host, 443
    is_port = port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65_536
    return (host, int(port)) if is_port else None


def read_outside(text: str, allowed: Collection[tuple[str, int]]) -> Outside | None:
    """Return an address that may be called, or nothing: https, to a host and port of the list.

    Exactly as it is written, without a name or password before the host and without a fragment.
    """
    if len(text) > LONGEST_ADDRESS or not text.startswith("https://"):
        return None
    place, slash, rest = text.removeprefix("https://").partition("/")
    found = read_host(place) if place == place.lower() else None
    path = f"/{rest}" if slash else "/"
    if found is None or found not in allowed or not _PATH.fullmatch(path):
        return None
    # Whoever connects reads it as we do.
    parts = urlsplit(text)
    if (parts.hostname, parts.port or 443) != found:
        return None
    return Outside(*found, path)


def is_public(text: str) -> bool:
    """Say whether an address in numbers is one of the public internet.

    Not this machine, a private or a shared network, a link, a group, nor one of IPv6 with one of
    IPv4 in it, behind which any of these may be.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return _is_public_v6(address) if isinstance(address, IPv6Address) else _is_public_v4(address)


def _is_public_v4(address: IPv4Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id or any(address in network for network in _WITH_V4_IN_THEM):
        return False
    closed = address.is_multicast or address.is_reserved or address.is_site_local
    return address.is_global and not closed
