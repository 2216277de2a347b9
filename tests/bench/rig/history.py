"""Half a year of invented events on both sides of the ledger, and the truth of them in memory."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from django.db import connection
from numpy.typing import NDArray

from segue.engine.funnel import ordered_funnel
from segue.kit.actor import Actor
from segue.listen.actions.cold_files import Place, add_cold_events
from segue.listen.actions.partitions import ensure_weeks, week_of
from segue.listen.cold.schema import EVENTS, SHARDS
from segue.listen.models import Source
from tests.factories import make_person

Ints = NDArray[np.int64]

WEEKS = 26  # the last of them is hot
EVENTS_OF_ONE = 25
WEEK_US, DAY_US = 7 * 86_400_000_000, 86_400_000_000
KINDS = (
    ("card.shown", 0.45),
    ("card.clicked", 0.15),
    ("card.saved", 0.05),
    ("application.submitted", 0.02),
    ("page.viewed", 0.25),
    ("job.dwelled", 0.08),
)
NAMES = [name for name, _ in KINDS]


@dataclass
class History:
    """All events as arrays: `who` is the subject in the end, `kind` an index into NAMES."""

    who: Ints
    kind: NDArray[np.uint8]
    at_us: Ints
    id: Ints
    says: str

    @property
    def events(self) -> int:
        return len(self.who)

    def counts(
        self, steps: Sequence[str], window_days: int, chosen: NDArray[np.bool_] | None = None
    ) -> list[int]:
        rows = np.flatnonzero(self._serving(steps) if chosen is None else self._serving(steps) & chosen)
        bits = np.zeros(len(NAMES), dtype=np.uint8)
        for bit, step in enumerate(steps):
            bits[NAMES.index(step)] |= 1 << bit
        return ordered_funnel(
            self.who[rows],
            bits[self.kind[rows]],
            self.at_us[rows],
            self.id[rows],
            len(steps),
            window_days * DAY_US,
        ).tolist()

    def copy_sample(self, one_in: int, steps: Sequence[str], window_days: int) -> tuple[int, list[int]]:
        """Put some subjects' events into a table `sample`; return how many, and what the engine counts."""
        chosen = self.who % one_in == 0
        rows = np.flatnonzero(chosen & self._serving(steps))
        step = np.array([steps.index(name) if name in steps else -1 for name in NAMES])[self.kind[rows]]
        table = pa.table(
            {
                "subject": self.who[rows],
                "at": pa.array(self.at_us[rows]).cast(pa.timestamp("us")),
                "id": self.id[rows],
                "step": step,
            }
        )
        with connection.cursor() as cursor:
            cursor.execute("SET timezone = 'UTC'")
            cursor.execute("CREATE TABLE sample (subject bigint, at timestamptz, id bigint, step int)")
            copy(cursor, "sample (subject, at, id, step)", table)
            cursor.execute("CREATE INDEX ON sample (subject, step, at, id)")
            cursor.execute("VACUUM ANALYZE sample")
        return len(rows), self.counts(steps, window_days, chosen)

    def _serving(self, steps: Sequence[str]) -> NDArray[np.bool_]:
        serves: NDArray[np.bool_] = np.array([name in steps for name in NAMES])[self.kind]
        return serves


@dataclass
class Cast:
    """Subjects: the even ones people who agreed, the odd ones visitors; `root` is who each was in the end."""

    pseudonym: Ints
    root: Ints
    person_ids: list[uuid.UUID]  # of the even ones
    source: Source

    def __len__(self) -> int:
        return len(self.pseudonym)


def invent(events: int) -> History:
    """Invent events, cold and hot; the same for the same number, but for the hour."""
    rng = np.random.default_rng(20261122)
    this_week = datetime.combine(week_of(datetime.now(UTC)), datetime.min.time(), UTC)
    cast = invent_cast(rng, max(events // EVENTS_OF_ONE, 100))
    parts, first = [], 1_000_000_000
    for weeks_ago in range(WEEKS - 1, 0, -1):
        week = this_week - timedelta(weeks=weeks_ago)
        part = happened(rng, cast, events // WEEKS, week, first)
        freeze(cast, part, week)
        parts.append(part)
        first += len(part[0])
    part = happened(rng, cast, events - events // WEEKS * (WEEKS - 1), this_week, first)
    parts.append(heat(cast, part, this_week))
    subject, kind, at_us, number = (np.concatenate([part[i] for part in parts]) for i in range(4))
    says = f"{len(cast):,} subjects, {WEEKS - 1} weeks cold, {len(parts[-1][0]):,} events hot"
    return History(cast.root[subject], kind.astype(np.uint8), at_us, number, says)


def happened(
    rng: np.random.Generator, cast: Cast, events: int, week: datetime, first_id: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """A week's events in order of time: (row of the subject, kind, at_us, id)."""
    start_us = int(week.timestamp()) * 1_000_000
    at_us = np.sort(rng.integers(start_us, start_us + WEEK_US, events))
    kind = rng.choice(len(KINDS), events, p=[share for _, share in KINDS])
    return rng.integers(0, len(cast), events), kind, at_us, np.arange(first_id, first_id + events)


def invent_cast(rng: np.random.Generator, subjects: int) -> Cast:
    """Make people who agreed and visitors, each with a pseudonym; one visitor in fifty became known."""
    pseudonym = np.unique(rng.integers(1, 2**63 - 1, subjects))
    rng.shuffle(pseudonym)
    root = pseudonym.copy()
    became_known = np.arange(1, len(pseudonym), 100)
    root[became_known] = pseudonym[became_known - 1]
    source = Source.objects.create(name="bench", kind="server")
    template = make_person()
    person_ids = [uuid.UUID(int=i + 1) for i in range(-(-len(pseudonym) // 2))]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_person SELECT (jsonb_populate_record(p, jsonb_build_object("
            "'id', lpad(to_hex(n), 32, '0')::uuid, 'email', 'p' || n || '@people.example'))).*"
            " FROM catalog_person p, generate_series(1, %s) n WHERE p.id = %s",
            [len(person_ids), template.pk],
        )
        cursor.execute(
            "INSERT INTO trust_consent (person_id, purpose, granted, text_shown, by, at)"
            " SELECT id, 'behaviour', true, '', '', now() FROM catalog_person"
        )
        is_person = np.arange(len(pseudonym)) % 2 == 0
        copy(
            cursor,
            "listen_subject (pseudonym, person_id, source_id, anonymous_id, same_as, key, created_at)",
            pa.table(
                {
                    "pseudonym": pseudonym,
                    "person": [
                        str(person_ids[i // 2]) if i % 2 == 0 else None for i in range(len(pseudonym))
                    ],
                    "source": pa.array(np.full(len(pseudonym), source.pk), mask=is_person),
                    "visitor": [f"visitor-{i}" if i % 2 else "" for i in range(len(pseudonym))],
                    "same_as": pa.array(root, mask=root == pseudonym),
                    "key": pa.repeat("\\x" + "00" * 32, len(pseudonym)),
                    "at": pa.repeat("2026-01-01", len(pseudonym)),
                }
            ),
        )
        cursor.execute("ANALYZE")
    return Cast(pseudonym, root, person_ids, source)


def freeze(cast: Cast, part: tuple[Ints, ...], week: datetime) -> None:
    """Write a week as compaction leaves it: a file a shard, sorted."""
    row, kind, at_us, number = part
    subject = cast.pseudonym[row]
    for shard in range(SHARDS):
        rows = np.flatnonzero(subject % SHARDS == shard)
        rows = rows[np.lexsort((number[rows], at_us[rows], subject[rows]))]
        table = cold_table(cast, subject[rows], kind[rows], at_us[rows], number[rows])
        place = Place(content="events", purpose="behaviour", week=week.date(), shard=shard)
        add_cold_events(place, batches=table.to_batches(max_chunksize=65_536), by=Actor.machine("bench"))


def cold_table(cast: Cast, subject: Ints, kind: Ints, at_us: Ints, number: Ints) -> pa.Table:
    n = len(subject)
    columns: dict[str, Any] = {
        "id": number,
        "subject": subject,
        "kind": pa.DictionaryArray.from_arrays(pa.array(kind, pa.int32()), pa.array(NAMES)),
        "at": pa.array(at_us),
        "received_at": pa.array(at_us + 40_000),
        "source_id": np.full(n, cast.source.pk),
        "tier": pa.repeat("A", n),
        "flags": pa.array([[]] * n, pa.list_(pa.string())),
    }
    return pa.table(
        {
            f.name: pa.array(columns[f.name]).cast(f.type) if f.name in columns else pa.nulls(n, f.type)
            for f in EVENTS
        }
    )


def heat(cast: Cast, part: tuple[Ints, ...], week: datetime) -> tuple[Ints, ...]:
    """Write a week into PostgreSQL; ids are the sequence's, in the order of time."""
    row, kind, at_us, number = part
    ensure_weeks(week, week)
    at = pa.array(at_us).cast(pa.timestamp("us", "UTC"))
    is_person = row % 2 == 0
    people = np.array([str(one) for one in cast.person_ids], dtype=object)
    n = len(row)
    table = pa.table(
        {
            "id": number,
            "source": np.full(n, cast.source.pk),
            "message": [f"m{i}" for i in number.tolist()],
            "kind": pa.array(np.array(NAMES, dtype=object)[kind], pa.string()),
            "version": np.ones(n, dtype=np.int16),
            "event": pa.repeat("", n),
            "at": at,
            "received_at": at,
            "person": pa.array(np.where(is_person, people[row // 2], None), pa.string()),
            "visitor": [f"visitor-{i}" if i % 2 else "" for i in row.tolist()],
            "props": pa.repeat("{}", n),
            "context": pa.repeat("{}", n),
            "tier": pa.repeat("A", n),
            "purpose": pa.repeat("behaviour", n),
            "purposes": pa.repeat("{behaviour}", n),
            "flags": pa.repeat("{}", n),
            "role": pa.repeat("", n),
        }
    )
    names = (
        "id, source_id, message_id, kind, version, event, at, received_at, person_id, anonymous_id, props,"
        " context, tier, purpose, purposes, flags, actor_role"
    )
    with connection.cursor() as cursor:
        copy(cursor, f"listen_signal ({names})", table)
        cursor.execute("ANALYZE listen_signal")
    return part


def copy(cursor: Any, into: str, table: pa.Table) -> None:
    """COPY a table as CSV; null is an empty field, an empty text is quoted."""
    said = io.BytesIO()
    pyarrow.csv.write_csv(table, said, pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed"))
    with cursor.copy(f"COPY {into} FROM STDIN (FORMAT csv)") as stream:
        stream.write(said.getbuffer())
