"""What some people of the invented company have already done by hand."""

from __future__ import annotations

from segue.catalog.models import Job, Person
from segue.kit.actor import Actor, Role
from segue.recommend.actions.mixes import open_home
from segue.recommend.actions.playlists import add_job, create_playlist, pin_job, publish_playlist
from segue.recommend.actions.stances import take_stance
from segue.recommend.models import Stance
from segue.trust.models import Account


def settle_playlists(jobs: list[Job], staff: dict[str, Account]) -> None:
    """Publish one list of open jobs that many can take, from every department, the first one pinned."""
    curator = next((a for a in staff.values() if a.role == Role.RECRUITER.value), None)
    if curator is None:
        return
    by = Actor(role=Role.RECRUITER, name=curator.name, account_id=curator.pk)
    wide = [job for job in jobs if job.status == "open" and not job.permit_country and not job.licences]
    picks = _one_per_department(wide)[:20]
    playlist = create_playlist(
        title="Teams we are proud of", note="Hand-picked: kind teams, real growth.", by=by
    )
    for job in picks:
        add_job(playlist, job=job, by=by)
    if picks:
        pin_job(playlist, job=picks[0], pinned=True, by=by)
    publish_playlist(playlist, published=True, by=by)


def _one_per_department(jobs: list[Job]) -> list[Job]:
    newest = sorted(jobs, key=lambda job: (job.posted_at is not None, job.posted_at), reverse=True)
    first: dict[str, Job] = {}
    for job in newest:
        first.setdefault(job.department, job)
    chosen = list(first.values())
    return chosen + [job for job in newest if job not in chosen]


def settle_first_visit(email: str) -> None:
    """Let one person open their home, save the second card and like the third, as they would."""
    person = Person.objects.filter(email=email).first()
    if person is None:
        return
    by = Actor(role=Role.CANDIDATE, name=person.name, person_id=person.pk)
    shelves = open_home(person.pk, by=by).shelves
    cards = shelves[0].cards[1:3] if shelves else []
    for card, stance in zip(cards, (Stance.SAVED, Stance.LIKED), strict=False):
        take_stance(person.pk, job_id=card.job.pk, stance=stance.value, by=by, exposure_id=card.exposure_id)
