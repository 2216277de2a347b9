"""Erased, or withdrawn: a search through every byte we keep finds nothing that was theirs."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection
from pytest_django import Settings

from segue.catalog.actions.erasure import erase_person
from segue.catalog.models import Person
from segue.cli import events_export
from segue.cli.main import main as segue
from segue.kit import queue
from segue.listen.models import ColdFile, Identity, Signal
from segue.listen.queries.subjects import keys_of
from segue.trust.actions.consent import set_consent
from tests import factories
from tests.listen.cold_stage import MACHINE, THEN, a_busy_week, freeze, heard, site

pytestmark = pytest.mark.django_db(transaction=True)

CANARIES = {
    "e-mail": "tilda.quickborn@people.example",
    "name": "Tilda Quickborn-Zeisig",
    "anonymous id": "anon-7f3d9c2e-tilda",
    "free text": "allergic to Zwieback since 1997",
    "event name": "Tilda Asked For Part Time",
    "message id": "msg-tilda-000017",
    "page": "https://careers.example/jobs/nurse?ref=tilda-letter",
}


@pytest.fixture(autouse=True)
def cold_folder(tmp_path: Path, settings: Settings) -> Path:
    settings.STORAGE = str(tmp_path / "cold")
    return tmp_path / "cold"


@pytest.fixture
def tilda() -> Person:
    """Tilda, of whom everything is known that can be: hot, cold, stitched and not."""
    person = factories.make_person(name=CANARIES["name"], email=CANARIES["e-mail"])
    factories.grant(person, "behaviour")
    others = [factories.make_person() for _ in range(4)]
    for other in others:
        factories.grant(other, "behaviour")
    a_busy_week(others, visitors=6)
    Identity.objects.create(
        source=site(), anonymous_id=CANARIES["anonymous id"], person=person, said_by="identify", since=THEN
    )
    return person


def everything_of(person: Person, **when: Any) -> None:
    """Say everything there is to say, as the person and as the visitor they were."""
    said: dict[str, Any] = {
        "event": CANARIES["event name"],
        "props": {"note": CANARIES["free text"], "mail": CANARIES["e-mail"], "reason": CANARIES["name"]},
        "context": {"page": {"url": CANARIES["page"]}, "traits": {"name": CANARIES["name"]}},
        **when,
    }
    heard("event.tracked", person=person, anonymous_id=CANARIES["anonymous id"],
          message_id=CANARIES["message id"], **said)  # fmt: skip
    heard("event.tracked", person=person, message_id=CANARIES["message id"] + "b", **said)
    heard(
        "event.tracked",
        anonymous_id=CANARIES["anonymous id"],
        message_id=CANARIES["message id"] + "c",
        **said,
    )


def export(folder: Path, name: str) -> None:
    for kind in events_export.FORMATS:
        assert segue(["events", "export", "--format", kind, "--output", str(folder / f"{name}.{kind}")]) == 0


def bytes_of_tables() -> Iterator[tuple[str, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        for (table,) in cursor.fetchall():
            with cursor.copy(f"COPY {table} TO STDOUT") as lines:
                yield table, b"".join(bytes(line) for line in lines)


def bytes_of_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield files as they lie there, and what Parquet files hold, column by column, unpacked."""
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield path.name, content
            if path.suffix == ".parquet":
                table = pq.read_table(io.BytesIO(content))
                yield f"{path.name} unpacked", repr(table.to_pylist()).encode()
                yield f"{path.name} footer", repr(pq.read_metadata(io.BytesIO(content)).to_dict()).encode()


def found(folder: Path, person_id: uuid.UUID, *, but: frozenset[str] = frozenset()) -> set[tuple[str, str]]:
    """Return which canary sings where."""
    words = {name: [word.encode()] for name, word in CANARIES.items()}
    words["uuid"] = [str(person_id).encode(), person_id.hex.encode(), person_id.bytes]
    return {
        (name, place)
        for place, content in (*bytes_of_tables(), *bytes_of_files(folder))
        if place not in but
        for name, spellings in words.items()
        if any(word in content for word in spellings)
    }


def withdraw(person: Person) -> None:
    set_consent(person, purpose="behaviour", granted=False, by=MACHINE)


def erase(person: Person) -> None:
    erase_person(person, by=MACHINE)


# What must bear the id, and nothing else: the bare row an erasure leaves, the proofs of what was consented to
# and done, and the sweep that has been promised. Of who only withdraws, of course, the person stays.
PROOFS = {"catalog_person", "trust_consent", "trust_auditline", "kit_queuejob"}
KNOWN = PROOFS | {"catalog_fact", "trust_account", "engage_message", "learn_personfeatures"}


@pytest.mark.parametrize("goes", [erase, withdraw])
def test_no_byte_is_left(
    goes: Callable[[Person], None], tilda: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    everything_of(tilda)
    exports = tmp_path / "exports"
    exports.mkdir()
    export(exports, "hot")
    freeze()
    everything_of(tilda, at=THEN.replace(month=11), received_at=THEN.replace(month=11))
    export(exports, "hot-and-cold")
    with_key = keys_of([tilda.pk], MACHINE)
    assert with_key, "she was sealed"
    sung = {name for name, _ in found(tmp_path, tilda.pk)}
    assert sung == {*CANARIES, "uuid"}, "the search finds what is there"
    assert not {place for _, place in found(tmp_path, tilda.pk) if "parquet" in place}, "not even before"

    goes(tilda)
    queue.work_off()
    left = found(tmp_path, tilda.pk)
    if goes is erase:
        assert {place for name, place in left if name != "uuid"} == set()
        assert {place for name, place in left if name == "uuid"} <= PROOFS
    else:
        places = {place for _, place in left}
        assert places <= KNOWN, "who withdraws stays a person, and nothing heard is theirs"
        assert {name for name, _ in left} <= {"e-mail", "name", "uuid"}
    assert not keys_of([tilda.pk], MACHINE)
    assert not Signal.objects.filter(person=tilda, purpose="behaviour").exists()


def test_a_stolen_copy_of_the_files_reveals_nobody(tilda: Person, cold_folder: Path) -> None:
    everything_of(tilda)
    freeze()
    assert ColdFile.objects.filter(content="sealed").exists()
    people = [*Person.objects.all()]
    stolen = [content for _, content in bytes_of_files(cold_folder)]
    for content in stolen:
        assert not [name for name, word in CANARIES.items() if word.encode() in content]
        for person in people:
            assert str(person.pk).encode() not in content
            assert person.pk.bytes not in content
        assert b"visitor-" not in content
        assert b"Brochure Read" not in content
