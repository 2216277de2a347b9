"""A playlist a recruiter of the invented company has already made."""

from __future__ import annotations

from segue.catalog.models import Job
from segue.kit.actor import Actor, Role
from segue.recommend.actions.playlists import add_job, create_playlist, pin_job, publish_playlist
from segue.trust.models import Account


def settle_playlists(jobs: list[Job], staff: dict[str, Account]) -> None:
    """Publish one list of eight open jobs from different departments, the first one pinned."""
    curator = next((a for a in staff.values() if a.role == Role.RECRUITER.value), None)
    if curator is None:
        return
    by = Actor(role=Role.RECRUITER, name=curator.name, account_id=curator.pk)
    picks = _one_per_department([job for job in jobs if job.status == "open"])[:8]
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
