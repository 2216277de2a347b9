"""Run the engine's doctests and tests where importing Django, psycopg or our own rooms is an error."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path

ABSENT = ("django", "psycopg", "structlog", "segue.settings", "segue.kit", "segue.catalog", "segue.ports")


class Absent(MetaPathFinder):
    """Makes modules that are installed look as if they were not."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name.startswith(ABSENT):
            raise ModuleNotFoundError(f"No module named {name!r} (kept away on purpose)", name=name)
        return None


if __name__ == "__main__":
    sys.meta_path.insert(0, Absent())
    import pytest
    from hypothesis import HealthCheck, settings

    # As in tests/conftest.py, which needs Django: how long an example takes says nothing about what is right.
    settings.register_profile("segue", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("segue")
    options = ["-q", "-x", "-c", "pyproject.toml", "-o", "addopts=", "-p", "no:cacheprovider"]
    options += ["--import-mode=importlib", "--doctest-modules"]
    options += ["-o", "doctest_optionflags=NORMALIZE_WHITESPACE ELLIPSIS"]
    # Half a minute of invented history imports nothing that the other tests of the world do not.
    options.append("--ignore=tests/engine/world/test_history.py")
    folders = [folder for folder in ("src/segue/engine", "tests/engine") if Path(folder).is_dir()]
    if "tests/engine" in folders:  # its own conftest counts, the whole house's needs Django
        options.append("--confcutdir=tests/engine")
    sys.exit(pytest.main([*options, *folders]))
