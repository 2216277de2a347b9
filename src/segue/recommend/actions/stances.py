"""A person answers a card; the next one is dealt in its place at once. Everything can be undone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from segue.catalog.models import Job, JobStatus, Person
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.kit.prepared import insert
from segue.learn.queries.catalogue import Catalogue
from segue.learn.queries.model_input import catalogue_seen_with, granted_to, input_from, person_row
from segue.listen.actions.record import record
from segue.listen.models import Signal, Tier
from segue.recommend.actions.mixes import Dealt, Situation, current_exposures, situation_of
from segue.recommend.cards import Card, Reaction
from segue.recommend.exposures import exposure_of, reasons_logged
from segue.recommend.home import card_of
from segue.recommend.models import CardStance, Exposure, Shelf, Stance
from segue.recommend.queries.playlists import published_items
from segue.recommend.queries.stances import own_only, stances_of
from segue.recommend.ranking import rank_jobs, rests
from segue.recommend.shelves import deal_field
from segue.recommend.traces import trace_of
from segue.trust.actions.decisions import write_decision

NOT_NOW_DAYS = 30
SAME_WORD = timedelta(hours=1)
UNDONE_AT_MOST = 20  # so many stances to one job can be taken back, one after another
_ANEW = "(person_id, job_id) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in ("stance", "until", "signal_id", "before", "exposure_id", "at")
)
EMPTIES_ITS_PLACE = frozenset({Stance.SKIPPED, Stance.NOT_NOW, Stance.LESS, Stance.HIDDEN})


@action("recommend.take_stance")
def take_stance(
    person_id: uuid.UUID,
    *,
    job_id: uuid.UUID,
    stance: str,
    by: Actor,
    exposure_id: uuid.UUID | None = None,
    until: datetime | None = None,
    device: str = "unknown",
) -> Reaction:
    """Record a stance and, where it empties a place, deal the next card there.

    Raises Invalid for an unknown stance, NotFound for a job that is not on offer.
    """
    own_only(person_id, by)
    if stance not in Stance.values:
        raise Invalid("No such answer.", field="stance", remedy=f"Use one of {', '.join(Stance.values)}.")
    person = person_row(person_id, lock=True)
    jobs = catalogue_seen_with(person)
    job = _job(job_id, jobs)
    if stance == Stance.NOT_NOW and until is None:
        until = clock.now() + timedelta(days=NOT_NOW_DAYS)
    stances = stances_of(person_id, by)
    dealt = current_exposures(person_id)
    shown = _shown(dealt, job_id, exposure_id)
    if not _is_said(stances.get(job_id), stance, until):
        stances[job_id] = _settle(person, job_id, stance, until, stances.get(job_id), shown, by=by)
    replacement = None
    if stance in EMPTIES_ITS_PLACE and shown is not None and jobs is not None:
        items = published_items() if shown.shelf == Shelf.RECRUITERS else []
        replacement = _replace(shown, dealt, situation_of(person, jobs, stances, items, device))
    return Reaction(stance=stance, job=job, replacement=replacement, undo_job_id=job_id)


def _job(job_id: uuid.UUID, jobs: Catalogue | None) -> Job:
    row = jobs.row_of.get(job_id) if jobs is not None else None
    if jobs is not None and row is not None:
        return jobs.jobs[row]
    found = Job.objects.exclude(status=JobStatus.DRAFT).filter(pk=job_id).first()
    if found is None:
        raise NotFound("This job is not on offer.", field="job", remedy="Go back to your home.")
    return found


def _shown(dealt: Dealt, job_id: uuid.UUID, exposure_id: uuid.UUID | None) -> Exposure | None:
    cards = [card for cards in dealt.values() for card in cards if card.job_id == job_id]
    exact = [card for card in cards if card.pk == exposure_id]
    return next(iter(exact or cards), None)


def _is_said(before: CardStance | None, stance: str, until: datetime | None) -> bool:
    """A button pressed twice says one thing: counting it again would bend the taste and lose the undo."""
    if before is None or before.stance != stance:
        return False
    if until is not None:
        return before.until is not None and abs(before.until - until) < SAME_WORD
    return stance != Stance.SKIPPED or rests(before)


def _settle(
    person: Person,
    job_id: uuid.UUID,
    stance: str,
    until: datetime | None,
    before: CardStance | None,
    shown: Exposure | None,
    *,
    by: Actor,
) -> CardStance:
    """Tell the ledger and keep the stance, with the card an undo brings back."""
    props: dict[str, Any] = {"until": until.isoformat()} if until else {}
    signal = record(
        f"card.{stance}", by=by, person_id=person.pk, job_id=job_id, granted=granted_to(person), **props
    )
    row = CardStance(
        person_id=person.pk,
        job_id=job_id,
        stance=stance,
        until=until,
        signal_id=signal.pk if signal.person_id else None,
        before=[*before.before, _as_plain(before)][-UNDONE_AT_MOST:] if before else [],
        exposure_id=shown.pk if shown else before.exposure_id if before else None,
        at=clock.now(),
    )
    insert([row], on_conflict=_ANEW)
    return row


def _as_plain(before: CardStance) -> dict[str, Any]:
    """Keep the stance that is given up with the one that ends it, so that an undo can restore it."""
    return {
        "stance": before.stance,
        "until": before.until.isoformat() if before.until else None,
        "signal_id": before.signal_id,
        "exposure_id": str(before.exposure_id) if before.exposure_id else None,
        "at": before.at.isoformat(),
    }


def _take_back(stance: CardStance) -> None:
    """Return to the stance before this one, or to none."""
    if not stance.before:
        stance.delete()
        return
    *stance.before, before = stance.before
    exposure_id = before["exposure_id"]
    stance.stance, stance.signal_id = before["stance"], before["signal_id"]
    stance.until = datetime.fromisoformat(before["until"]) if before["until"] else None
    stance.exposure = Exposure.objects.filter(pk=exposure_id).first() if exposure_id else None
    stance.at = datetime.fromisoformat(before["at"])
    stance.save()


def _replace(shown: Exposure, dealt: Dealt, now: Situation) -> Card | None:
    """Deal one card into the emptied place, from the same shelf's field."""
    shelf, ranking = Shelf(shown.shelf), now.ranking
    one, chooser = now.fields.get(shelf), now.chooser
    Exposure.objects.filter(pk=shown.pk).update(replaced_at=clock.now())
    if one is None or shown.slate is None:
        return None
    row_of = ranking.catalogue.row_of
    seed = f"{shown.pk}:{shown.job_id}"
    taken = {row_of[c.job_id] for cards in dealt.values() for c in cards if c.job_id in row_of}
    here = {row_of[c.job_id] for c in dealt[shelf] if c.job_id in row_of}
    # where every fit already lies on some shelf, one from another shelf is better than a gap
    counted = here - {row_of.get(shown.job_id, -1)}
    hands = (
        deal_field(one, ranking, lying, k=1, seed=seed, chooser=chooser, counted=counted)
        for lying in (taken, here)
    )
    hand = next((hand for hand in hands if hand), None)
    if hand is None:
        return None
    card = exposure_of(hand[0], ranking, shown.slate, shown.position, chooser, hand.seed)
    write_decision(
        kind="card.dealt",
        policy_id=now.policy_id,
        model_hash=ranking.model_hash,
        person_id=shown.person_id,
        inputs={
            **now.record,
            "replaces": str(shown.pk),
            "reasons": reasons_logged([card]),
        },
        chosen=[[shelf.value, shown.position, str(card.job_id), card.propensity]],
        reason=card.reason_code,
        trace=trace_of(ranking, {shelf.value: hand}),
    )
    insert([card])
    return card_of(card, ranking, now.stances)


@action("recommend.undo_stance")
def undo_stance(person_id: uuid.UUID, *, job_id: uuid.UUID, by: Actor) -> Card | None:
    """Take the latest stance back: the taste forgets it, the one before it stands again, the card returns."""
    own_only(person_id, by)
    person = person_row(person_id, lock=True)
    stance = CardStance.objects.filter(person_id=person_id, job_id=job_id).select_related("exposure").first()
    if stance is None:
        return None
    undone = Signal.objects.filter(pk=stance.signal_id).first() if stance.signal_id else None
    record(
        "stance.undone", by=by, person_id=person_id, job_id=job_id, undoes=undone, granted=granted_to(person)
    )
    back = stance.exposure
    _take_back(stance)
    if back is None or back.slate_id is None or (stance.pk and stance.stance in EMPTIES_ITS_PLACE):
        return None
    here = Exposure.objects.filter(slate_id=back.slate_id, position=back.position, replaced_at__isnull=True)
    here.exclude(pk=back.pk).update(replaced_at=clock.now())
    Exposure.objects.filter(pk=back.pk).update(replaced_at=None)
    jobs = catalogue_seen_with(person)
    if jobs is None:
        return None
    stances = stances_of(person_id, by)
    return card_of(back, rank_jobs(input_from(person, jobs), jobs, stances), stances)


@action("recommend.open_job")
def open_job(
    person_id: uuid.UUID,
    *,
    job_id: uuid.UUID,
    by: Actor,
    exposure_id: uuid.UUID | None = None,
    tier: Tier = Tier.A,
    flags: Sequence[str] = (),
) -> None:
    """Hear that somebody opened a job; a card they came from counts as seen, unless a program opened it."""
    own_only(person_id, by)
    record("card.clicked", by=by, person_id=person_id, job_id=job_id, tier=tier, flags=flags)
    if exposure_id is not None and tier is not Tier.D:
        seen = Exposure.objects.filter(pk=exposure_id, person_id=person_id, visible=False)
        seen.update(visible=True, shown_at=clock.now())
