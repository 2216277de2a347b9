"""A ledger with two sides for the funnel's stories, and beside it the truth, told flat."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
from django.db import connection

from segue.catalog.models import Person
from segue.kit.actor import Actor
from segue.listen.actions.cold_files import Place, add_cold_events
from segue.listen.actions.partitions import week_of
from segue.listen.cold.schema import EVENTS, event_digest, shard_of
from segue.listen.cold.writing import sorted_events
from segue.listen.models import Signal, Subject
from segue.listen.queries.funnel import Step
from tests.factories import grant, make_person
from tests.listen.funnel_oracle import plain_sql

MACHINE = Actor.machine("a story")
SHOWN, CLICKED, SAVED, APPLIED = "card.shown", "card.clicked", "card.saved", "application.submitted"
BEGINNING = datetime(2026, 6, 1, tzinfo=UTC)  # a Monday


@dataclass(frozen=True, slots=True)
class Told:
    """What happened, whose it truly is ("" where it should count as nobody's), and what cold files say."""

    who: str
    kind: str
    at: datetime
    id: int
    event: str = ""
    tier: str = "A"
    subject: int | None = None


@dataclass
class Stage:
    """Tells events into the hot or the cold side; cold ones are written by `freeze`."""

    waiting: list[Told] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def hot(
        self,
        who: Person | str,
        kind: str,
        at: datetime,
        *,
        counts_as: str = "",
        event: str = "",
        tier: str = "A",
    ) -> None:
        """Somebody's or (by an anonymous id, "" for nobody) a visitor's event, hot."""
        is_person = isinstance(who, Person)
        row = Signal.objects.create(
            person=who if is_person else None,
            anonymous_id="" if is_person else who,
            kind=kind,
            event=event,
            tier=tier,
            at=at,
            received_at=at,
        )
        self.told.append(
            Told(counts_as or (str(who.pk) if is_person else who), kind, at, row.pk, event, tier)
        )

    def cold(
        self,
        subject: int | None,
        kind: str,
        at: datetime,
        *,
        counts_as: str = "",
        event: str = "",
        tier: str = "A",
    ) -> None:
        """A pseudonym's (or nobody's) event, cold after `freeze`."""
        self.waiting.append(
            Told(counts_as, kind, at, 1_000_000_000 + next(self.numbers), event, tier, subject)
        )

    def freeze(self) -> None:
        """Write what waits into cold files as compaction would: by week and shard, sorted."""
        parts: dict[tuple[date, int], list[Told]] = defaultdict(list)
        for row in self.waiting:
            parts[week_of(row.at), shard_of(row.subject, row.id)].append(row)
        for (week, shard), rows in parts.items():
            place = Place(content="events", purpose="behaviour", week=week, shard=shard)
            add_cold_events(place, batches=[sorted_events(table_of(rows))], by=MACHINE)
        self.told += self.waiting
        self.waiting = []

    def plain_counts(self, steps: Sequence[Step], window: timedelta, tiers: str = "ABC") -> list[int]:
        """Ask PostgreSQL, in plain SQL, about the flat truth."""
        counted = [row for row in self.told if row.who and row.tier in tiers]
        served = [
            sum(
                1 << bit
                for bit, step in enumerate(steps)
                if step.kind == row.kind and step.event in ("", row.event)
            )
            for row in counted
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH ev AS MATERIALIZED (SELECT * FROM unnest(%s::text[], %s::timestamptz[], %s::bigint[],"
                " %s::int[]) AS said (subject, at, id, steps))"
                + plain_sql(len(steps), f"interval '{window.total_seconds()} seconds'"),
                [[r.who for r in counted], [r.at for r in counted], [r.id for r in counted], served],
            )
            return list(cursor.fetchone())


def table_of(rows: Sequence[Told]) -> pa.Table:
    columns: dict[str, list[object]] = {
        "id": [row.id for row in rows],
        "subject": [row.subject for row in rows],
        "kind": [row.kind for row in rows],
        "event": [event_digest(row.event) for row in rows],
        "at": [row.at for row in rows],
        "received_at": [row.at for row in rows],
        "tier": [row.tier for row in rows],
        "flags": [[] for _ in rows],
    }
    return pa.table(
        {
            name: pa.array(columns.get(name, [None] * len(rows)), EVENTS.field(name).type)
            for name in EVENTS.names
        }
    )


def subject_for(
    pseudonym: int, *, person: Person | None = None, visitor: str = "", same_as: int | None = None
) -> int:
    """Give a person or a visitor this pseudonym."""
    Subject.objects.create(
        pseudonym=pseudonym, person=person, anonymous_id=visitor, same_as=same_as, key=bytes(32)
    )
    return pseudonym


def agreeing_person() -> Person:
    person = make_person()
    grant(person, "behaviour")
    return person


def random_history(stage: Stage, *, seed: int, people: int = 20, events: int = 700) -> None:
    """Five weeks of people, visitors, visitors who became people, nobody, the erased, and robots.

    The last two are hot. Times are by the hour, so that some coincide.
    """
    rng = np.random.default_rng(seed)
    pseudonyms = iter(int(n) for n in rng.integers(1, 2**62, people * 4))
    cast: list[tuple[Person | str, int | None, str]] = []  # hot name, cold name, who it truly is
    for i in range(people):
        person = agreeing_person()
        known = subject_for(next(pseudonyms), person=person) if i % 5 else None
        cast.append((person, known, str(person.pk)))
        cast.append((visitor := f"visitor {i}", subject_for(next(pseudonyms), visitor=visitor), visitor))
        if known and i % 2:
            once = subject_for(next(pseudonyms), visitor=f"once {i}", same_as=known)
            cast.append(("", once, str(person.pk)))
    cast.append(("", next(pseudonyms), ""))  # erased: the files have a number nobody has
    cast.append(("", None, ""))
    kinds = [SHOWN, CLICKED, SAVED, APPLIED, "event.tracked"]
    for _ in range(events):
        name, subject, who = cast[rng.integers(len(cast))]
        kind = str(rng.choice(kinds, p=[0.4, 0.25, 0.15, 0.1, 0.1]))
        event = str(rng.choice(["Signed", "Left"])) if kind == "event.tracked" else ""
        at = BEGINNING + timedelta(hours=int(rng.integers(0, 5 * 7 * 24)))
        tier = str(rng.choice(list("ABCD")))
        is_hot = at >= BEGINNING + timedelta(weeks=3)
        if is_hot and (name or subject is None):
            stage.hot(name, kind, at, counts_as=who, event=event, tier=tier)
        elif not is_hot and (subject is not None or not name):
            stage.cold(subject, kind, at, counts_as=who, event=event, tier=tier)
    stage.freeze()
