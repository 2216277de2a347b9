"""What an endpoint's address must not be: anything that only we can reach."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engage.webhooks import NotDelivered
from segue.ports.webhooks.addresses import can_lead_outside, is_outside, target_of

pytestmark = pytest.mark.enable_socket  # to look names up; nothing is connected to
INSIDE = frozenset[str]()
REFUSED = [
    "https://127.0.0.1/",
    "https://127.8.9.1/",
    "https://localhost/",
    "https://0.0.0.0/",
    "https://10.1.2.3/",
    "https://172.16.0.9/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://100.100.100.200/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[fe80::1]/",
    "https://[fd00:ec2::254]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[ff02::1]/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "http://93.184.216.34/",
    "https://93.184.216.34:22/",
    "https://93.184.216.34:5432/",
    "ftp://93.184.216.34/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/",
    "https:///nowhere",
    "https://93.184.216.34:99999/",
]


NEEDS_A_LOOK_UP = ("2130706433", "0x7f000001", "0177", "127.1/")  # as a resolver reads them


@pytest.mark.parametrize("url", [url for url in REFUSED if not any(odd in url for odd in NEEDS_A_LOOK_UP)])
def test_whoever_types_an_address_inside_hears_so_at_once(url: str) -> None:
    assert not can_lead_outside(url, inside=INSIDE)


def test_what_may_lead_outside_is_taken_without_asking_anybody() -> None:
    assert can_lead_outside("https://hooks.never.example/in?a=1", inside=INSIDE)
    assert can_lead_outside("https://93.184.216.34:8443/", inside=INSIDE)
    assert can_lead_outside("http://127.0.0.1:9000/", inside=frozenset({"127.0.0.1:9000"}))


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_inside_is_refused(url: str) -> None:
    with pytest.raises(NotDelivered) as refused:
        target_of(url, inside=INSIDE)
    assert refused.value.refused or "no address" in str(refused.value)


def test_a_public_address_is_spoken_to() -> None:
    found = target_of("https://93.184.216.34/hook?a=b", inside=INSIDE)
    assert (found.address, found.port, found.path) == ("93.184.216.34", 443, "/hook?a=b")


def test_what_the_employer_allows_is_spoken_to_inside_and_no_other_port() -> None:
    inside = frozenset({"127.0.0.1:9000"})
    assert target_of("http://127.0.0.1:9000/x", inside=inside).address == "127.0.0.1"
    with pytest.raises(NotDelivered):
        target_of("http://127.0.0.1:9001/x", inside=inside)


def _answering(*addresses: str) -> Any:
    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    return look_up


def test_one_inner_address_among_many_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _answering("93.184.216.34", "10.0.0.1"))
    with pytest.raises(NotDelivered, match="not outside"):
        target_of("https://hooks.example/", inside=INSIDE)


def test_a_name_that_changes_its_mind_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the second look-up would lead inside, but there is none: the judged address is used."""
    asked = []

    def rebinding(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return _answering("93.184.216.34" if len(asked) == 1 else "127.0.0.1")(host, port)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    target = target_of("https://hooks.example/", inside=INSIDE)
    assert (target.address, asked) == ("93.184.216.34", ["hooks.example"])


@given(st.integers(0, 2**32 - 1))
def test_an_ipv6_address_that_carries_an_inner_one_is_inside(number: int) -> None:
    plain = ipaddress.IPv4Address(number)
    carriers = [
        ipaddress.IPv6Address(0xFFFF << 32 | number),
        ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | number),
        ipaddress.IPv6Address(0x2002 << 112 | number << 80),
    ]
    for carrier in carriers:
        assert is_outside(carrier) == is_outside(plain)
