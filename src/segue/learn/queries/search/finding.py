"""Who answers an Ask, in which order: counted exactly up to ten thousand, ranked as far, newest first beyond.

The order is worked out in two steps. The database ranks everybody who matches by where the words stand in
the small head of their profile; for the first hundred the rest is added: how many of the skills they
hold (near ones count less), how near in meaning their profile is, where it may be read, and how fresh it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from segue.engine.query import All
from segue.kit import clock
from segue.kit.actor import Actor
from segue.learn.queries.search.asking import Ask
from segue.learn.queries.search.closeness import closeness_of, skill_credit
from segue.learn.queries.search.statement import ranked_by, where

COUNTED, WINDOW, PAGE_SIZE = 10_000, 100, 50
RANK, SKILLS, MEANING, FRESH = 0.5, 0.2, 0.2, 0.1  # what each part of a score weighs
FADES_DAYS = 365.0
_POINTS = 1_000_000  # a score is a whole number, so that a place in the order can be written down exactly


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody found: a score (0 where nothing is ranked)."""

    person_id: uuid.UUID
    score: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits; `total` is exact unless `more_than`, and then nobody is ranked."""

    hits: Sequence[Hit] = field(default_factory=list)
    total: int = 0
    more_than: bool = False
    next_after: str = ""


def may_search(actor: Actor) -> bool:
    """Say who may look for people at all; whoever sits in this index is `people_visible_to` these."""
    return actor.finds_people or actor.is_machine


def count_people(actor: Actor, ask: Ask, *, since: datetime | None = None, at_most: int = COUNTED) -> int:
    """Count who matches, up to one more than `at_most`; with `since`, whose words changed after it."""
    if not may_search(actor):
        return 0
    condition, values = where(ask, actor)
    if since is not None:
        condition, values = f"({condition}) AND changed_at > %s", [*values, since]
    sql = f"SELECT count(*) FROM (SELECT 1 FROM learn_searchrow WHERE {condition} LIMIT %s) s"  # noqa: S608 - our own words
    return int(_rows(sql, [*values, at_most + 1])[0][0])


def find_people(actor: Actor, ask: Ask, *, after: str = "", size: int = PAGE_SIZE) -> Found:
    """Return a page of who matches, below `after`, the last page's `next_after`; nobody but for the team."""
    stage, score, last = _place(after)
    if not may_search(actor):
        return Found()
    if ask.tree != All() and stage == "w":
        total, best = _counted(actor, ask)
        if total <= COUNTED:
            return _first(actor, ask, total, best, score, last, size)
    else:
        total = count_people(actor, ask)
        if stage == "r" and total <= COUNTED:
            rest = _ranked(actor, ask, (score, last), size + 1)
            return Found(
                rest[:size], total, next_after=_after("r", rest[size - 1]) if len(rest) > size else ""
            )
    return _newest(actor, ask, total, after, size)


def _first(
    actor: Actor, ask: Ask, total: int, best: list[Hit], score: int, last: uuid.UUID | None, size: int
) -> Found:
    """A page of those in full order, filled up with those behind them."""
    hits = _scored(ask, best)
    if last is not None:
        hits = [hit for hit in hits if (hit.score, hit.person_id) < (score, last)]
    if len(hits) > size or total <= WINDOW:
        return Found(hits[:size], total, next_after=_after("w", hits[size - 1]) if len(hits) > size else "")
    rest = _ranked(actor, ask, None, size - len(hits) + 1, skip=WINDOW)
    stage = "w" if len(hits) == size else "r"
    more = len(hits) + len(rest) > size
    shown = [*hits, *rest][:size]
    return Found(shown, total, next_after=_after(stage, shown[-1]) if more else "")


def matching_ids(actor: Actor, ask: Ask) -> set[uuid.UUID]:
    """Return everybody who matches, however many."""
    if not may_search(actor):
        return set()
    condition, values = where(ask, actor)
    return {row[0] for row in _rows(f"SELECT person_id FROM learn_searchrow WHERE {condition}", values)}  # noqa: S608 - our own words


def _newest(actor: Actor, ask: Ask, total: int, after: str, size: int) -> Found:
    condition, values = where(ask, actor)
    _stage, _score, last = _place(after)
    if last is not None:
        condition, values = f"({condition}) AND person_id < %s", [*values, last]
    sql = f"SELECT person_id FROM learn_searchrow WHERE {condition} ORDER BY person_id DESC LIMIT %s"  # noqa: S608 - our own words
    hits = [Hit(person_id) for (person_id,) in _rows(sql, [*values, size + 1])]
    more = _after("n", hits[size - 1]) if len(hits) > size else ""
    return Found(hits[:size], min(total, COUNTED), more_than=total > COUNTED, next_after=more)


def _by_words(actor: Actor, ask: Ask) -> tuple[str, list[Any]]:
    """The statement of who matches with their words' rank in the head of their profile."""
    condition, values = where(ask, actor)
    query = ranked_by(ask)
    score, ranking = (f"round(ts_rank(head, %s::tsquery) * {_POINTS})::int", [query]) if query else ("0", [])
    return f"SELECT person_id, {score} AS score FROM learn_searchrow WHERE {condition}", [*ranking, *values]  # noqa: S608 - our own words


def _counted(actor: Actor, ask: Ask) -> tuple[int, list[Hit]]:
    """Count who matches, up to one more than is counted, and return the best by rank: all in one look."""
    sql, values = _by_words(actor, ask)
    each = f"SELECT m.*, count(*) OVER () FROM ({sql} LIMIT %s) m"  # noqa: S608 - our own words
    rows = _rows(f"{each} ORDER BY score DESC, person_id DESC LIMIT %s", [*values, COUNTED + 1, WINDOW])
    return (rows[0][2] if rows else 0), [Hit(person_id, int(points)) for person_id, points, _ in rows]


def _ranked(
    actor: Actor, ask: Ask, below: tuple[int, uuid.UUID | None] | None, size: int, *, skip: int = 0
) -> list[Hit]:
    """Matches by rank, from below a place on."""
    sql, values = _by_words(actor, ask)
    if below is not None:
        sql, values = f"SELECT * FROM ({sql}) r WHERE (score, person_id) < (%s, %s)", [*values, *below]  # noqa: S608 - our own words
    rows = _rows(f"{sql} ORDER BY score DESC, person_id DESC LIMIT %s OFFSET %s", [*values, size, skip])
    return [Hit(person_id, int(points)) for person_id, points in rows]


def _scored(ask: Ask, hits: list[Hit]) -> list[Hit]:
    ids = [hit.person_id for hit in hits]
    told = {row[0]: row[1:] for row in _rows(_TOLD, [ids])}
    rank = np.array([hit.score for hit in hits], dtype=np.float64)
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)  # the order holds for a day
    old_days = np.array([max(0.0, (today - told[pk][1]).total_seconds() / 86_400) for pk in ids])
    score = (
        RANK * rank / max(1.0, float(rank.max(initial=0.0)))
        + SKILLS * skill_credit(ask.wanted_skills, [told[pk][0] for pk in ids])
        + MEANING * closeness_of(ask.words, ids)
        + FRESH * np.exp(-old_days / FADES_DAYS)
    )
    points = [round(float(one) * _POINTS) for one in score]
    made = [Hit(pk, point) for pk, point in zip(ids, points, strict=True)]
    return sorted(made, key=lambda hit: (hit.score, hit.person_id), reverse=True)


_STAGES = "wrn"  # in full order, by rank of the words, newest first
_TOLD = "SELECT person_id, skills, stated_at FROM learn_searchrow WHERE person_id = ANY(%s::uuid[])"


# The planner does not know that comparing `words` row by row means unpacking each résumé, and would rather
# read the whole table than ask the index for a fifth of it. All three go in one round trip.
_BY_THE_INDEX = "SET LOCAL enable_seqscan = off; {}; SET LOCAL enable_seqscan = on"


def _rows(sql: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_BY_THE_INDEX.format(sql), values)
        cursor.nextset()
        return list(cursor.fetchall())


def _after(stage: str, hit: Hit) -> str:
    return f"{stage}{hit.score}.{hit.person_id.hex}"


def _place(after: str) -> tuple[str, int, uuid.UUID | None]:
    """Read a place in the order; anything else is the beginning."""
    stage, (score, _dot, key) = after[:1], after[1:].partition(".")
    try:
        return (stage, int(score), uuid.UUID(key)) if stage in _STAGES else ("w", 0, None)
    except ValueError:
        return "w", 0, None
