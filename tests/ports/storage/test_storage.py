"""One battery for every place files may lie: the folder, and a real S3 server over HTTP."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from segue.kit.errors import Invalid
from segue.listen.cold.storage import FileGone, Storage
from segue.ports.storage import LocalStorage, NullStorage, S3Storage, storage_at

PATH = "purpose=behaviour/week=2026-01-05/shard=00/events-1.parquet"
peer = [pytest.mark.peer, pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def folder(tmp_path: Path) -> Storage:
    return storage_at("", data_dir=tmp_path)


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    """A bucket on a server of our own; the credentials are what it asks for, and nobody's."""
    import boto3
    from moto.server import ThreadedMotoServer

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "for-tests")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="cold")
    yield storage_at(f"s3://cold/segue?endpoint={endpoint}&region=us-east-1", data_dir=tmp_path)
    server.stop()


@pytest.fixture(params=["folder", pytest.param("bucket", marks=peer)])
def place(request: pytest.FixtureRequest) -> Storage:
    found: Storage = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def write(tmp_path: Path) -> Callable[[bytes], tuple[Path, str]]:
    def make(content: bytes) -> tuple[Path, str]:
        path = tmp_path / "made.parquet"
        path.write_bytes(content)
        return path, hashlib.sha256(content).hexdigest()

    return make


Write = Callable[[bytes], tuple[Path, str]]


def test_what_is_put_is_fetched_listed_and_let_go(place: Storage, write: Write) -> None:
    content = os.urandom(100_000)
    source, digest = write(content)
    place.put(PATH, source)
    source.unlink()
    assert place.fetch(PATH, sha256=digest).read_bytes() == content
    assert [(one.path, one.size_bytes) for one in place.listed()] == [(PATH, 100_000)]
    place.delete(PATH)
    place.delete(PATH)
    assert list(place.listed()) == []


def test_a_missing_file_says_so(place: Storage) -> None:
    with pytest.raises(FileGone, match="is not in the"):
        place.fetch(PATH, sha256="0" * 64)


def test_a_file_with_other_content_is_refused(place: Storage, write: Write) -> None:
    source, _ = write(b"other")
    place.put(PATH, source)
    with pytest.raises(FileGone):
        place.fetch(PATH, sha256="0" * 64)


@pytest.mark.parametrize("bucket", [None], indirect=True)
@pytest.mark.peer
@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_second_reading_needs_no_server(bucket: S3Storage, write: Write) -> None:
    source, digest = write(b"content")
    bucket.put(PATH, source)
    first = bucket.fetch(PATH, sha256=digest)
    bucket.delete(PATH)
    assert bucket.fetch(PATH, sha256=digest) == first, "it comes from the cache"


@pytest.mark.parametrize("bucket", [None], indirect=True)
@pytest.mark.peer
@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_cache_stays_within_its_bounds(
    bucket: S3Storage, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "_cache_bytes", 2_500)
    kept = []
    for number in range(4):
        source, digest = write(bytes([number]) * 1_000)
        bucket.put(f"{number}.parquet", source)
        copy = bucket.fetch(f"{number}.parquet", sha256=digest)
        kept.append(copy)
        os.utime(copy, (number, number))  # read long ago; the first the longest
    assert [copy.exists() for copy in kept] == [False, True, True, True] or not kept[0].exists()
    assert sum(copy.stat().st_size for copy in kept if copy.exists()) <= 3_500


def test_a_damaged_file_is_found_even_when_it_was_whole_before(folder: LocalStorage, write: Write) -> None:
    source, digest = write(b"whole")
    folder.put(PATH, source)
    place = folder.fetch(PATH, sha256=digest)
    place.write_bytes(b"harm!")
    with pytest.raises(FileGone, match="damaged"):
        folder.fetch(PATH, sha256=digest)


def test_a_put_that_fails_leaves_nothing(folder: LocalStorage, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        folder.put(PATH, tmp_path / "nowhere")
    assert list(folder.listed()) == []


def test_no_path_leads_out(folder: LocalStorage, write: Write) -> None:
    source, _ = write(b"x")
    with pytest.raises(FileGone):
        folder.put("../outside.parquet", source)


def test_nowhere_keeps_nothing_and_says_so(write: Write) -> None:
    with pytest.raises(Invalid, match="no cold storage"):
        NullStorage().put(PATH, write(b"x")[0])
    assert list(NullStorage().listed()) == []


@pytest.mark.parametrize("address", ["gs://bucket", "s3://", "s3://bucket?cache_gb=much"])
def test_an_address_that_cannot_be_meant_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        storage_at(address, data_dir=tmp_path)
