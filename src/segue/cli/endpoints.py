"""Where we listen: refusing a port somebody has, saying the address, asking whether it answers."""

from __future__ import annotations

import errno
import http.client
import socket
import time
from collections.abc import Callable

from segue.cli.supervisor import ChildFailed
from segue.kit.errors import SegueError

READY_TIMEOUT_S = 120
PORT_PATIENCE_S = 2.0  # what we ran a moment ago may still be letting go of it
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not bound to


class PortTaken(SegueError):
    """Another program listens where we were to."""

    code = "port_taken"


def address(host: str, port: int) -> str:
    host = "127.0.0.1" if host in EVERYWHERE else host
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def refuse_taken_port(host: str, port: int, *, option: str = "--port") -> None:
    """Raise PortTaken, with another port to try, before anything slow has been done."""
    deadline = time.monotonic() + PORT_PATIENCE_S
    while (error := _bind_error(host, port)) is not None:
        if error.errno != errno.EADDRINUSE:
            raise PortTaken(
                f"Cannot listen on {host}, port {port}: {error.strerror}.",
                field="port",
                remedy=f"Choose another with {option} (above 1023) or --host.",
            )
        if time.monotonic() > deadline:
            raise PortTaken(
                f"Port {port} is taken by another program.",
                field="port",
                remedy=f"Stop that program, or choose another port: {option} {_free_port(host)}.",
            )
        time.sleep(0.1)


def within(name: str, is_ready: Callable[[], bool]) -> Callable[[], bool]:
    """Return a question that raises ChildFailed when its answer has been no for too long."""
    deadline = time.monotonic() + READY_TIMEOUT_S

    def asked() -> bool:
        if time.monotonic() > deadline:
            raise ChildFailed(
                f"The {name} did not get ready in {READY_TIMEOUT_S} s.",
                field=name,
                remedy="Look at /readyz and into its log; segue check may tell more.",
            )
        return is_ready()

    return asked


def answers_ready(host: str, port: int) -> bool:
    host = "127.0.0.1" if host in EVERYWHERE else host
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _bind_error(host: str, port: int) -> OSError | None:
    """Try the port as granian would, but without sharing it: two servers may otherwise split its visitors."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            return error
    return None


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
