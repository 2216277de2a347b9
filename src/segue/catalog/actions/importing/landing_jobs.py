"""Job drafts become jobs: a batch at a time, by external id, only where the source says something new."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from segue.catalog.actions.importing.drafts import JobDraft
from segue.catalog.models import Job, JobStatus
from segue.engine.lexicon import SkillVocabulary, find_skills
from segue.kit import clock
from segue.kit.copying import copy_rows

_REQUIREMENTS = re.compile(  # a short first line that asks, and does not merely hope
    r"(?i)^(?!.*(?:prefer|nice|bonus|a plus))"
    r".{0,40}\b(?:requir|qualif|must have|skills|you have|you bring).{0,60}$"
)


class JobLanding:
    """Lands the drafts of one source; `land` answers with what each came to."""

    def __init__(self, source: str, words: SkillVocabulary) -> None:
        self.source = source
        self.words = words

    def land(self, drafts: Sequence[JobDraft]) -> list[str]:
        """Write a batch in a fixed number of statements; say created, updated or unchanged for each."""
        known = self._known(drafts)
        outcomes: list[str] = []
        fresh: list[Job] = []
        changed: list[Job] = []
        for draft in drafts:
            job = known.get(draft.external_id)
            if job is None:
                fresh.append(
                    self._fill(Job(external_source=self.source, external_id=draft.external_id), draft)
                )
                outcomes.append("created")
            elif job.imported_sha256 != draft.sha256:
                changed.append(self._fill(job, draft))
                outcomes.append("updated")
            else:
                outcomes.append("unchanged")
        copy_rows(Job, fresh)
        self._update(changed)
        return outcomes

    def _known(self, drafts: Sequence[JobDraft]) -> dict[str, Job]:
        ids = [draft.external_id for draft in drafts]
        found = Job.objects.select_for_update().filter(external_source=self.source, external_id__in=ids)
        return {job.external_id: job for job in found}

    def _fill(self, job: Job, draft: JobDraft) -> Job:
        fields = draft.fields | self._skills(job, draft.fields)
        for name, value in fields.items():
            setattr(job, name, value)
        if job.status == JobStatus.OPEN and job.posted_at is None:
            job.posted_at = clock.now()
        job.imported_sha256 = draft.sha256
        job.updated_at = clock.now()
        return job

    def _skills(self, job: Job, fields: dict[str, Any]) -> dict[str, list[str]]:
        """Skills the source lists count as required; of those spotted in the text, the title's and the
        requirement sections' do, and the rest is nice to have."""
        listed = self._slugs("\n".join(fields.get("required_skills", ())))
        nice = self._slugs("\n".join(fields.get("nice_skills", ())))
        title = fields.get("title", job.title)
        description = fields.get("description", job.description)
        asked, told = split_requirements(description)
        required = dict.fromkeys([*listed, *self._slugs(title), *self._slugs(asked)])
        rest = dict.fromkeys([*nice, *self._slugs(told), *self._slugs(fields.get("occupation", ""))])
        return {
            "required_skills": list(required),
            "nice_skills": [slug for slug in rest if slug not in required],
        }

    def _slugs(self, text: str) -> list[str]:
        return list(dict.fromkeys(span.slug for span in find_skills(text, self.words)))

    def _update(self, jobs: Sequence[Job]) -> None:
        if jobs:
            names = [f.name for f in Job._meta.concrete_fields if f.name not in {"id", "created_at"}]
            Job.objects.bulk_update(jobs, names, batch_size=500)


def split_requirements(description: str) -> tuple[str, str]:
    """Part a description into what it asks for and what it tells: from a heading such as "Requirements" on.

    >>> split_requirements("We build.\\n\\nRequirements\\nSQL\\n\\nBenefits\\nA garden")
    ('Requirements\\nSQL', 'We build.\\n\\nBenefits\\nA garden')
    """
    asked: list[str] = []
    told: list[str] = []
    for section in re.split(r"\n\s*\n", description):
        first = section.split("\n", 1)[0]
        (asked if _REQUIREMENTS.match(first) else told).append(section)
    return "\n\n".join(asked), "\n\n".join(told)
