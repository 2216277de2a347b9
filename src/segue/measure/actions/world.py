"""Found an invented company: the pure generator's rows, brought into the tables in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from segue.engine.world import found_world
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid
from segue.kit.queue import enqueue
from segue.learn.actions.fitting import refresh_features
from segue.measure.actions.founding.catalogue import settle_jobs, settle_staff, settle_vocabulary
from segue.measure.actions.founding.conduct import settle_applications, settle_behaviour
from segue.measure.actions.founding.curation import settle_by_hand, settle_first_visit
from segue.measure.actions.founding.interviews import settle_interviews
from segue.measure.actions.founding.offers import settle_offers
from segue.measure.actions.founding.people import settle_people
from segue.measure.actions.founding.truth import settle_truth, world_digest
from segue.measure.actions.founding.twins import settle_twins
from segue.measure.models import WorldRun
from segue.measure.queries.world import company_exists

Progress = Callable[[str], None]
AT_NIGHT = (  # done once at the founding too, so that the first day has it
    *("learn.rebuild_segments", "learn.refit_communities", "learn.find_same_people"),
    *("catalog.audit", "learn.propose_skills"),
)


@action("measure.found_company")
def found_company(
    *,
    people: int,
    jobs: int,
    seed: int,
    by: Actor,
    today: date | None = None,
    progress: Progress | None = None,
) -> WorldRun:
    """Fill an empty database with a company; the same seed and day give the same company.

    Raises Conflict where somebody already lives here, Invalid for sizes out of range.
    """
    _check_sizes(people, jobs)
    if company_exists():
        raise Conflict("There is already a company here.", remedy="Choose another --data-dir.")
    say = progress or _silently
    say(f"inventing {people:,} people and {jobs:,} open jobs")
    world = found_world(seed, people, jobs, today=today or clock.now().date())
    run = WorldRun.objects.create(seed=seed, people=people, jobs=jobs, digest=world_digest(world))
    settle_vocabulary(visible := world.visible)
    staff = settle_staff(visible)
    job_rows = settle_jobs(visible, staff)
    say("writing résumés and facts")
    person_rows = settle_people(visible)
    say("replaying applications and visits")
    settle_applications(visible, person_rows, job_rows, staff)
    settle_behaviour(visible, person_rows, job_rows)
    settle_by_hand(job_rows, staff)
    settle_interviews(staff)
    settle_truth(world, run, person_rows)
    settle_twins(person_rows)
    say("reading every job and résumé")
    refresh_features(by=by)
    settle_first_visit("ada@example.com")
    settle_offers(staff, "ada@example.com")
    return _finished(run)


def _silently(_step: str) -> None:
    """Tell nobody how far it is."""


def _finished(run: WorldRun) -> WorldRun:
    for name in AT_NIGHT:
        enqueue(name, unique_key=name)
    run.finished_at = clock.now()
    run.save(update_fields=["finished_at"])
    return run


def _check_sizes(people: int, jobs: int) -> None:
    if not 2 <= people <= 200_000:
        raise Invalid("Choose between 2 and 200,000 people.", field="people", remedy="--people 5000")
    if not 1 <= jobs <= 20_000:
        raise Invalid("Choose between 1 and 20,000 jobs.", field="jobs", remedy="--jobs 200")
