"""Reading again what changed. Each job takes an id and may run twice.

The fitting is imported where it runs: many processes load these jobs only to know their names.
"""

from __future__ import annotations

import uuid

from segue.kit.actor import Actor
from segue.kit.queue import enqueue_many, every, job
from segue.kit.queue_leases import Lane

WORKER = Actor.machine("worker")
HOUR_S, DAY_S = 3_600, 86_400


@job("learn.read_job")
def read_job_again(job_id: str) -> None:
    from segue.learn.actions.fitting import read_job

    read_job(uuid.UUID(job_id), by=WORKER)


@job("learn.read_person")
def read_person_again(person_id: str) -> None:
    from segue.learn.actions.fitting import read_person

    read_person(uuid.UUID(person_id), by=WORKER)


@job("learn.refresh", lane=Lane.LONG)
def refresh() -> None:
    from segue.learn.actions.fitting import refresh_features

    refresh_features(by=WORKER)


@every(DAY_S)
@job("learn.fit_behaviour", lane=Lane.LONG)
def fit_behaviour_nightly() -> None:
    from segue.learn.actions.behaviour import fit_behaviour

    fit_behaviour(by=WORKER)


@every(7 * DAY_S)
@job("learn.measure_effects", lane=Lane.LONG)
def measure_effects_weekly() -> None:
    from segue.learn.actions.effects import measure_effects

    measure_effects(by=WORKER)


@every(DAY_S)
@job("learn.watch_lexicon", lane=Lane.LONG)
def watch_lexicon_daily() -> None:
    from segue.learn.actions.drift import watch_lexicon

    watch_lexicon(by=WORKER)


@every(DAY_S)
@job("learn.sweep_models", lane=Lane.LONG)
def sweep_models_daily() -> None:
    from segue.learn.actions.registry import sweep_models

    sweep_models(by=WORKER)


@every(DAY_S)
@job("learn.propose_skills", lane=Lane.LONG)
def propose_skills_daily() -> None:
    from segue.learn.actions.vocabulary import propose_skills

    propose_skills(by=WORKER)


@job("learn.reread_resumes", lane=Lane.LONG)
def reread_resumes() -> None:
    from segue.learn.actions.vocabulary import reread_resumes

    reread_resumes(by=WORKER)


@every(DAY_S)
@job("learn.find_same_people", lane=Lane.LONG)
def find_same_people_again() -> None:
    from segue.learn.actions.same_people import find_same_people

    plan = find_same_people(by=WORKER)
    pairs = [{"first": str(first), "second": str(second)} for first, second in plan.merging]
    enqueue_many("learn.merge_same", pairs)


@job("learn.merge_same", database_only=True, lane=Lane.BULK)
def merge_same_again(first: str, second: str) -> None:
    from segue.learn.actions.same_people import merge_same

    merge_same(uuid.UUID(first), uuid.UUID(second), by=WORKER)


@job("learn.index_person", database_only=True)
def index_person_again(person_id: str) -> None:
    from segue.learn.actions.searching import index_person
    from segue.learn.actions.segments.refreshing import place_people

    index_person(uuid.UUID(person_id), by=WORKER)
    place_people([uuid.UUID(person_id)], by=WORKER)


@job("learn.place_people", database_only=True)
def place_people_again(person_ids: str) -> None:
    """`person_ids` stand one behind the other, with commas between."""
    from segue.learn.actions.segments.refreshing import place_people

    place_people([uuid.UUID(person_id) for person_id in person_ids.split(",")], by=WORKER)


@job("learn.refresh_segment", database_only=True)
def refresh_segment_again(segment_id: str) -> None:
    from segue.learn.actions.segments.refreshing import refresh_segment
    from segue.learn.models import Segment

    segment = Segment.objects.filter(pk=uuid.UUID(segment_id)).first()
    if segment is not None:
        refresh_segment(segment, by=WORKER)


@every(DAY_S)
@job("learn.rebuild_segments", lane=Lane.LONG)
def rebuild_segments_daily() -> None:
    from segue.learn.actions.segments.rebuilding import rebuild_segments

    rebuild_segments(by=WORKER)


@every(HOUR_S)
@job("learn.refresh_segments", lane=Lane.LONG)
def refresh_segments_hourly() -> None:
    from segue.learn.actions.segments.refreshing import refresh_segments

    refresh_segments(by=WORKER)


@every(DAY_S)
@job("learn.index_people", lane=Lane.LONG)
def index_people_again() -> None:
    from segue.learn.actions.searching import index_people

    index_people(by=WORKER)


@every(HOUR_S)
@job("learn.count_news", lane=Lane.LONG)
def count_news_hourly() -> None:
    from segue.learn.actions.saved_searches import count_news

    count_news(by=WORKER)


@every(DAY_S)
@job("learn.refit_communities", lane=Lane.LONG)
def refit_communities_nightly() -> None:
    from segue.learn.actions.communities.fitting import refit_communities

    refit_communities(by=WORKER)


@job("learn.seat_person", database_only=True)
def seat_person_again(person_id: str) -> None:
    from segue.learn.actions.communities.seating import seat_person

    seat_person(uuid.UUID(person_id), by=WORKER)
