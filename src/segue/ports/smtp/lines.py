"""Lines to mail servers, kept open from one letter to the next.

Opening one costs a handshake and a login, which for letters to thousands is most of the time. And taking it
down before a letter is noted as sent would lengthen the moment in which a process may die with the server's
yes and no note of it, after which the letter goes out a second time.
"""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

LIFE_S = 30.0  # less than servers wait for a silent client

Server = TypeVar("Server", bound=Hashable)


@dataclass(eq=False)
class _Line:
    connection: smtplib.SMTP
    is_over: bool = False  # its time is over, or it broke


class Lines(Generic[Server]):
    """At most one idle line to each server; a thread that finds it taken opens one of its own."""

    def __init__(self, connect: Callable[[Server], smtplib.SMTP], *, life_s: float = LIFE_S) -> None:
        self._connect = connect
        self._life_s = life_s
        self._lock = threading.Lock()
        self._idle: dict[Server, _Line] = {}

    @contextmanager
    def to(self, server: Server) -> Iterator[smtplib.SMTP]:
        """Lend a line to a server. One on which anything failed is hung up, and what failed is raised."""
        with self._lock:
            line = self._idle.pop(server, None)
        if line is None or not _answers(line.connection):
            line = self._opened(server)
        try:
            yield line.connection
        except BaseException:
            line.is_over = True
            line.connection.close()
            raise
        self._give_back(server, line)

    def _opened(self, server: Server) -> _Line:
        line = _Line(self._connect(server))
        end = threading.Timer(self._life_s, self._end, (server, line))
        end.daemon = True
        end.start()
        return line

    def _give_back(self, server: Server, line: _Line) -> None:
        with self._lock:
            if not line.is_over and server not in self._idle:
                self._idle[server] = line
                return
        _hang_up(line.connection)

    def _end(self, server: Server, line: _Line) -> None:
        """Hang up when its time is over; one in use is hung up by whoever gives it back."""
        with self._lock:
            line.is_over = True
            if self._idle.get(server) is not line:
                return
            del self._idle[server]
        _hang_up(line.connection)


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        fine = connection.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        fine = False
    if not fine:
        connection.close()
    return fine


def _hang_up(connection: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):
        connection.quit()
