"""Files sealed with a passphrase: AES-256-GCM in pieces, so that no file need fit into memory.

Each piece is bound to its place, to whether it is the last, and to the file's name: pieces cannot change
places, be left out at the end, or be taken from another file.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from segue.ports.backup.manifest import BackupRefused

PIECE = 1 << 20
_LENGTH = struct.Struct(">I")
_NONCE = 12
_OVERHEAD = _NONCE + 16  # and the tag


def new_salt() -> str:
    return os.urandom(16).hex()


def key_of(passphrase: str, salt: str) -> bytes:
    """Return the key of a passphrase: scrypt with 64 MB, which makes guessing dear."""
    return Scrypt(salt=bytes.fromhex(salt), length=32, n=2**16, r=8, p=1).derive(passphrase.encode())


def seal(pieces: Iterable[bytes], key: bytes, name: str) -> Iterator[bytes]:
    """Yield what to write for a file's content, piece by piece."""
    cipher, number, held = AESGCM(key), 0, None
    for piece in _even(pieces):
        if held is not None:
            yield _sealed(cipher, held, name, number, last=False)
            number += 1
        held = piece
    yield _sealed(cipher, held or b"", name, number, last=True)


def unseal(file: BinaryIO, key: bytes, name: str) -> Iterator[bytes]:
    """Yield a sealed file's content. Raises BackupRefused where it is damaged or the key another."""
    cipher, number, is_last = AESGCM(key), 0, False
    while head := file.read(_LENGTH.size + 1):
        if len(head) != _LENGTH.size + 1 or is_last or head[-1] > 1:
            raise _damaged(name)
        is_last = head[-1] == 1
        (size,) = _LENGTH.unpack(head[:-1])
        sealed = file.read(size) if size <= PIECE + _OVERHEAD else b""
        if len(sealed) != size:
            raise _damaged(name)
        try:
            yield cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(name, number, last=is_last))
        except (InvalidTag, ValueError) as wrong:
            raise _damaged(name) from wrong
        number += 1
    if not is_last:
        raise _damaged(name)


def _sealed(cipher: AESGCM, piece: bytes, name: str, number: int, *, last: bool) -> bytes:
    nonce = os.urandom(_NONCE)
    sealed = nonce + cipher.encrypt(nonce, piece, _bound(name, number, last=last))
    return _LENGTH.pack(len(sealed)) + (b"\1" if last else b"\0") + sealed


def _bound(name: str, number: int, *, last: bool) -> bytes:
    return f"{name}\n{number}\n{'last' if last else 'more'}".encode()


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of one size."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)


def _damaged(name: str) -> BackupRefused:
    return BackupRefused(
        f"{name} is damaged, cut short, or sealed with another passphrase.",
        field="backup",
        remedy="Use another copy of the backup.",
    )
