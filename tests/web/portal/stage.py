"""Set the stage: some jobs to deal, and eyes for what lies on a page."""

from __future__ import annotations

import re
from datetime import timedelta

from django.test.utils import CaptureQueriesContext

from segue.catalog.models import Job
from segue.kit import clock
from segue.kit.actor import Actor
from segue.learn.actions.fitting import refresh_features
from segue.learn.queries.catalogue import forget_catalogue
from tests import factories


def a_few_jobs(count: int) -> list[Job]:
    """Make open jobs in two departments, the last one the newest, and let the models read them."""
    made = [
        factories.make_job(
            title=f"Data engineer {n}" if n % 2 == 0 else f"Night nurse {n}",
            department="Data" if n % 2 == 0 else "Care",
            occupation="data-engineer" if n % 2 == 0 else "nurse",
            required_skills=["python", "sql"] if n % 2 == 0 else ["nursing"],
            posted_at=clock.now() - timedelta(days=count - n),
        )
        for n in range(count)
    ]
    refresh_features(by=Actor.machine("tests"), refit=True)
    forget_catalogue()  # it is held in memory, and the test before this one had other jobs
    return made


def cards_on(page: str) -> list[str]:
    """Return the exposure ids of the cards on a page, in order."""
    return re.findall(r'<li class="card" id="card-([0-9a-f-]{36})"', page)


def statements(seen: CaptureQueriesContext) -> list[str]:
    """Return the statements sent; the borders of transactions are not counted as queries."""
    said = [query["sql"] for query in seen.captured_queries]
    return [sql for sql in said if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
