"""No storage: what is put there is gone. For installations that keep no cold tier, and for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from segue.kit.errors import Invalid
from segue.listen.cold.storage import FileGone, Stored


class NullStorage:
    """Refuses to keep anything, so that no week is ever let go for nothing."""

    def put(self, path: str, source: Path) -> None:
        raise Invalid(
            f"There is no cold storage for {source.name}.",
            field="SEGUE_STORAGE",
            remedy="Name a folder or an S3 bucket.",
        )

    def fetch(self, path: str, *, sha256: str) -> Path:
        raise FileGone(f"There is no cold storage to read {path} ({sha256[:8]}) from.")

    def delete(self, path: str) -> None:
        """Nothing is there to let go."""

    def listed(self) -> Iterator[Stored]:
        return iter(())
