"""Where the cold tier's files lie: a local folder, an S3-compatible service, or nowhere."""

from __future__ import annotations

from pathlib import Path

from segue.kit.errors import Invalid
from segue.listen.cold.storage import Storage
from segue.ports.storage.local import LocalStorage
from segue.ports.storage.null import NullStorage
from segue.ports.storage.s3 import S3Storage, read_s3_url

__all__ = ["LocalStorage", "NullStorage", "S3Storage", "storage_at"]


def storage_at(address: str, *, data_dir: Path) -> Storage:
    """Return the storage an address names: a folder (empty: `cold` in the data directory), s3://…, or null:.

    Raises Invalid for any other scheme, or an S3 address without a bucket.
    """
    if address == "null:":
        return NullStorage()
    if address.startswith("s3://"):
        return S3Storage(read_s3_url(address), cache=data_dir / "cold-cache")
    if "://" in address:
        raise Invalid(
            f"No storage of the kind {address.partition(':')[0]!r}.",
            field="SEGUE_STORAGE",
            remedy="Name a folder, or s3://bucket/prefix?endpoint=https://…",
        )
    return LocalStorage(Path(address).expanduser().absolute() if address else data_dir / "cold")
