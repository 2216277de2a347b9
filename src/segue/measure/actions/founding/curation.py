"""What some people of the invented company have already done by hand."""

from __future__ import annotations

from typing import Any

from segue.catalog.models import Job, Person
from segue.kit.actor import Actor, Role
from segue.learn.actions.segments.editing import make_segment
from segue.recommend.actions.mixes import open_home
from segue.recommend.actions.playlists import add_job, create_playlist, pin_job, publish_playlist
from segue.recommend.actions.stances import take_stance
from segue.recommend.models import Stance
from segue.trust.models import Account


def settle_by_hand(jobs: list[Job], staff: dict[str, Account]) -> None:
    """What recruiters have made: a playlist and five segments."""
    settle_playlists(jobs, staff)
    settle_segments(staff)


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


SEGMENTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Warm and reachable", "Who saved or liked something lately and may be written to.", {"all": [
        {"any": [
            {"kind": "did", "signal": "card.saved", "at_least": 1, "days": 60},
            {"kind": "did", "signal": "card.liked", "at_least": 2, "days": 60},
        ]},
        {"kind": "consent", "purpose": "contact"},
    ]}),
    ("Python, and not gone quiet", "For the data and platform teams.", {"all": [
        {"kind": "skills", "which": "any", "skills": ["python", "sql"]},
        {"not": {"kind": "applied", "at_least": 3, "days": 180}},
    ]}),
    ("Near Berlin with a few years", "For events in the house.", {"all": [
        {"kind": "place", "near": "Berlin", "km": 50}, {"kind": "years", "at_least": 3},
    ]}),
    ("Nurses and carers", "Titles they have worked under, in any of our countries.", {
        "kind": "title", "titles": ["nurse", "carer", "care assistant"],
    }),
    ("Silver medallists", "Came far with us once, and may be written to again.", {"all": [
        {"kind": "applied", "at_least": 2}, {"not": {"kind": "stage", "stage": "hired"}},
        {"kind": "consent", "purpose": "contact"}, {"kind": "fresh", "days": 365},
    ]}),
)  # fmt: skip


def settle_segments(staff: dict[str, Account]) -> None:
    """Write five rules a recruiter might; who is in them is worked out in the background."""
    owner = next((a for a in staff.values() if a.role == Role.RECRUITER.value), None)
    if owner is None:
        return
    by = Actor(role=Role.RECRUITER, name=owner.name, account_id=owner.pk)
    for name, description, rule in SEGMENTS:
        whole = {"version": 1, "rule": rule}
        make_segment(name=name, rule=whole, description=description, by=by, worked_out=False)


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
