"""Where a backup lies: a folder, or the same folder in one .tar file."""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from segue.ports.backup.manifest import NAME, BackupRefused, FileSum, Manifest
from segue.ports.backup.sealing import PIECE, key_of, seal, unseal


class Draft:
    """A backup being written. It gets its name when it is whole; until then it lies beside it."""

    def __init__(self, target: Path, key: bytes) -> None:
        self.target, self._key = target, key
        self.folder = target.with_name(f".{target.name}.draft-{os.getpid()}")
        self.sums: dict[str, FileSum] = {}

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write one file, sealed where there is a passphrase, and remember its sum."""
        path = self.folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with path.open("xb") as file:
            path.chmod(0o600)
            for piece in seal(pieces, self._key, name) if self._key else pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
            file.flush()
            os.fsync(file.fileno())
        self.sums[name] = FileSum(size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, last of all, and give the backup its name."""
        manifest.files = self.sums
        (self.folder / NAME).write_bytes(manifest.as_bytes(self._key))
        (self.folder / NAME).chmod(0o600)
        if self.target.suffix != ".tar":
            self.folder.rename(self.target)
            return
        packed = self.folder.with_suffix(".packed")
        with packed.open("xb") as file, tarfile.open(fileobj=file, mode="w") as tar:
            packed.chmod(0o600)
            tar.add(self.folder / NAME, NAME)
            for name in sorted(self.sums):
                tar.add(self.folder / name, name)
            tar.close()
            file.flush()
            os.fsync(file.fileno())
        packed.rename(self.target)

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.with_suffix(".packed").unlink(missing_ok=True)


@contextmanager
def drafted(target: Path, key: bytes) -> Iterator[Draft]:
    """Have a draft that leaves nothing behind when it fails. Raises BackupRefused where something is."""
    if target.exists():
        raise BackupRefused(f"{target} is there already.", field="backup", remedy="Choose another name.")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = Draft(target, key)
    draft.clear()
    draft.folder.mkdir(mode=0o700)
    try:
        yield draft
    finally:
        draft.clear()


class Kept:
    """A backup to read, its passphrase tried."""

    def __init__(self, source: Path, passphrase: str) -> None:
        self.source = source
        with self._open(NAME) as file:
            self.manifest, code = Manifest.read(file.read())
        self._key = b""
        if self.manifest.salt:
            if not passphrase:
                raise BackupRefused(
                    "This backup is sealed with a passphrase.",
                    field="passphrase",
                    remedy="Set SEGUE_BACKUP_PASSPHRASE, or name a file with --passphrase-file.",
                )
            self._key = key_of(passphrase, self.manifest.salt)
            self.manifest.check_code(code, self._key)

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file's content, unsealed."""
        with self._open(name) as file:
            yield from unseal(file, self._key, name) if self._key else _pieces(file)

    def damaged(self) -> list[str]:
        """Return the files that are not what the manifest says, in words."""
        wrong = []
        for name, said in sorted(self.manifest.files.items()):
            try:
                with self._open(name) as file:
                    digest, size = hashlib.sha256(), 0
                    for piece in _pieces(file):
                        digest.update(piece)
                        size += len(piece)
            except BackupRefused:
                wrong.append(f"{name}: missing")
                continue
            if FileSum(size, digest.hexdigest()) != said:
                wrong.append(f"{name}: damaged")
        return wrong

    @contextmanager
    def _open(self, name: str) -> Iterator[BinaryIO]:
        try:
            if self.source.is_dir():
                with (self.source / name).open("rb") as file:
                    yield file
                return
            with tarfile.open(self.source, "r:") as tar:
                found: IO[bytes] | None = tar.extractfile(name)
                if found is None:
                    raise KeyError(name)
                yield found  # type: ignore[misc]  # tarfile says IO[bytes] of what is a BinaryIO
        except (OSError, KeyError, tarfile.TarError) as missing:
            raise BackupRefused(
                f"{self.source} has no {name} to read: {missing}",
                field="backup",
                remedy="Name a whole backup.",
            ) from missing


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
