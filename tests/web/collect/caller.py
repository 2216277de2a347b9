"""A plain HTTP caller, and the ways to say something odd on a socket."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import socket
from base64 import b64encode
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
HOST = "127.0.0.1"
PATIENCE_S = 60


@dataclass(frozen=True)
class Answer:
    """Status, headers (lower case) and body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def code(self) -> tuple[int, str]:
        return self.status, str(self.said.get("code", ""))


YES = (200, b'{"success":true}')


@dataclass(frozen=True)
class Caller:
    port: int

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE_S)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body or None, headers=sent)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def post(self, path: str, said: object, key: str = "", **headers: str) -> Answer:
        """POST something as JSON (bytes as they are), with the key in Basic authentication."""
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        if key:
            headers["Authorization"] = "Basic " + b64encode(f"{key}:".encode()).decode()
        return self.ask("POST", path, body, **headers)

    @contextlib.contextmanager
    def socket(self) -> Iterator[socket.socket]:
        with socket.create_connection((HOST, self.port), timeout=PATIENCE_S) as one:
            yield one

    def say(self, *pieces: bytes) -> bytes:
        """Send bytes as they are and return all that comes until the other side closes or has answered."""
        with self.socket() as one:
            for piece in pieces:
                try:
                    one.sendall(piece)
                except (BrokenPipeError, ConnectionResetError):
                    break
            return receive(one)

    def memory_bytes(self) -> int:
        """Return what the collector's processes hold in memory."""
        return sum(_resident_bytes(pid) for pid in self.processes())

    def processes(self) -> list[int]:
        """Return the processes that listen on our port, by the sockets they hold."""
        inodes = _listening(self.port)
        found = []
        for folder in Path("/proc").glob("[0-9]*/fd"):
            with contextlib.suppress(OSError):
                if any(link.readlink().name in inodes for link in folder.iterdir()):
                    found.append(int(folder.parent.name))
        return found


def receive(one: socket.socket) -> bytes:
    """Return an answer: up to its end, or to the closing of the connection."""
    answer = b""
    while True:
        try:
            piece = one.recv(65_536)
        except ConnectionResetError:
            return answer
        answer += piece
        head, end, body = answer.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
        if not piece or (end and length and len(body) >= int(length)):
            return answer


def _listening(port: int) -> set[str]:
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return {f"socket:[{row[9]}]" for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"}


def _resident_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def in_a_loop(scene: Coroutine[Any, Any, T]) -> T:
    """Run a scene in a thread of its own: in this one a browser test may have left its loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scene).result()
