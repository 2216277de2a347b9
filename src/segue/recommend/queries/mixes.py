"""A person's line in the file of everybody's mixes."""

from __future__ import annotations

import uuid

from segue.catalog.models import Job, JobStatus
from segue.kit.actor import Actor
from segue.recommend.mix_files import MixFolder
from segue.recommend.queries.stances import own_only


def mix_of(person_id: uuid.UUID, *, by: Actor) -> list[tuple[Job, float]] | None:
    """Return the jobs of a person's mix that are still open, best first, with their scores.

    None where they have no mix. The file is some hours old: what they put away since is still in it.
    """
    own_only(person_id, by)
    mix = MixFolder.of_settings().mix_of(person_id)
    if mix is None:
        return None
    jobs = Job.objects.filter(pk__in=[name for name, _ in mix], status=JobStatus.OPEN)
    open_ = {str(job.pk): job for job in jobs}
    return [(open_[name], score) for name, score in mix if name in open_]
