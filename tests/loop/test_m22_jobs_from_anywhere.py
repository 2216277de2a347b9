"""M22. Vacancies come in from anywhere, whole, and the world sees the ones that are open."""

from __future__ import annotations

from pathlib import Path

import pytest

from segue.catalog.actions.jobs import close_job
from segue.catalog.models import Job
from segue.catalog.queries.jobs import jobs_visible_to, open_jobs
from segue.kit.actor import Actor
from segue.trust.models import Account
from tests.catalog.files import as_csv, bring_jobs, written
from tests.factories import actor

pytestmark = pytest.mark.django_db


def test_rosa_brings_in_the_board_and_only_what_is_open_is_shown(tmp_path: Path, rosa: Account) -> None:
    columns = ["Job ID", "Title", "Status", "Posted", "Deadline", "Location", "Required skills"]
    rows = [
        ["a", "Night nurse", "open", "2026-01-02", "", "Berlin, Germany", "Wound care"],
        ["b", "Cook", "closed", "2026-01-02", "", "Bonn, Germany", ""],
        ["c", "Clerk", "open", "2026-01-02", "2026-02-02", "", ""],
        ["d", "", "open", "2026-01-02", "", "", ""],
    ]
    report = bring_jobs(written(tmp_path, as_csv(columns, rows)))
    assert (report.read, report.accepted, report.outcomes["rejected"], report.conserves) == (4, 3, 1, True)
    visitor = Actor.anonymous()
    assert [job.external_id for job in open_jobs(visitor)] == ["a"]
    assert jobs_visible_to(actor(rosa)).count() == 3

    close_job(Job.objects.get(external_id="a"), by=actor(rosa), filled=True)
    assert bring_jobs(written(tmp_path, as_csv(columns, rows))).outcomes["unchanged"] == 3
    assert not open_jobs(visitor).exists(), "a job that was filled here is not opened again by an old file"
