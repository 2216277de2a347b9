"""What the places of a letter stand for: the six names that letters may say, and nothing else."""

from __future__ import annotations

from django.conf import settings

from segue.catalog.models import Job, Person
from segue.catalog.queries.brands import name_worn
from segue.engage.links import status_path
from segue.hire.models import Application


def values_of(person: Person, *, job: Job | None, about: Application | None, sender: str) -> dict[str, str]:
    """Return what can be said to a person; what is not known is empty, and stops the letter that needs it."""
    return {
        "name": person.name,
        "first_name": person.name.split()[0] if person.name.split() else "",
        "job": job.title if job else "",
        "employer": name_worn(job),
        "sender": sender,
        "link": settings.BASE_URL.rstrip("/") + status_path(about.status_key) if about else "",
    }
