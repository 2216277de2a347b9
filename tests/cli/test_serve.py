"""The whole product comes up with one command and goes down with one signal."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import segue
from segue.cli.serve import PortTaken, refuse_taken_port
from segue.ports.postgres import Cluster

pytestmark = [pytest.mark.peer, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def segue_command(*arguments: str) -> subprocess.Popen[str]:
    """The command as a person would call it: none of this test run's settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE_")}
    environment["PYTHONPATH"] = str(Path(segue.__file__).parent.parent)
    return subprocess.Popen(
        [sys.executable, "-m", "segue", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_taken_port_is_refused_with_a_free_one_to_try(taken_port: int) -> None:
    with pytest.raises(PortTaken, match=str(taken_port)) as refused:
        refuse_taken_port("127.0.0.1", taken_port)
    assert "--port" in refused.value.remedy


def test_a_taken_port_is_found_before_any_work_is_done(taken_port: int, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with segue_command("serve", "--port", str(taken_port), "--data-dir", str(data_dir)) as refused:
        said = refused.communicate()[0]
    assert refused.returncode == 2
    assert "--port" in said
    assert not data_dir.exists()


def test_it_comes_up_answers_and_leaves_nothing_running(free_port: int) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="segue-serve-") as data_dir,
        segue_command("serve", "--port", str(free_port), "--workers", "1", "--data-dir", data_dir) as product,
    ):
        assert product.stdout is not None
        said = []
        for line in product.stdout:
            said.append(line)
            if "Segue is ready" in line:
                break
        assert "Segue is ready" in said[-1], "".join(said)
        connection = http.client.HTTPConnection("127.0.0.1", free_port, timeout=30)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()
        addresses = json.loads((Path(data_dir) / "addresses.json").read_text())
        assert addresses["collect_url"] == f"http://127.0.0.1:{free_port + 1}"
        connection = http.client.HTTPConnection("127.0.0.1", free_port + 1, timeout=30)
        connection.request("GET", "/readyz")
        assert connection.getresponse().status == 200
        connection.close()
        assert Cluster(Path(data_dir)).is_running()
        product.send_signal(signal.SIGTERM)
        rest = product.stdout.read()
        assert product.wait() == 0, rest
        assert not Cluster(Path(data_dir)).is_running()
        refuse_taken_port("127.0.0.1", free_port)
        refuse_taken_port("127.0.0.1", free_port + 1)
        assert not (Path(data_dir) / "addresses.json").exists()
