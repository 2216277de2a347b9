"""Which words of a job or a person the models read, and a hash that tells when they changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from segue.catalog.models import Job, Person


@dataclass(frozen=True, slots=True)
class Words:
    """A title, a body and the skills named, as read by the models."""

    title: str
    body: str
    skills: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        return hashlib.sha256(f"{self.title}\0{self.body}\0{self.skills}".encode()).hexdigest()


def words_of_job(job: Job) -> Words:
    """A job's title, department, skills and description."""
    skills = " ".join(slug.replace("-", " ") for slug in [*job.required_skills, *job.nice_skills])
    body = f"{job.title}\n{job.department}\n{skills}\n{job.description}"
    return Words(job.title, body, (*job.required_skills, *job.nice_skills))


def words_of_person(person: Person, resume_text: str, positions: list[str]) -> Words:
    """A person's headline, past titles, skills and latest résumé."""
    skills = " ".join(slug.replace("-", " ") for slug in person.skills)
    title = " · ".join(dict.fromkeys(t for t in [person.headline, *positions[:3]] if t))
    return Words(title, f"{person.headline}\n{skills}\n{resume_text}", tuple(person.skills))
