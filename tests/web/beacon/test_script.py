"""The file itself: small, and the one whose digest was given out."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

import segue.web
from segue.web.marks import integrity

ROOT = Path(__file__).parents[3]
SCRIPT = Path(segue.web.__file__).parent / "static" / "segue" / "beacon.v1.js"


def test_it_is_under_five_kilobytes() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes(), 9)) < 5_000


def test_the_digest_in_the_manual_is_the_files() -> None:
    """Who changes a released version breaks every page that pinned it: make the next version instead."""
    manual = (ROOT / "docs/beacon.md").read_text(encoding="utf-8")
    assert re.findall(r"sha384-[A-Za-z0-9+/=]{64}", manual) == [integrity("segue/beacon.v1.js")]


def test_it_sets_no_cookie_and_evaluates_nothing() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    for word in ("cookie =", ".cookie", "eval(", "new Function", "innerHTML", "sessionStorage", "indexedDB"):
        assert word not in text


def test_a_file_that_is_none_has_no_digest() -> None:
    with pytest.raises(FileNotFoundError):
        integrity("segue/beacon.v0.js")
