"""Putting a backup back: built beside, compared, quietened, brought up to date, and only then swapped in."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.conf import settings

from segue.catalog.actions.erasure import erase_again
from segue.catalog.erasure_list import read_erasures
from segue.catalog.queries.erased import erased_people
from segue.engage.actions.held import hold_outgoing
from segue.kit import clock
from segue.kit.actor import Actor
from segue.listen.cold.storage import FileGone, storage
from segue.ports.backup.drilling import load_and_compare
from segue.ports.backup.fitting import refuse_unfit
from segue.ports.backup.making import key_mark
from segue.ports.backup.manifest import COLD_FOLDER, KEYS_FILE, BackupRefused, Manifest
from segue.ports.backup.places import Kept
from segue.ports.backup.server import (
    connect,
    django_on,
    drop_database,
    our_database,
    scratch_database,
    swap,
)
from segue.ports.backup.verifying import refuse_damaged

# Where one of these has a row, somebody's work lies here.
_WORK = ("trust_account", "catalog_person", "catalog_job", "hire_application", "trust_auditline")


@dataclass(slots=True)
class Restored:
    """What a restore came to."""

    manifest: Manifest
    held: int = 0  # jobs that wait for a person's word
    erased_again: int = 0
    cold_files: int = 0
    old_database: str = ""  # under which name what was here before lies, if anything
    remarks: list[str] = field(default_factory=list)


def restore(
    source: Path,
    *,
    by: Actor,
    migrate: Callable[[], None],
    passphrase: str = "",
    replace: bool = False,
    include_keys: bool = False,
    erasures: Iterable[Path] = (),
) -> Restored:
    """Bring a backup back in place of our database. Raises BackupRefused; then nothing here has changed.

    What was here stays on the server under another name. Nothing goes outside until somebody releases it, and
    whoever was erased since is erased again: known from what was here, from the list in the data directory,
    and from the lists given.
    """
    kept = Kept(source, passphrase)
    refuse_damaged(kept)
    refuse_unfit(kept.manifest)
    had_work = _refuse_overwriting(replace=replace)
    gone = _erased(by, erasures)
    done = Restored(kept.manifest)
    with scratch_database(f"segue_restored_{secrets.token_hex(4)}") as name:
        load_and_compare(kept, name)
        done.cold_files = _bring_cold_files(kept)
        with django_on(name):
            migrate()
            done.held = hold_outgoing(by=by)
            done.erased_again = erase_again(gone, by=by)
        done.old_database = f"segue_before_{clock.now():%Y%m%d_%H%M%S}"
        swap(name, old_becomes=done.old_database)
    if not had_work:
        drop_database(done.old_database)
        done.old_database = ""
    _settle_keys(kept, done, include_keys=include_keys, replace=replace)
    return done


def _refuse_overwriting(*, replace: bool) -> bool:
    """Say whether there is anything here. Raises BackupRefused where there is and nobody said --replace."""
    with connect(our_database()) as connection:
        full = [
            name
            for name in _WORK
            if connection.execute("SELECT to_regclass(%s)", [name]).fetchone() != (None,)
            and connection.execute(f"SELECT 1 FROM {name} LIMIT 1".encode()).fetchone()  # noqa: S608 - our own names
        ]
    if full and not replace:
        raise BackupRefused(
            f"This place is not empty: {', '.join(full)} have rows.",
            field="replace",
            remedy="Restore to an empty data directory, or say --replace: what is here is then kept aside.",
        )
    return bool(full)


def _erased(by: Actor, lists: Iterable[Path]) -> set[UUID]:
    gone = {person_id for person_id, _ in erased_people(by)}
    for path in (*lists, settings.ERASURES):
        gone |= read_erasures(Path(path))
    return gone


def _bring_cold_files(kept: Kept) -> int:
    """Put the cold tier's files where they belong; one that lies there already, unchanged, is left alone."""
    brought = 0
    for path, sha256 in kept.manifest.cold.items():
        try:
            storage().fetch(path, sha256=sha256)
            continue
        except FileGone:
            pass
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
            local = Path(folder) / "file"
            with local.open("xb") as file:
                for piece in kept.read(f"{COLD_FOLDER}/{path}"):
                    file.write(piece)
            storage().put(path, local)
        brought += 1
    return brought


def _settle_keys(kept: Kept, done: Restored, *, include_keys: bool, replace: bool) -> None:
    """Put the keys back where that was asked for; say what follows where the site's key is another now."""
    if include_keys:
        if not kept.manifest.has_keys:
            raise BackupRefused(
                "The data is back, but there are no keys in this backup.",
                field="include-keys",
                remedy="Copy the folder secrets/ from where you keep it.",
            )
        folder = settings.DATA_DIR / "secrets"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in json.loads(b"".join(kept.read(KEYS_FILE))).items():
            _write_key(folder / Path(name).name, text)
        done.remarks.append("The keys are back in secrets/. Start the product anew so that it reads them.")
    elif kept.manifest.key_mark != key_mark():
        done.remarks.append(
            "The site's key is not the one of the backup: webhooks are signed with other secrets, and links"
            " sent before no longer open. Put the old SEGUE_SECRET_KEY or secrets/ in place before you start."
        )


def _write_key(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.restored")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text.strip() + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
