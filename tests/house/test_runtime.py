"""The product imports nothing that only its tests have."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPTIONAL = {"implicit"}  # asked for where it is used, and done without


def test_what_the_source_imports_at_once_is_in_the_runtime_lock() -> None:
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    owners = packages_distributions()
    missing = {
        f"{where.relative_to(ROOT)}: {package}"
        for where in sorted((ROOT / "src").rglob("*.py"))
        for package in _imported(where) - set(sys.stdlib_module_names) - {"segue"} - OPTIONAL
        if not {_plain(name) for name in owners.get(package, [])} & locked
    }
    assert missing == set()


def _imported(where: Path) -> set[str]:
    return {name.partition(".")[0] for name in _names(ast.parse(where.read_text(encoding="utf-8")))}


def _names(tree: ast.Module) -> Iterator[str]:
    """Of imports at the top of a module: what is loaded whenever it is."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
