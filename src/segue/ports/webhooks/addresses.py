"""Which addresses may be spoken to. Somebody who names an endpoint must not reach what only we can reach.

A name is looked up once, every address it has is judged, and the connection goes to a judged address: a name
that answers differently the second time (DNS rebinding) is not asked a second time.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from segue.engage.webhooks import NotDelivered

PORTS = frozenset({443, 8443})
_EMBEDDED = (
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64: the IPv4 address is the last 32 bits
    (ipaddress.IPv6Network("::/96"), 0),  # IPv4-compatible, long deprecated
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4: bits 16 to 47
)
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect, and what to ask for there."""

    scheme: str
    host: str
    port: int
    address: str  # the one that was judged
    path: str


def target_of(url: str, *, inside: frozenset[str]) -> Target:
    """Return where a URL leads, if it may be spoken to.

    `inside` are hosts ("hooks.internal" or "127.0.0.1:9000") the employer allows whatever they are. Raises
    NotDelivered, with `refused` for an address that must not be spoken to.
    """
    parts, host, port, allowed = _read(url, inside)
    found = _looked_up(host, port)
    if not allowed:
        for address in found:
            if not is_outside(address):
                raise NotDelivered(f"{host} leads to {address}, which is not outside.", refused=True)
    path = parts.path or "/"
    return Target(parts.scheme, host, port, str(found[0]), f"{path}?{parts.query}" if parts.query else path)


def can_lead_outside(url: str, *, inside: frozenset[str]) -> bool:
    """Say, as far as the URL alone tells, whether it may be spoken to: a name is not looked up for that.

    Somebody who types an address hears at once that nothing will ever be sent there.
    """
    try:
        _parts, host, _port, allowed = _read(url, inside)
    except NotDelivered:
        return False
    if allowed:
        return True
    try:
        return is_outside(ipaddress.ip_address(host))
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")  # RFC 6761


def _read(url: str, inside: frozenset[str]) -> tuple[SplitResult, str, int, bool]:
    """Return a URL's parts, its host and port, and whether the employer allows it whatever it is."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise NotDelivered("This is not an address.", refused=True) from None
    host = (parts.hostname or "").rstrip(".").lower()
    allowed = host in inside or f"{host}:{port}" in inside
    if parts.scheme not in {"https", "http"} or not host:
        raise NotDelivered("Only web addresses are sent to.", refused=True)
    if not allowed and (parts.scheme != "https" or port not in PORTS):
        raise NotDelivered("Only https is sent to, on port 443 or 8443.", refused=True)
    return parts, host, port, allowed


def is_outside(address: IPAddress) -> bool:
    """Say whether an address is a public host's: none of ours, nobody's in particular, nor a crowd's.

    Refused are loopback, private, link-local (with the clouds' metadata service), carrier-grade NAT,
    multicast, reserved and unspecified ones, and IPv6 addresses that carry such an IPv4 address.
    """
    carried = _carried(address)
    if carried is not None:
        return is_outside(carried)
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_loopback or address.is_unspecified
    )


def _carried(address: IPAddress) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    for network, shift in _EMBEDDED:
        if address in network:
            return ipaddress.IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return None


def _looked_up(host: str, port: int) -> list[IPAddress]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDelivered(f"{host} has no address.") from None
    return [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
