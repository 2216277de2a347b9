"""Linkers: Splink on DuckDB, and one that knows nothing where nobody wants to be asked."""

from __future__ import annotations

from segue.ports.linkage.null import NullLinker
from segue.ports.linkage.splink import SplinkLinker

__all__ = ["NullLinker", "SplinkLinker"]
