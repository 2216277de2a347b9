"""A job's board and list, and the list across jobs: filters, counts and pages that cost what is shown."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from segue.hire.models import Answer, Application, Outcome, Stage, StageSpec
from segue.hire.queries.access import applications_visible_to
from segue.hire.queries.holding import is_held
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.paging import Page, keyset_page

COLUMN = 20  # cards a column shows at first
ORDER = ("moved_at", "pk")  # the last moved first
DECIDED = "decided"
NOBODY = "none"
SHOWN = ("job", "person", "owner")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means any. `owner` is an account's id, or "none"."""

    job_id: uuid.UUID | None = None
    stage: str = ""
    owner: str = ""
    tag: str = ""
    source: str = ""
    text: str = ""
    since: date | None = None
    overdue: bool = False
    snoozed: bool = False
    held: bool = False  # only those that look like a program's; otherwise they are left out
    look: bool = False  # an answer wants a look, and nobody has decided yet
    answer: str = ""  # "key=value": who answered that

    @classmethod
    def read(cls, said: Mapping[str, str], job_id: uuid.UUID | None) -> Filters:
        """Read an address's query; what cannot be read is left out."""
        return cls(
            job_id=job_id,
            stage=said.get("stage", ""),
            owner=_account(said.get("owner", "")),
            tag=said.get("tag", "").strip()[:40],
            source=said.get("source", "").strip()[:40],
            text=said.get("text", "").replace("\x00", "").strip()[:100],
            since=_day(said.get("since", "")),
            overdue=said.get("overdue") == "1",
            snoozed=said.get("snoozed") == "1",
            held=said.get("held") == "1",
            look=said.get("look") == "1",
            answer=said.get("answer", "").replace("\x00", "")[:200],
        )

    def as_query(self) -> str:
        """Write the filters as they stand in an address, the job left out."""
        said = {
            "stage": self.stage,
            "owner": self.owner,
            "tag": self.tag,
            "source": self.source,
            "text": self.text,
            "since": self.since.isoformat() if self.since else "",
            "overdue": "1" if self.overdue else "",
            "snoozed": "1" if self.snoozed else "",
            "held": "1" if self.held else "",
            "look": "1" if self.look else "",
            "answer": self.answer,
        }
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def narrows(self) -> bool:
        """Say whether anything but the stage is asked."""
        return bool(replace(self, stage="").as_query())


@dataclass(frozen=True, slots=True)
class Column:
    """One stage of the board: how many stand there, how many of them too long, and the first of them."""

    spec: StageSpec
    count: int
    overdue: int
    rows: Sequence[Application] = ()
    next_after: str = ""


def listed(by: Actor, wanted: Filters) -> QuerySet[Application]:
    """Return the applications the filters leave, of those this actor may see; in no order."""
    rows = applications_visible_to(by)
    if wanted.job_id is not None:
        rows = rows.filter(job_id=wanted.job_id)
    rows = rows.filter(is_held() if wanted.held else ~is_held())
    if wanted.stage == DECIDED:
        rows = rows.exclude(outcome=Outcome.OPEN)
    else:
        rows = rows.filter(outcome=Outcome.OPEN)
        rows = rows.filter(step=wanted.stage) if wanted.stage else rows
    return _narrowed(rows, wanted)


def _narrowed(rows: QuerySet[Application], wanted: Filters) -> QuerySet[Application]:
    if wanted.owner:
        rows = (
            rows.filter(owner=None) if wanted.owner == NOBODY else rows.filter(owner=uuid.UUID(wanted.owner))
        )
    if wanted.tag:
        rows = rows.filter(tags__contains=[wanted.tag])
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.since:
        rows = rows.filter(applied_at__date__gte=wanted.since)
    for word in wanted.text.split()[:6]:
        rows = rows.filter(Q(person__name__icontains=word) | Q(person__email__icontains=word))
    if wanted.overdue:
        rows = rows.filter(is_overdue(clock.now()))
    if wanted.snoozed:
        rows = rows.filter(snoozed_until__gt=clock.now())
    return _by_answers(rows, wanted)


def _by_answers(rows: QuerySet[Application], wanted: Filters) -> QuerySet[Application]:
    of_this = Answer.objects.filter(application=OuterRef("pk"))
    if wanted.look:
        rows = rows.filter(Exists(of_this.exclude(look_why="")))
    key, is_said, value = wanted.answer.partition("=")
    if is_said:
        rows = rows.filter(Exists(of_this.filter(key=key, value=value)))
    return rows


def is_overdue(at: datetime) -> Q:
    """Match what has stood longer than its stage allows, and is not snoozed."""
    return Q(due_at__lte=at) & (Q(snoozed_until=None) | Q(snoozed_until__lte=at))


def list_page(by: Actor, wanted: Filters, *, after: str = "", size: int = 50) -> Page[Application]:
    """Return a page, the last moved first; a page costs the same on row 10 and on row 100,000."""
    return keyset_page(listed(by, wanted).select_related(*SHOWN), ORDER, after=after, size=size)


def board_of(by: Actor, stages: Sequence[StageSpec], wanted: Filters) -> list[Column]:
    """Return the columns of a job's board: one query counts, one finds the cards, one fetches them."""
    shown = [spec for spec in stages if spec.kind != Stage.HIRED]
    counts = counts_of(by, wanted)
    base = listed(by, replace(wanted, stage="")).select_related(None)
    heads = [
        base.filter(step=spec.key).order_by("-moved_at", "-pk").values_list("pk", flat=True)[: COLUMN + 1]
        for spec in shown
        if counts.get(spec.key, (0, 0))[0]
    ]
    keys = (
        list(heads[0].union(*heads[1:], all=True))
        if len(heads) > 1
        else [key for one in heads for key in one]
    )
    found: dict[str, list[Application]] = {}
    rows = applications_visible_to(by).filter(pk__in=keys).select_related(*SHOWN)
    for row in sorted(rows, key=lambda row: (row.moved_at, row.pk), reverse=True):
        found.setdefault(row.step, []).append(row)
    return [_column(spec, counts.get(spec.key, (0, 0)), found.get(spec.key, [])) for spec in shown]


def _column(spec: StageSpec, counts: tuple[int, int], rows: list[Application]) -> Column:
    more = f"{rows[COLUMN - 1].moved_at.isoformat()}|{rows[COLUMN - 1].pk}" if len(rows) > COLUMN else ""
    return Column(spec, *counts, rows=rows[:COLUMN], next_after=more)


def counts_of(by: Actor, wanted: Filters) -> dict[str, tuple[int, int]]:
    """Return per stage how many the filters leave, and how many of those are overdue, in one query."""
    rows = listed(by, replace(wanted, stage="")).select_related(None).order_by()
    late = Count("pk", filter=is_overdue(clock.now()))
    return {
        step: (n, overdue) for step, n, overdue in rows.values_list("step").annotate(n=Count("pk"), late=late)
    }


def count_of(by: Actor, wanted: Filters) -> int:
    """Return how many applications the filters leave."""
    return listed(by, wanted).select_related(None).count()


def mine(by: Actor) -> QuerySet[Application]:
    """Return the open applications this colleague owns and has not snoozed, the most urgent first."""
    at = clock.now()
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=at)
    rows = applications_visible_to(by).filter(awake, owner=by.account_id, outcome=Outcome.OPEN)
    return rows.order_by("due_at", "-moved_at") if by.account_id else rows.none()


def _account(text: str) -> str:
    if text == NOBODY:
        return text
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def tomorrow_morning(days: int) -> datetime:
    """Return the morning after so many days, for snoozing: eight o'clock, UTC."""
    return (clock.now() + timedelta(days=days)).replace(hour=8, minute=0, second=0, microsecond=0)
