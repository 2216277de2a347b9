"""How many people went through these steps, in this order, within this time: hot and cold together.

What a chain is, to the microsecond, is said in `segue.engine.funnel`. Here is whose events are counted:
those of people and of anonymous visitors who agreed. A visitor who became known is one with that person.
Nobody's events, those of the erased and of those who withdrew, and (by the tiers) suspected robots' are not
counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from segue.engine.funnel import MOST_STEPS
from segue.kit.actor import Actor, Role
from segue.kit.errors import Invalid, NotAllowed
from segue.listen.cold.schema import event_digest
from segue.listen.cold.storage import FileGone
from segue.listen.compute import Engine
from segue.listen.compute import engine as chosen_engine
from segue.listen.kinds import KINDS
from segue.listen.queries.funnel_parts import Parts, microseconds, parts_of
from segue.listen.shards import Counted, Events, Int64Array, Question, StepKey, count, count_shard

MAY_ASK = frozenset({Role.ADMINISTRATOR, Role.RECRUITER, Role.ANALYST, Role.MACHINE})
ATTEMPTS = 3  # files may be replaced between our looking at the list and our reading


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of signal; where an event's name is given, only those of that name."""

    kind: str
    event: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.event}" if self.event else self.kind


@dataclass(frozen=True, slots=True)
class FunnelCounts:
    """How many reached each step, and of what was asked."""

    steps: tuple[Step, ...]
    reached: tuple[int, ...]
    window: timedelta
    since: datetime | None
    until: datetime | None
    as_of: datetime
    events: int  # that served a step, of everybody counted
    engine: str

    @property
    def shares(self) -> tuple[float, ...]:
        """Of those who reached the first step, the share that reached each."""
        first = self.reached[0]
        return tuple(n / first if first else 0.0 for n in self.reached)


def funnel(
    steps: Sequence[Step],
    *,
    window: timedelta,
    since: datetime | None = None,
    until: datetime | None = None,
    tiers: str = "ABC",
    by: Actor,
    engine: Engine | None = None,
) -> FunnelCounts:
    """Count subjects through 1 to 8 steps; the last lies at most `window` after the first.

    Only events in [since, until) count, so who began before `since` begins with the next first step.
    Everything is read as of one instant. The answer does not depend on the engine (settings.COMPUTE).
    Raises NotAllowed but for analysts, recruiters and administrators, and Invalid, naming the field.
    """
    if by.role not in MAY_ASK:
        raise NotAllowed("Funnels are for analysts, recruiters and administrators.")
    _refuse_nonsense(steps, window, since, until, tiers)
    working = engine or chosen_engine()
    parts, counted = _counted(question_of(steps, window, since, until, tiers), steps, working)
    reached = sum((one.reached for one in counted), start=_count_apart(parts, counted))
    return FunnelCounts(
        steps=tuple(steps),
        reached=tuple(int(n) for n in reached),
        window=window,
        since=since,
        until=until,
        as_of=parts.as_of,
        events=sum(one.events + len(one.apart) for one in counted),
        engine=working.name,
    )


def _counted(question: Question, steps: Sequence[Step], engine: Engine) -> tuple[Parts, list[Counted]]:
    """Ask every shard. Where files went while we read, look again what there is."""
    for _ in range(ATTEMPTS - 1):
        with suppress(FileGone, FileNotFoundError):
            return _counted_once(question, steps, engine)
    return _counted_once(question, steps, engine)


def _counted_once(question: Question, steps: Sequence[Step], engine: Engine) -> tuple[Parts, list[Counted]]:
    parts = parts_of(question, [step.event for step in steps], is_local=engine.shares_files)
    return parts, engine.map(count_shard, parts.tasks)


def question_of(
    steps: Sequence[Step],
    window: timedelta,
    since: datetime | None = None,
    until: datetime | None = None,
    tiers: str = "ABC",
) -> Question:
    """Say a funnel the way shards understand it."""
    keys = tuple(StepKey(step.kind, event_digest(step.event)) for step in steps)
    question = Question(keys, window // timedelta(microseconds=1), tiers=tiers)
    return Question(
        keys,
        question.window_us,
        microseconds(since) if since else question.since_us,
        microseconds(until) if until else question.until_us,
        tiers,
    )


def _count_apart(parts: Parts, counted: Sequence[Counted]) -> Int64Array:
    """Count those whose events lay in several shards, under the name they have in the end."""
    apart = Events.of([one.apart for one in counted])
    merged = Events(parts.in_the_end(apart.subject), apart.steps, apart.at_us, apart.id)
    return count(merged, parts.question, parts.living_apart)


def _refuse_nonsense(
    steps: Sequence[Step], window: timedelta, since: datetime | None, until: datetime | None, tiers: str
) -> None:
    if not 1 <= len(steps) <= MOST_STEPS:
        raise Invalid(f"A funnel has 1 to {MOST_STEPS} steps.", field="steps")
    for step in steps:
        if step.kind not in KINDS:
            raise Invalid(
                f"There is no kind {step.kind!r}.", field="steps", remedy="docs/signals.md lists them all."
            )
    if window < timedelta(0):
        raise Invalid("A window cannot be negative.", field="window")
    if since and until and since >= until:
        raise Invalid("This time ends before it begins.", field="until")
    if not tiers or set(tiers) - set("ABCD"):
        raise Invalid("Tiers are A, B, C and D.", field="tiers", remedy="Write ABC for all but robots.")
