"""Where very many applications come from: one address, or one network. They are held, never refused."""

from __future__ import annotations

import ipaddress

from segue.kit.errors import TooMany
from segue.kit.ratelimit import knock, knocks_so_far

HOUR_S = 3600
FROM_ADDRESS, FROM_NETWORK = 20, 60  # an hour; beyond it a form asks the browser for a sum first
HARD_LIMIT = 500  # beyond it, from one network, nothing is taken for an hour: the server must go on answering


def is_crowd(ip: str) -> bool:
    """Count one application from here; say whether there are very many. Raises TooMany past 500 an hour."""
    network = network_of(ip)
    left = knock("apply.network", network, limit=HARD_LIMIT, per_s=HOUR_S).left
    try:
        knock("apply.ip", ip, limit=FROM_ADDRESS, per_s=HOUR_S)
    except TooMany:
        return True
    return HARD_LIMIT - left > FROM_NETWORK


def looks_crowded(ip: str) -> bool:
    """Say the same without counting: whether a form that is shown now should ask for the sum."""
    return (
        knocks_so_far("apply.ip", ip, per_s=HOUR_S) >= FROM_ADDRESS
        or knocks_so_far("apply.network", network_of(ip), per_s=HOUR_S) >= FROM_NETWORK
    )


def network_of(ip: str) -> str:
    """Return the network an address belongs to: /24, or /48 for IPv6; what is no address stays as it is.

    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2::3"), network_of("")
    ('192.0.2.0/24', '2001:db8:1::/48', '')
    """
    try:
        found = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    size = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network(f"{ip}/{size}", strict=False))
