"""Secrets are made on first run, kept in the data directory, and never in the repository."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret(data_dir: Path, name: str) -> str:
    """Return the named secret, making it on first use; two processes racing get the same one."""
    folder = data_dir / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, value: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(value + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(draft, path)  # fails when another process was first: theirs stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()
