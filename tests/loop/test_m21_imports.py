"""M21: a company's old system moves in, a file at a time, and Rosa sees where every row went."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from segue.catalog.models import HeldRow, ImportBatch, Person
from segue.hire.models import Application
from segue.kit.queue import work_off
from segue.trust.models import Account, AuditLine, Consent
from tests.factories import exports

pytestmark = pytest.mark.django_db


def test_rosa_moves_a_company_in(
    rosa: Account, client_as: Callable[[Account], Client], tmp_path: Path
) -> None:
    desk = client_as(rosa)

    def step(name: str, batch: ImportBatch, **form: str) -> str:
        page = desk.post(reverse(f"desk:{name}", args=[batch.pk]), form, follow=True).content.decode()
        work_off()
        batch.refresh_from_db()
        return page

    # She sends the export of their old system, and is told what it is before anything comes in.
    export = exports.as_zip(tmp_path / "old.zip", exports.greenhouse()).read_bytes()
    desk.post(reverse("desk:import_new"), {"file": SimpleUploadedFile("old.zip", export)})
    work_off()
    batch = ImportBatch.objects.get()
    assert "Recognised: greenhouse" in desk.get(reverse("desk:import", args=[batch.pk])).content.decode()
    step("import_columns", batch)
    assert batch.trial["created"] == 4
    assert Person.objects.count() == 0

    # She lets it in. Every row is somewhere: in, unchanged, held, or rejected by name.
    step("import_start", batch)
    assert batch.read == batch.total == batch.created + batch.unchanged + batch.held + batch.rejected
    assert set(batch.errors) == {"private_in_source", "anonymised_in_source", "rejection_without_a_human"}
    assert not Application.objects.filter(outcome="rejected").exists(), "no file turns anybody down"
    assert not Consent.objects.filter(granted=True).exists(), "no file says yes for anybody"

    # One rejection has nobody's name on it. She remembers that it was hers, and puts her name to it.
    held = HeldRow.objects.get(error="rejection_without_a_human")
    desk.post(reverse("desk:held_retry", args=[batch.pk, held.pk]), {"cell-decided_by": rosa.email})
    turned_down = Application.objects.get(outcome="rejected")
    assert (turned_down.decided_by, turned_down.decision_reason) == (rosa, "Too little experience with ships")

    # The two who should stay out are left out, with the reason. Nothing waits any more, and all adds up.
    for row in HeldRow.objects.filter(settled_at=None):
        desk.post(reverse("desk:held_skip", args=[batch.pk, row.pk]), {"reason": "As their old system says."})
    batch.refresh_from_db()
    assert batch.read == batch.created + batch.unchanged + batch.held + batch.rejected
    assert "Nothing waits here." in desk.get(reverse("desk:import_held", args=[batch.pk])).content.decode()

    # Weeks later somebody sends the same export again: nobody is doubled, and nothing changes.
    people, applications = Person.objects.count(), Application.objects.count()
    desk.post(reverse("desk:import_new"), {"file": SimpleUploadedFile("old.zip", export)})
    work_off()
    again = ImportBatch.objects.latest("started_at")
    step("import_columns", again)
    step("import_start", again)
    assert (again.created, again.updated) == (0, 0)
    assert (Person.objects.count(), Application.objects.count()) == (people, applications)
    verbs = set(AuditLine.objects.values_list("verb", flat=True))
    assert {"catalog.take_upload", "catalog.start_import", "catalog.retry_row", "catalog.skip_row"} <= verbs
