"""What a funnel is counted from, read as of one instant: the list of files, who is somebody, what is hot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from segue.engine.funnel import is_among
from segue.kit.clock import now
from segue.listen.cold.hot import TO_1970_US, integers
from segue.listen.cold.schema import SHARDS
from segue.listen.cold.storage import storage
from segue.listen.models import ColdFile
from segue.listen.queries.events import Wanted, cold_files, one_moment, seed
from segue.listen.queries.subjects import GRANTED, NAMELESS_PERSON, NAMELESS_VISITOR
from segue.listen.shards import FIRST, LAST, Events, File, Int64Array, Place, Question, Task

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MEMORY_OF_A_JOIN = "64MB"  # some hundred thousand people and visitors are joined without the disk
ROWS_OF_A_TASK = 4_000_000  # a shard with more is read in parts, by its subjects' numbers

# Gathered by the hundred thousand: a row at a time would cost this process more than all the counting. Who
# agreed is found out once, for the hot events and for the list of all who are somebody.
_HOT = f"""
WITH {GRANTED}, person AS MATERIALIZED (
  SELECT person_id, pseudonym, {NAMELESS_PERSON} AS nameless
  FROM granted g LEFT JOIN listen_subject USING (person_id)
), said AS (
  SELECT COALESCE(pseudonym, nameless) AS subject, s.at, s.id, (@steps)::int8 AS steps
  FROM listen_signal s JOIN person USING (person_id) WHERE @when
  UNION ALL
  SELECT COALESCE(a.pseudonym, {NAMELESS_VISITOR}), s.at, s.id, (@steps)::int8
  FROM listen_signal s LEFT JOIN listen_subject a
    ON a.anonymous_id = s.anonymous_id AND COALESCE(a.source_id, 0) = COALESCE(s.source_id, 0)
  WHERE s.person_id IS NULL AND s.anonymous_id <> '' AND @when
)
SELECT array_agg(subject), array_agg(at), array_agg(id), array_agg(steps), '{{}}'::int8[]
FROM said WHERE steps <> 0 GROUP BY id >> 18
UNION ALL
SELECT '{{}}', '{{}}', '{{}}', '{{}}', array_agg(pseudonym) FROM (
  SELECT pseudonym FROM person WHERE pseudonym IS NOT NULL
  UNION ALL SELECT pseudonym FROM listen_subject WHERE person_id IS NULL
) living GROUP BY pseudonym & 15
"""  # noqa: S608 - our own words
_SAME = """
SELECT array_agg(pseudonym), array_agg(same_as) FROM listen_subject
WHERE same_as IS NOT NULL GROUP BY pseudonym & 15
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """The tasks, and what is known of those who stand apart: `alias` (sorted) is the same as `same_as`."""

    question: Question
    tasks: list[Task]
    alias: Int64Array
    same_as: Int64Array
    living_apart: Int64Array
    as_of: datetime

    def in_the_end(self, subject: Int64Array) -> Int64Array:
        """Give everybody the one name all their events go by."""
        if not len(self.alias):
            return subject
        place = _places(subject, self.alias)
        return np.where(is_among(subject, self.alias), self.same_as[place], subject)


def microseconds(at: datetime) -> int:
    """Return microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


def _moment(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def parts_of(question: Question, events: Sequence[str], *, is_local: bool) -> Parts:
    """Read what a question needs; `events` are the names its steps ask for, as the hot side knows them.

    With `is_local` the tasks name files of this machine, else workers fetch files themselves.
    """
    with one_moment():
        _make_room()
        as_of = now()
        files = _files(question)
        alias, same_as = _same()
        hot, living = _hot_and_living(question, events)
    apart = np.union1d(alias, same_as)
    known = np.union1d(living, hot.subject)
    tasks = [
        Task(
            question=question,
            files=_where_they_lie(files[shard], is_local=is_local),
            hot=hot.where(_in(hot.subject, shard, low, high)),
            living=living[_in(living, shard, low, high)],
            apart=apart[_in(apart, shard, low, high)],
            place=None if is_local else _place(),
            low=low,
            high=high,
        )
        for shard in range(SHARDS)
        for low, high in _ranges(sum(file.rows for file in files[shard]))
        if files[shard] or len(hot)
    ]
    return Parts(question, tasks, alias, same_as, known[is_among(known, apart)], as_of)


def _files(question: Question) -> list[list[ColdFile]]:
    """The listed files of events, by shard, in order of time; none that ends before the time asked for."""
    since = _moment(question.since_us) if question.since_us != FIRST else None
    files: list[list[ColdFile]] = [[] for _ in range(SHARDS)]
    for file in cold_files(Wanted(since=since)):
        files[file.shard].append(file)
    return files


def _where_they_lie(files: Sequence[ColdFile], *, is_local: bool) -> tuple[File, ...]:
    if not is_local:
        return tuple(File(file.path, file.sha256) for file in files)
    place = storage()
    return tuple(File(str(place.fetch(file.path, sha256=file.sha256))) for file in files)


def _place() -> Place:
    module, _, name = settings.STORAGE_PORT.rpartition(".")
    return Place(f"{module}:{name}", settings.STORAGE, settings.DATA_DIR)


def _ranges(rows: int) -> list[tuple[int, int]]:
    """Cut all subject numbers into ranges that hold about ROWS_OF_A_TASK of these rows each.

    Pseudonyms are drawn evenly from the positive numbers; negative ones stand in for the few that have none.
    """
    n = max(1, -(-rows // ROWS_OF_A_TASK))
    edges = [FIRST] + [i * 2**63 // n for i in range(1, n)] + [LAST + 1]
    return [(low, high - 1) for low, high in pairwise(edges)]


def _in(subjects: Int64Array, shard: int, low: int, high: int) -> NDArray[np.bool_]:
    chosen: NDArray[np.bool_] = subjects.view(np.uint64) % np.uint64(SHARDS) == shard
    if (low, high) != (FIRST, LAST):
        chosen &= (subjects >= low) & (subjects <= high)
    return chosen


def _make_room() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{MEMORY_OF_A_JOIN}'")


def _same() -> tuple[Int64Array, Int64Array]:
    """Who turned out to be whom, in the end: (alias, sorted, and same as)."""
    alias, same_as = _gathered(2, _SAME)
    order = np.argsort(alias)
    return alias[order], _followed(alias[order], same_as[order])


def _followed(alias: Int64Array, same_as: Int64Array) -> Int64Array:
    """Follow each alias to its end. Each round doubles how far is looked, so a ring (a fault) ends too."""
    for _ in range(64):
        further = is_among(same_as, alias)
        if not further.any():
            break
        same_as = np.where(further, same_as[_places(same_as, alias)], same_as)
    return same_as


def _places(values: Int64Array, within: Int64Array) -> NDArray[np.intp]:
    """Where each value stands in a sorted array; anywhere, if it does not."""
    return np.minimum(np.searchsorted(within, values), len(within) - 1)


def _hot_and_living(question: Question, events: Sequence[str]) -> tuple[Events, Int64Array]:
    """The hot events that serve a step, of somebody; and the pseudonyms of all who are somebody, sorted."""
    kinds = sorted({step.kind for step in question.steps})
    values: dict[str, Any] = {"seed": seed(), "kinds": kinds, "tiers": list(question.tiers)}
    cases, when = [], "s.kind = ANY(%(kinds)s) AND s.tier = ANY(%(tiers)s)"
    for bit, (step, name) in enumerate(zip(question.steps, events, strict=True)):
        values[f"kind{bit}"], values[f"event{bit}"] = step.kind, name
        named = f" AND s.event = %(event{bit})s" if name else ""
        cases.append(f"CASE WHEN s.kind = %(kind{bit})s{named} THEN {1 << bit} ELSE 0 END")
    if question.since_us != FIRST:
        values["since"], when = _moment(question.since_us), when + " AND s.at >= %(since)s"
    if question.until_us != LAST:
        values["until"], when = _moment(question.until_us), when + " AND s.at < %(until)s"
    sql = _HOT.replace("@steps", " | ".join(cases)).replace("@when", when)
    subject, at_us, id_, steps, living = _gathered(5, sql, values)
    return Events(subject, steps.astype(np.uint8), at_us + TO_1970_US, id_), np.sort(living)


def _gathered(columns: int, query: str, values: dict[str, Any] | None = None) -> list[Int64Array]:
    """Run a query that gathers its columns into arrays, several rows of them; return the columns whole."""
    blocks = list(integers(connection.connection, query, values))
    empty = np.zeros(0, dtype=np.int64)
    return [np.concatenate([empty, *(block[i] for block in blocks)]) for i in range(columns)]
