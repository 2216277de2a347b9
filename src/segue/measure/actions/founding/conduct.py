"""What the invented people did: applications with their stage ledger, and visits."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from segue.catalog.models import Job, Person
from segue.engine.world.records import EVENT_KINDS, Application, Visible
from segue.hire.actions.loading import LoadedApplication, LoadedEntry, load_applications
from segue.kit.actor import Actor
from segue.kit.clock import now
from segue.kit.copying import copy_rows
from segue.listen.actions.partitions import ensure_weeks
from segue.listen.kinds import KINDS
from segue.listen.models import Signal, Tier
from segue.recommend.models import CardStance, Stance
from segue.trust.models import Account

KIND_OF = {
    "impression": "card.shown",
    "click": "card.clicked",
    "dwell": "job.dwelled",
    "save": "card.saved",
    "like": "card.liked",
    "skip": "card.skipped",
    "hide": "card.hidden",
}
STANCE_OF = {"save": Stance.SAVED, "like": Stance.LIKED, "skip": Stance.SKIPPED, "hide": Stance.HIDDEN}
OUTCOME_OF = {"active": "open", "hired": "hired", "rejected": "rejected", "withdrawn": "withdrawn"}


def settle_applications(
    visible: Visible, people: list[Person], jobs: list[Job], staff: dict[str, Account]
) -> None:
    """Load the applications and tell the ledger of each, as the pages would have."""
    person_of = {invented.external_id: row for invented, row in zip(visible.people, people, strict=True)}
    job_of = {invented.external_id: row for invented, row in zip(visible.jobs, jobs, strict=True)}
    rows = [_loaded(one, person_of[one.person], job_of[one.job], staff) for one in visible.applications]
    load_applications(rows, by=Actor.machine("founding"))
    _tell_ledger([signal for row in rows for signal in _told(row)])


def _tell_ledger(signals: list[Signal]) -> None:
    if signals:
        ensure_weeks(min(signal.received_at for signal in signals), now())
    copy_rows(Signal, signals)


def _told(row: LoadedApplication) -> list[Signal]:
    """What the ledger would hold of one application: that it came, and how it ended."""
    told = [_signal("application.submitted", row.person.pk, row.job.pk, row.applied_at)]
    if row.outcome != "open" and row.decided_at is not None:
        kind = "application.withdrawn" if row.outcome == "withdrawn" else "application.decided"
        told.append(_signal(kind, row.person.pk, row.job.pk, row.decided_at))
    return told


def _loaded(one: Application, person: Person, job: Job, staff: dict[str, Account]) -> LoadedApplication:
    entries = [
        LoadedEntry(
            stage=entry.stage,
            at=entry.entered_at,
            by=staff.get(entry.by),
            reason=entry.reason.replace("-", " "),
        )
        for entry in one.stages
        if entry.stage in {"applied", "screen", "interview", "onsite", "offer", "hired"}
    ]
    last = one.stages[-1]
    return LoadedApplication(
        external_id=one.external_id,
        person=person,
        job=job,
        source=one.source,
        applied_at=one.applied_at,
        outcome=OUTCOME_OF[one.status],
        decided_at=last.left_at or last.entered_at,
        decided_by=staff.get(last.by),
        reason=last.reason.replace("-", " "),
        entries=entries,
    )


def _signal(
    kind: str, person_id: uuid.UUID | None, job_id: uuid.UUID, at: datetime, dwell_s: float = 0.0
) -> Signal:
    return Signal(
        kind=kind,
        at=at,
        received_at=at,
        person_id=person_id,
        job_id=job_id,
        props={"dwell_s": round(dwell_s, 1)} if dwell_s else {},
        tier=Tier.A,
        purpose=KINDS[kind].purpose,
        purposes=[KINDS[kind].purpose] if person_id else [],
        actor_role="candidate",
    )


def settle_behaviour(visible: Visible, people: list[Person], jobs: list[Job]) -> None:
    """Write visits to the ledger; those of people who did not consent are nobody's."""
    events = visible.behaviour
    known = [one.consents.behaviour for one in visible.people]
    stances: dict[tuple[int, int], tuple[Stance, Signal]] = {}
    signals: list[Signal] = []
    for i in range(len(events.kind)):
        name = EVENT_KINDS[events.kind[i]]
        if name not in KIND_OF:
            continue
        p, j = int(events.person[i]), int(events.job[i])
        at = events.at[i].astype("datetime64[us]").item().replace(tzinfo=UTC)
        whose = people[p].pk if known[p] else None
        signal = _signal(KIND_OF[name], whose, jobs[j].pk, at, float(events.dwell_s[i]))
        signals.append(signal)
        if name in STANCE_OF:
            stances[p, j] = (STANCE_OF[name], signal)
    _tell_ledger(signals)
    copy_rows(
        CardStance,
        [
            CardStance(
                person=people[p],
                job=jobs[j],
                stance=stance,
                signal_id=signal.pk if signal.person_id else None,
                at=signal.at,
            )
            for (p, j), (stance, signal) in stances.items()
        ],
    )
