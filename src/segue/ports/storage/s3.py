"""An S3-compatible service. Files are fetched once into a bounded local cache and read from there.

Credentials come from the usual AWS_* variables. DuckDB reads the local copies: its own extension for
remote files would have to be downloaded when it is first used.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlparse

from obstore.exceptions import NotFoundError
from obstore.store import S3Store

from segue.kit.errors import Invalid
from segue.listen.cold.storage import FileGone, Stored
from segue.ports.storage.digests import is_content, remember

if TYPE_CHECKING:
    from obstore.store import S3Config

GIGABYTE = 1_000_000_000
READ_WITHIN_S = 3600  # a query reads what it asked for within this time


@dataclass(frozen=True, slots=True)
class S3Address:
    """What s3://bucket/prefix?endpoint=…&region=…&cache_gb=… says."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    cache_bytes: int


def read_s3_url(url: str) -> S3Address:
    """Read an address. Raises Invalid where the bucket is missing or the cache's size is no number."""
    parts, query = urlparse(url), parse_qs(urlparse(url).query)
    size = query.get("cache_gb", ["20"])[0]
    if not parts.netloc or not size.isdigit():
        raise Invalid(
            "This address has no bucket, or cache_gb is no whole number.",
            field="SEGUE_STORAGE",
            remedy="Write s3://bucket/prefix?endpoint=https://…&region=…&cache_gb=20",
        )
    return S3Address(
        parts.netloc,
        parts.path.strip("/"),
        query.get("endpoint", [""])[0],
        query.get("region", [os.environ.get("AWS_REGION", "us-east-1")])[0],
        int(size) * GIGABYTE,
    )


def _config(address: S3Address) -> S3Config:
    named: S3Config = {"region": address.region}
    return {**named, "endpoint": address.endpoint} if address.endpoint else named


class S3Storage:
    """Objects below a prefix of a bucket, and a folder with copies of those read lately."""

    def __init__(self, address: S3Address, *, cache: Path) -> None:
        self._cache, self._cache_bytes = cache, address.cache_bytes
        is_plain = address.endpoint.startswith("http://")
        self._store = S3Store(
            address.bucket,
            prefix=address.prefix or None,
            config=_config(address),
            client_options={"allow_http": is_plain},
        )

    def put(self, path: str, source: Path) -> None:
        with source.open("rb") as file:
            self._store.put(path, file)  # large ones in parts; the object appears when the last one is in

    def fetch(self, path: str, *, sha256: str) -> Path:
        place = self._cache / sha256[:2] / f"{sha256}.parquet"
        with suppress(FileNotFoundError):
            if is_content(place, sha256):
                os.utime(place)
                remember(place, sha256)
                return place
        self._download(path, place)
        if not is_content(place, sha256):
            place.unlink()
            raise FileGone(f"{path} is not what was stored.", remedy="Restore it from a backup.")
        remember(place, sha256)
        self._make_room()
        return place

    def delete(self, path: str) -> None:
        with suppress(NotFoundError, FileNotFoundError):
            self._store.delete(path)

    def listed(self) -> Iterator[Stored]:
        for page in self._store.list():
            for one in page:
                yield Stored(one["path"], one["size"], one["last_modified"])

    def _download(self, path: str, place: Path) -> None:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = place.with_name(f".draft-{uuid.uuid4().hex}")
        try:
            with draft.open("wb") as file:
                for chunk in self._store.get(path).stream(min_chunk_size=1 << 20):
                    file.write(chunk)
            draft.replace(place)
        except (NotFoundError, FileNotFoundError):
            raise FileGone(f"{path} is not in the bucket.", remedy="Restore it from a backup.") from None
        finally:
            draft.unlink(missing_ok=True)

    def _make_room(self) -> None:
        """Drop the copies used longest ago until the rest fits; never what may be being read."""
        lately_ns = time.time_ns() - READ_WITHIN_S * 1_000_000_000
        copies = []
        for path in self._cache.rglob("*.parquet"):
            with suppress(FileNotFoundError):
                copies.append((path.stat().st_mtime_ns, path.stat().st_size, path))
        total = sum(size for _, size, _ in copies)
        for used_ns, size, path in sorted(copies):
            if total <= self._cache_bytes or used_ns > lately_ns:
                return
            path.unlink(missing_ok=True)
            total -= size
