"""A sealed backup: it comes back whole with the passphrase, and whatever was done to it is found."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.ports.backup import sealing
from segue.ports.backup.manifest import BackupRefused, Manifest, TableSum
from segue.ports.backup.sealing import key_of, seal, unseal
from segue.ports.backup.tables import differences

KEY, OTHER = b"k" * 32, b"o" * 32


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "PIECE", 8)


def sealed(content: bytes, name: str = "a") -> bytes:
    return b"".join(seal([content[:5], content[5:]], KEY, name))


def opened(file: bytes, key: bytes = KEY, name: str = "a") -> bytes:
    return b"".join(unseal(io.BytesIO(file), key, name))


@given(st.binary(max_size=60))
def test_it_comes_back(content: bytes) -> None:
    assert opened(sealed(content)) == content


@given(st.binary(max_size=60), st.data())
def test_any_changed_missing_or_added_byte_is_found(content: bytes, data: st.DataObject) -> None:
    file = bytearray(sealed(content))
    at = data.draw(st.integers(0, len(file) - 1))
    how = data.draw(st.sampled_from(["flip", "cut", "add"]))
    if how == "flip":
        file[at] ^= 1 << data.draw(st.integers(0, 7))
    spoilt = bytes(file[:at]) if how == "cut" else bytes(file) + b"x" * (how == "add")
    with pytest.raises(BackupRefused):
        opened(spoilt)


def test_pieces_keep_their_places_their_file_and_their_key() -> None:
    file = sealed(b"0123456789abcdefXYZ")
    size = 5 + 12 + 8 + 16
    with pytest.raises(BackupRefused):
        opened(file[size : 2 * size] + file[:size] + file[2 * size :])
    with pytest.raises(BackupRefused):
        opened(file, name="b")
    with pytest.raises(BackupRefused):
        opened(file, key=OTHER)
    with pytest.raises(BackupRefused):
        opened(b"")


def test_the_manifest_knows_its_passphrase() -> None:
    made = Manifest("now", "0.1.0", 180_000, ["a.1"], {"t": TableSum(1, "x")}, salt="ab" * 8)
    key = key_of("correct horse battery", made.salt)
    read, code = Manifest.read(made.as_bytes(key))
    assert read == made
    read.check_code(code, key)
    with pytest.raises(BackupRefused):
        read.check_code(code, OTHER)
    read.tables["t"] = TableSum(2, "x")
    with pytest.raises(BackupRefused):
        read.check_code(code, key)


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b'{"manifest": {"form": 99}}', b'{"manifest": {"form": "x"}}']
)
def test_what_is_no_backup_of_ours_is_refused(text: bytes) -> None:
    with pytest.raises(BackupRefused):
        Manifest.read(text)


def test_differences_are_named() -> None:
    said = {"a": TableSum(1, "x"), "b": TableSum(2, "y"), "c": TableSum(3, "z")}
    found = {"a": TableSum(1, "x"), "b": TableSum(1, "y"), "c": TableSum(3, "!"), "d": TableSum(0, "")}
    assert differences(said, found) == [
        "b: 2 rows in the backup, 1 here",
        "c: 3 rows, but their content differs",
        "d: not in the backup",
    ]
