"""A closed week becomes files, and nobody who reads can tell when."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest
from django.db import connection
from pytest_django import Settings

from segue.catalog.actions.erasure import erase_person
from segue.catalog.models import Person
from segue.kit.errors import Conflict, Invalid
from segue.listen.actions import compaction
from segue.listen.actions.cold_parts import Part, Spot
from segue.listen.actions.compaction import due_weeks
from segue.listen.actions.partitions import REST, ensure_weeks, week_of
from segue.listen.cold.schema import EVENTS, SHARDS, event_digest
from segue.listen.cold.sealing import open_sealed
from segue.listen.cold.storage import FileGone, storage
from segue.listen.models import ColdFile, EventName, Signal, Subject
from segue.listen.queries.events import Wanted, one_moment, snapshot
from segue.listen.queries.subjects import keys_of
from tests import factories
from tests.listen.cold_stage import (
    MACHINE,
    NEXT,
    THEN,
    WEEK,
    a_busy_week,
    companions,
    freeze,
    heard,
    is_hot,
    seen,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def cold_folder(tmp_path: Path, settings: Settings) -> Path:
    settings.STORAGE = str(tmp_path / "cold")
    return tmp_path / "cold"


@pytest.fixture
def people() -> list[Person]:
    made = [factories.make_person() for _ in range(12)]
    for person in made:
        factories.grant(person, "behaviour")
    return made


def sealed_rows() -> Iterator[tuple[int, bytes]]:
    for file in ColdFile.objects.filter(content="sealed"):
        table = pq.read_table(storage().fetch(file.path, sha256=file.sha256))
        yield from zip(table["subject"].to_pylist(), table["blob"].to_pylist(), strict=True)


def test_what_is_read_is_the_same_before_and_after(people: list[Person]) -> None:
    a_busy_week(people)
    events, together = seen(), companions()
    assert len(events) == 12 * 8 + 10
    freeze()
    assert not is_hot()
    assert seen() == events
    assert companions() == together
    assert ColdFile.objects.filter(content="events").count() > 1


@pytest.mark.parametrize(
    "filters",
    [
        {"kinds": ["card.clicked", "event.tracked"]},
        {"since": THEN + timedelta(minutes=4), "until": THEN + timedelta(minutes=9)},
        {"shard": 3},
        {"kinds": []},
    ],
    ids=str,
)
def test_both_sides_are_asked_the_same(people: list[Person], filters: dict[str, Any]) -> None:
    a_busy_week(people)
    Subject.objects.all().delete()
    freeze()
    shared = [Signal(kind=kind, at=at, received_at=THEN + timedelta(weeks=1), source_id=source, tier="B")
              for _, kind, _, at, _, source, *_ in seen()]  # fmt: skip
    cold = seen(**filters)
    Signal.objects.bulk_create(shared)
    if "shard" in filters:
        assert sum((seen(shard=n) for n in range(SHARDS)), start=seen(kinds=[])) == seen()
    else:
        assert seen(**filters).total() == 2 * cold.total()


def test_files_are_sharded_sorted_and_bare(people: list[Person]) -> None:
    a_busy_week(people)
    freeze()
    for file in ColdFile.objects.filter(content="events"):
        path = storage().fetch(file.path, sha256=file.sha256)
        table = pq.ParquetFile(path).read()
        assert table.schema.equals(EVENTS)
        rows = table.to_pylist()
        order = [(row["subject"] is None, row["subject"] or 0, row["at"], row["id"]) for row in rows]
        assert order == sorted(order)
        assert {(row["id"] if row["subject"] is None else row["subject"]) % 8 for row in rows} == {file.shard}
        assert (file.rows, file.first_id) == (len(rows), min(row["id"] for row in rows))
        assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"


def test_what_runs_a_service_stays_hot_among_the_rest(people: list[Person]) -> None:
    a_busy_week(people)
    freeze()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT kind FROM {REST}")
        assert cursor.fetchall() == [("application.submitted",)]
    assert Signal.objects.filter(person=people[0]).get().kind == "application.submitted"


def test_a_key_opens_its_own_person_and_nobody_else(people: list[Person]) -> None:
    a_busy_week(people[:2])
    freeze()
    keys = keys_of([people[0].pk], MACHINE)
    ((pseudonym, key),) = keys.items()
    opened = [rows for subject, blob in sealed_rows() if (rows := open_sealed(subject, key, blob))]
    assert [row["person_id"] for row in opened[0]] == [str(people[0].pk)] * 7
    assert len(opened) == 1
    assert opened[0][0]["props"] == {"position": 0}
    moved = next(blob for subject, blob in sealed_rows() if subject == pseudonym)
    assert open_sealed(pseudonym + 1, key, moved) is None


def test_with_the_key_destroyed_what_is_left_is_counted_and_nobodys(people: list[Person]) -> None:
    a_busy_week(people[:3])
    freeze()
    lost = keys_of([people[0].pk], MACHINE)
    before = seen()
    Subject.objects.get(person=people[0]).delete()
    assert seen() == before
    assert not keys_of([people[0].pk], MACHINE)
    left = keys_of(None, MACHINE)
    unread = [s for s, blob in sealed_rows() if not any(open_sealed(s, key, blob) for key in left.values())]
    assert unread == list(lost)


def test_only_names_many_carry_are_in_the_dictionary(people: list[Person]) -> None:
    for number, person in enumerate(people[:5]):
        heard("event.tracked", person=person, event="Brochure Read")
        heard("event.tracked", person=person, event=f"Secret {min(number, 3)}")
    freeze()
    assert dict(EventName.objects.values_list("name", "digest")) == {
        "Brochure Read": event_digest("Brochure Read")
    }


def test_who_said_no_is_nobody(people: list[Person]) -> None:
    eve = factories.make_person()
    heard("card.clicked", person=eve, props={"position": 1}, event="Eve was here")
    freeze()
    assert not Subject.objects.exists()
    assert seen("subject") == {(None,): 1}
    assert not list(sealed_rows())


def test_an_erasure_while_files_are_written_is_in_them(
    people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_busy_week(people[:4])
    write = compaction.write_part
    erased: list[Person] = []

    def write_and_erase(reader: psycopg.Connection[Any], table: str, week: Any, spot: Spot) -> Part:
        part = write(reader, table, week, spot)
        if not erased:
            erased.append(people[0])
            erase_person(people[0], by=MACHINE)
        return part

    monkeypatch.setattr(compaction, "write_part", write_and_erase)
    freeze()
    assert seen("kind").total() == 3 * 8 + 10
    listed = {file.path for file in storage().listed()}
    assert listed == set(ColdFile.objects.values_list("path", flat=True)), "what was written in vain is gone"
    assert Subject.objects.filter(person__isnull=False).count() == 3


def test_a_week_that_keeps_changing_is_left_for_later(
    people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_busy_week(people[:2])
    events = seen()
    write = compaction.write_part

    def write_and_touch(*args: Any) -> Part:
        part = write(*args)
        Signal.objects.filter(kind="card.shown").update(tier="B")
        return part

    monkeypatch.setattr(compaction, "write_part", write_and_touch)
    with pytest.raises(Conflict, match="keeps changing"):
        freeze()
    assert is_hot()
    assert seen() == events
    assert not list(storage().listed())


def test_whoever_reads_keeps_the_week_where_it_is(people: list[Person]) -> None:
    """A reader's snapshot is older than the files: the table must not go while it reads."""
    a_busy_week(people[:2])
    events = seen()
    with other_reader() as reader:
        reader.execute("LOCK TABLE ONLY listen_signal IN ACCESS SHARE MODE")
        with pytest.raises(Conflict, match="being read"):
            freeze()
        assert is_hot()
    freeze()
    assert seen() == events


@contextlib.contextmanager
def other_reader() -> Iterator[psycopg.Connection[Any]]:
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    with psycopg.connect(**parameters) as reader:
        yield reader


def test_one_moment_sees_a_week_on_one_side_only(people: list[Person]) -> None:
    a_busy_week(people[:2])
    with one_moment(), pytest.raises(Conflict):
        Thread(freeze).run_to_end()


class Thread:
    """Runs something beside this thread, with a connection of its own, and raises what it raises."""

    def __init__(self, what: Callable[[], None]) -> None:
        self._what = what

    def run_to_end(self) -> None:
        from concurrent.futures import ThreadPoolExecutor

        from django.db import connections

        def run() -> None:
            try:
                self._what()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(run).result()


def test_weeks_are_due_by_their_age(settings: Settings) -> None:
    ensure_weeks(THEN, THEN)
    assert WEEK in due_weeks()
    settings.HOT_WEEKS = 10_000
    assert due_weeks() == []
    assert WEEK in due_weeks(before=NEXT)
    assert WEEK not in due_weeks(before=WEEK), "it was not over by then"
    assert week_of(THEN) == WEEK


def test_an_empty_week_leaves_no_files() -> None:
    ensure_weeks(THEN, THEN)
    freeze()
    assert not is_hot()
    assert not ColdFile.objects.exists()


def test_a_lost_file_is_an_error_not_a_smaller_count(people: list[Person]) -> None:
    a_busy_week(people[:2])
    freeze()
    storage().delete(ColdFile.objects.filter(content="events").earliest("id").path)
    with pytest.raises(FileGone):
        seen()


def test_questions_that_cannot_be_meant_are_refused() -> None:
    with pytest.raises(Invalid, match="No column"):
        snapshot(Wanted(columns=("id", "person_id")))
    with pytest.raises(Invalid, match="No shard"):
        snapshot(Wanted(shard=8))
