"""How many people a rule holds of, who some of them are, and what a change would change."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.learn.models import Segment
from segue.learn.queries.segments.listing import may_count, may_segment
from segue.learn.queries.segments.statement import Understood, where

SAMPLED = 5


@dataclass(frozen=True, slots=True)
class Change:
    """What saving a rule would do to a segment: how many stay, come and go."""

    stay: int
    enter: int
    leave: int

    @property
    def size(self) -> int:
        return self.stay + self.enter


def count_rule(rule: Understood, *, by: Actor) -> int:
    """Count everybody of whom a rule holds now, exactly. Raises NotAllowed."""
    if not may_count(by):
        raise NotAllowed(_("Only the talent team and analysts count people."))
    condition, values = where(rule, today=clock.now().date())
    return int(rows(f"SELECT count(*) FROM learn_segmentrow WHERE {condition}", values)[0][0])  # noqa: S608 - our own words


def matching(rule: Understood, *, by: Actor, among: Sequence[uuid.UUID] | None = None) -> set[uuid.UUID]:
    """Return everybody of whom a rule holds, or those of some. Raises NotAllowed."""
    if not may_segment(by):
        raise NotAllowed(_("Only the talent team sees who is in a segment."))
    condition, values = where(rule, today=clock.now().date(), among=among)
    return {row[0] for row in rows(f"SELECT person_id FROM learn_segmentrow WHERE {condition}", values)}  # noqa: S608 - our own words


def sample(rule: Understood, *, by: Actor, size: int = SAMPLED) -> list[uuid.UUID]:
    """Return the newest few of whom a rule holds: examples, not a choice. Nobody but for the team."""
    if not may_segment(by):
        return []
    condition, values = where(rule, today=clock.now().date())
    sql = f"SELECT person_id FROM learn_segmentrow WHERE {condition} ORDER BY person_id DESC LIMIT %s"  # noqa: S608 - our own words
    return [row[0] for row in rows(sql, [*values, size])]


def preview(segment: Segment, rule: Understood, *, by: Actor) -> Change:
    """Say what saving this rule would do to who is in the segment now. Raises NotAllowed."""
    if not may_count(by):
        raise NotAllowed(_("Only the talent team and analysts count people."))
    condition, values = where(rule, today=clock.now().date())
    sql = (
        f"WITH new AS (SELECT person_id FROM learn_segmentrow WHERE {condition}), old AS ("  # noqa: S608 - our own words
        " SELECT person_id FROM learn_segmentmember WHERE segment_id = %s AND left_at IS NULL)"
        " SELECT count(*) FILTER (WHERE n.person_id IS NOT NULL AND o.person_id IS NOT NULL),"
        " count(*) FILTER (WHERE o.person_id IS NULL), count(*) FILTER (WHERE n.person_id IS NULL)"
        " FROM new n FULL JOIN old o ON o.person_id = n.person_id"
    )
    return Change(*rows(sql, [*values, segment.pk])[0])


def rows(sql: str, values: Sequence[Any]) -> list[Any]:
    """Run a statement of ours. Compiling it would take longer than running it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL jit = off; {sql}", values)
        cursor.nextset()
        return list(cursor.fetchall())
