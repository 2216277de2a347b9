"""The npm lock is whole, and names no place to fetch from."""

from __future__ import annotations

import json

from tests.peers.sdks import HERE, LOCK


def test_the_lock_names_no_host_and_every_digest() -> None:
    text = LOCK.read_text(encoding="utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}

    assert "://" not in text
    assert '"resolved"' not in text
    assert all(entry["version"] and entry["integrity"].startswith("sha512-") for entry in packages.values())


def test_the_lock_holds_what_the_manifest_asks() -> None:
    asked = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]

    assert {name: locked[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert locked[""]["dependencies"] == asked
