"""A light sender of events: raw sockets, kept alive, one request under way on each. A process of its own.

    python -m tests.bench.rig.sender --port 8001 --key KEY --events 20 --connections 32 --requests 5000

It prints one line of JSON: how many were answered 200, how long it took, and the latencies in ms.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
import uuid
from base64 import b64encode
from datetime import UTC, datetime

import uvloop

from tests.bench.rig.visitor import HOST

MARK = b"00000000-0000-4000-8000-"  # followed by twelve digits that make each message its own
SUCCESS = b'{"success":true}'


def event(number: int, at: str) -> dict[str, object]:
    """One event as a server library sends it: about half a kilobyte."""
    return {
        "type": "track",
        "event": "Job Viewed",
        "messageId": f"{MARK.decode()}{number:012}",
        "anonymousId": f"a-{uuid.UUID(int=number % 1000)}",
        "timestamp": at,
        "properties": {
            "job": f"J-{number % 200}",
            "title": "Nurse, night shifts",
            "position": 3,
            "pay": 41_500,
        },
        "context": {
            "library": {"name": "sender", "version": "1"},
            "consent": {"categoryPreferences": {"analytics": True}},
            "page": {
                "path": "/jobs/nurse",
                "title": "Nurse",
                "url": "https://careers.example.com/jobs/nurse",
            },
            "locale": "en-GB",
        },
    }


class Template:
    """A request written once; only the digits of its message ids change."""

    def __init__(self, events: int, key: str) -> None:
        at = datetime.now(UTC).isoformat()
        batch = [event(number, at) for number in range(events)]
        said = {**batch[0], "sentAt": at} if events == 1 else {"batch": batch, "sentAt": at}
        body = json.dumps(said).encode()
        path = "/v1/track" if events == 1 else "/v1/batch"
        login = b64encode(f"{key}:".encode()).decode()
        head = f"POST {path} HTTP/1.1\r\nhost: {HOST}\r\nauthorization: Basic {login}\r\n"
        head += (
            f"content-type: application/json\r\nuser-agent: sender/1\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self.parts = [part[12:] if n else part for n, part in enumerate((head.encode() + body).split(MARK))]

    def fill(self, first: int) -> bytes:
        whole = [self.parts[0]]
        for number, part in enumerate(self.parts[1:], first):
            whole += [MARK, b"%012d" % number, part]
        return b"".join(whole)


class Connection(asyncio.Protocol):
    """One connection: as soon as one request is answered it sends the next."""

    def __init__(self, sender: Sender) -> None:
        self.sender, self.answer, self.sent_at_s = sender, b"", 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.send()

    def data_received(self, data: bytes) -> None:
        self.answer += data
        head, end, body = self.answer.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]):
            return
        self.sender.note(body == SUCCESS, time.perf_counter() - self.sent_at_s)
        self.answer = b""
        self.send()

    def send(self) -> None:
        request = self.sender.next_request()
        if request is None:
            self.transport.close()
            return
        self.sent_at_s = time.perf_counter()
        self.transport.write(request)  # type: ignore[attr-defined]  # a stream socket can

    def connection_lost(self, exc: Exception | None) -> None:
        self.sender.closed()


class Sender:
    def __init__(self, args: argparse.Namespace) -> None:
        self.template = Template(args.events, args.key)
        self.events, self.left, self.open = args.events, args.requests, args.connections
        self.number = args.first
        self.done = asyncio.Event()
        self.good, self.latencies_ms = 0, []

    def next_request(self) -> bytes | None:
        if self.left <= 0:
            return None
        self.left -= 1
        self.number += self.events
        return self.template.fill(self.number - self.events)

    def note(self, good: bool, took_s: float) -> None:
        self.good += good
        self.latencies_ms.append(round(took_s * 1000, 2))

    def closed(self) -> None:
        self.open -= 1
        if self.open == 0:
            self.done.set()


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--events", type=int, default=1)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--requests", type=int, default=5_000)
    parser.add_argument("--first", type=int, default=time.time_ns() // 1_000 % 10**9 * 1000)
    args = parser.parse_args()
    sender = Sender(args)
    began_s = time.perf_counter()
    loop = asyncio.get_running_loop()
    for _ in range(args.connections):
        await loop.create_connection(lambda: Connection(sender), HOST, args.port)
    await sender.done.wait()
    took_s = time.perf_counter() - began_s
    print(json.dumps({"good": sender.good, "took_s": took_s, "latencies_ms": sender.latencies_ms}))


if __name__ == "__main__":
    uvloop.run(main())
