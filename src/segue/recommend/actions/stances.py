"""A person answers a card; the next one is dealt in its place at once. Everything can be undone."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from segue.catalog.models import Job, JobStatus
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.learn.queries.catalogue import Catalogue, catalogue
from segue.learn.queries.model_input import granted_to, input_from, person_row
from segue.listen.actions.record import record
from segue.listen.models import Signal
from segue.recommend.actions.mixes import Dealt, current_exposures, exposure_of
from segue.recommend.cards import Card, Reaction
from segue.recommend.home import card_of
from segue.recommend.models import CardStance, Exposure, Shelf, Stance
from segue.recommend.queries.playlists import published_items
from segue.recommend.queries.stances import own_only, stances_of
from segue.recommend.ranking import Ranking, rank_jobs
from segue.recommend.shelves import deal_field, fields_of
from segue.trust.actions.decisions import write_decision
from segue.trust.queries.dials import ai_is_on

NOT_NOW_DAYS = 30
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
) -> Reaction:
    """Record a stance and, where it empties a place, deal the next card there.

    Raises Invalid for an unknown stance, NotFound for a job that is not on offer.
    """
    own_only(person_id, by)
    if stance not in Stance.values:
        raise Invalid("No such answer.", field="stance", remedy=f"Use one of {', '.join(Stance.values)}.")
    person = person_row(person_id, lock=True)
    jobs = catalogue()
    job = _job(job_id, jobs)
    if stance == Stance.NOT_NOW and until is None:
        until = clock.now() + timedelta(days=NOT_NOW_DAYS)
    props: dict[str, Any] = {"until": until.isoformat()} if until else {}
    signal = record(
        f"card.{stance}", by=by, person_id=person_id, job_id=job_id, granted=granted_to(person), **props
    )
    dealt = current_exposures(person_id)
    shown = _shown(dealt, job_id, exposure_id)
    _upsert(person_id, job_id, stance, until, signal, shown)
    replacement = None
    if stance in EMPTIES_ITS_PLACE and shown is not None and jobs is not None:
        stances = stances_of(person_id, by)
        learned = shown.policy_id.startswith("mix") or ai_is_on()
        ranking = rank_jobs(input_from(person, jobs), jobs, stances, learned=learned)
        replacement = _replace(shown, dealt, ranking, stances)
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


def _upsert(
    person_id: uuid.UUID,
    job_id: uuid.UUID,
    stance: str,
    until: datetime | None,
    signal: Signal,
    shown: Exposure | None,
) -> None:
    row = CardStance(
        person_id=person_id,
        job_id=job_id,
        stance=stance,
        until=until,
        signal_id=signal.pk,
        exposure=shown,
        at=clock.now(),
    )
    CardStance.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["person", "job"],
        update_fields=["stance", "until", "signal_id", "exposure", "at"],
    )


def _replace(
    shown: Exposure, dealt: Dealt, ranking: Ranking, stances: dict[uuid.UUID, CardStance]
) -> Card | None:
    """Deal one card into the emptied place, from the same shelf's field."""
    shelf = Shelf(shown.shelf)
    items = published_items() if shelf is Shelf.RECRUITERS else []
    one = fields_of(ranking, stances, items).get(shelf)
    Exposure.objects.filter(pk=shown.pk).update(replaced_at=clock.now())
    if one is None or shown.slate is None:
        return None
    row_of = ranking.catalogue.row_of
    seed = f"{shown.pk}:{shown.job_id}"
    taken = {row_of[c.job_id] for cards in dealt.values() for c in cards if c.job_id in row_of}
    here = {row_of[c.job_id] for c in dealt[shelf] if c.job_id in row_of}
    # where every fit already lies on some shelf, one from another shelf is better than a gap
    hand = deal_field(one, ranking, taken, k=1, seed=seed) or deal_field(one, ranking, here, k=1, seed=seed)
    if not hand:
        return None
    card = exposure_of(hand[0], ranking, shown.slate, shown.position)
    write_decision(
        kind="card.dealt",
        policy_id=ranking.policy_id,
        model_hash=ranking.model_hash,
        person_id=shown.person_id,
        inputs={"digest": ranking.input.digest(), "replaces": str(shown.pk)},
        chosen=[[shelf.value, shown.position, str(card.job_id), card.propensity]],
        reason=card.reason_code,
    )
    card.save(force_insert=True)
    return card_of(card, ranking, stances)


@action("recommend.undo_stance")
def undo_stance(person_id: uuid.UUID, *, job_id: uuid.UUID, by: Actor) -> Card | None:
    """Take the stance back: the ledger says so, the taste forgets it, and the card returns to its place."""
    own_only(person_id, by)
    person = person_row(person_id, lock=True)
    stance = CardStance.objects.filter(person_id=person_id, job_id=job_id).select_related("exposure").first()
    if stance is None:
        return None
    undone = Signal.objects.filter(pk=stance.signal_id).first()
    record(
        "stance.undone", by=by, person_id=person_id, job_id=job_id, undoes=undone, granted=granted_to(person)
    )
    back = stance.exposure
    stance.delete()
    if back is None or back.slate_id is None:
        return None
    here = Exposure.objects.filter(slate_id=back.slate_id, position=back.position, replaced_at__isnull=True)
    here.exclude(pk=back.pk).update(replaced_at=clock.now())
    Exposure.objects.filter(pk=back.pk).update(replaced_at=None)
    jobs = catalogue()
    if jobs is None:
        return None
    stances = stances_of(person_id, by)
    return card_of(back, rank_jobs(input_from(person, jobs), jobs, stances), stances)


@action("recommend.open_job")
def open_job(
    person_id: uuid.UUID, *, job_id: uuid.UUID, by: Actor, exposure_id: uuid.UUID | None = None
) -> None:
    """Hear that somebody opened a job; a card they came from counts as seen."""
    own_only(person_id, by)
    record("card.clicked", by=by, person_id=person_id, job_id=job_id)
    if exposure_id is not None:
        seen = Exposure.objects.filter(pk=exposure_id, person_id=person_id, visible=False)
        seen.update(visible=True, shown_at=clock.now())


@action("recommend.note_dwell")
def note_dwell(person_id: uuid.UUID, *, job_id: uuid.UUID, dwell_s: float, by: Actor) -> None:
    """Hear how long a job page was read, visible and focused; under 5 s says nothing."""
    own_only(person_id, by)
    if dwell_s >= 5:
        record("job.dwelled", by=by, person_id=person_id, job_id=job_id, dwell_s=min(dwell_s, 1800.0))
