"""Has a company been founded here?"""

from __future__ import annotations

from segue.catalog.models import Job, Person
from segue.measure.models import WorldRun


def company_exists() -> bool:
    """Say whether anything lives in this database, invented or real; a demo seeds only an empty one."""
    return WorldRun.objects.exists() or Person.objects.exists() or Job.objects.exists()
