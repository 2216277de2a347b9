"""A running site says where it is; one that is gone says nothing."""

from __future__ import annotations

import json
from pathlib import Path

from segue.kit.addresses import FILE, announced, served


def test_an_address_is_known_while_its_site_runs(tmp_path: Path) -> None:
    assert served(tmp_path, "base_url") == ""
    with announced(tmp_path, {"base_url": "http://127.0.0.1:9000"}):
        assert served(tmp_path, "base_url") == "http://127.0.0.1:9000"
        assert served(tmp_path, "collect_url") == ""
    assert served(tmp_path, "base_url") == ""


def test_what_a_killed_site_left_is_not_believed(tmp_path: Path) -> None:
    """Its number may belong to somebody else by now, who began at another time."""
    with announced(tmp_path, {"base_url": "http://127.0.0.1:9000"}):
        left = json.loads((tmp_path / FILE).read_text())
    for said in ({**left, "since": "1"}, {**left, "pid": 2**22 + 1}, {**left, "pid": "x"}, []):
        (tmp_path / FILE).write_text(json.dumps(said))
        assert served(tmp_path, "base_url") == ""
    (tmp_path / FILE).write_text("{")
    assert served(tmp_path, "base_url") == ""
