"""The endpoint's client against a server that speaks the protocol over a real socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from segue.ports.embedder import EmbedderUnavailable, EndpointEmbedder

pytestmark = [pytest.mark.peer, pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


class Server(ThreadingHTTPServer):
    """Answers with three numbers a text; `spoil` are statuses, or whole answers, to give first."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.spoil: list[Any] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(said | {"path": self.path})
        self.server.keys.append(self.headers.get("Authorization"))
        spoilt = self.server.spoil.pop(0) if self.server.spoil else None
        rows = [{"index": n, "embedding": [len(t), 1.0, 2.0]} for n, t in enumerate(said["input"])]
        told = json.dumps(spoilt if isinstance(spoilt, dict) else {"data": rows[::-1]}).encode()
        self.send_response(spoilt if isinstance(spoilt, int) else 200)
        self.send_header("Retry-After", "0")
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def client(server: Server, **said: Any) -> EndpointEmbedder:
    return EndpointEmbedder(server.url, model="small", key="secret", **({"wait_s": 0.0} | said))


def test_rows_come_in_the_order_of_the_texts_and_in_batches(server: Server) -> None:
    texts = ["a" * (n % 7 + 1) for n in range(150)]
    vectors = client(server).embed([*texts, " "])
    assert [len(one["input"]) for one in server.asked] == [64, 64, 22]
    assert {(one["path"], one["model"]) for one in server.asked} == {("/v1/embeddings", "small")}
    assert set(server.keys) == {"Bearer secret"}
    np.testing.assert_allclose(np.linalg.norm(vectors[:-1], axis=1), 1.0, atol=1e-6)
    assert vectors[3].tolist() == pytest.approx((np.array([4, 1, 2]) / np.sqrt(21)).tolist())
    assert not vectors[-1].any()
    assert client(server).dim == 3


def test_what_people_say_stays_here_unless_a_setting_lets_it_go(server: Server) -> None:
    with pytest.raises(EmbedderUnavailable, match="may not leave"):
        client(server).embed(["ward nurse at Charité"], personal=True)
    assert server.asked == []
    assert client(server, personal=True).embed(["ward nurse"], personal=True).shape == (1, 3)


def test_a_busy_endpoint_is_asked_again_and_a_refusal_is_not(server: Server) -> None:
    server.spoil = [429, 503]
    assert client(server).embed(["a"]).shape == (1, 3)
    assert len(server.asked) == 3
    for status, times in ((401, 1), (307, 1), (500, 3)):
        server.asked.clear()
        server.spoil = [status] * 3
        with pytest.raises(EmbedderUnavailable, match=str(status)):
            client(server).embed(["a"])
        assert len(server.asked) == times
        server.spoil = []


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"data": []},
        {"data": [{"index": 1, "embedding": [1, 2, 3]}]},
        {"data": [{"index": 0, "embedding": ["x"]}]},
        {"data": [{"index": 0, "embedding": [1, None, 3]}]},
        {"data": [{"index": 0}]},
    ],
)
def test_an_odd_answer_is_not_believed(server: Server, odd: dict[str, Any]) -> None:
    server.spoil = [odd]
    with pytest.raises(EmbedderUnavailable):
        client(server).embed(["a"])


def test_vectors_that_change_their_length_are_refused(server: Server) -> None:
    asked = client(server)
    asked.embed(["a"])
    server.spoil = [{"data": [{"index": 0, "embedding": [1, 2]}]}]
    with pytest.raises(EmbedderUnavailable, match="3 long and now are 2"):
        asked.embed(["a"])


def test_nobody_there_is_said_in_words_and_hashes_name_the_model(server: Server) -> None:
    gone = EndpointEmbedder("http://127.0.0.1:9/v1", model="small", wait_s=0.0)
    with pytest.raises(EmbedderUnavailable, match="cannot be reached"):
        gone.embed(["a"])
    assert len({gone.model_hash, client(server).model_hash}) == 2
    with pytest.raises(EmbedderUnavailable, match="No embedding endpoint"):
        EndpointEmbedder()
