"""An export of another system is recognised on the desk, and what it holds back is settled there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from segue.catalog.models import HeldRow, ImportBatch
from segue.hire.models import Application
from segue.kit.queue import work_off
from segue.trust.models import Account
from tests.factories import exports


def test_rosa_settles_a_rejection_nobody_stood_behind(
    rosa: Account, client_as: Callable[[Account], Client], tmp_path: Path
) -> None:
    desk = client_as(rosa)
    content = exports.as_zip(tmp_path / "export.zip", exports.greenhouse()).read_bytes()
    desk.post(reverse("desk:import_new"), {"file": SimpleUploadedFile("export.zip", content)})
    work_off()
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.kind, batch.form, batch.source_name) == (
        "ready",
        "ats",
        "greenhouse",
        "greenhouse",
    )
    page = desk.get(reverse("desk:import", args=[batch.pk])).content.decode()
    assert "Recognised: greenhouse, 9 rows." in page or "Recognised: greenhouse, 8 rows." in page
    assert "candidate.tags" in page
    desk.post(reverse("desk:import_columns", args=[batch.pk]), {})
    work_off()
    assert "rejection_without_a_human" in desk.get(reverse("desk:import", args=[batch.pk])).content.decode()
    desk.post(reverse("desk:import_start", args=[batch.pk]))
    work_off()
    held = HeldRow.objects.get(error="rejection_without_a_human")
    page = desk.get(reverse("desk:held_row", args=[batch.pk, held.pk]), follow=True).content.decode()
    assert 'name="cell-decided_by"' in page
    address = reverse("desk:held_retry", args=[batch.pk, held.pk])
    desk.post(address, {"cell-decided_by": rosa.email})
    assert Application.objects.get(outcome="rejected").decided_by == rosa


@pytest.mark.django_db
def test_somebody_private_cannot_be_talked_into_the_catalog(
    rosa: Account, client_as: Callable[[Account], Client], tmp_path: Path
) -> None:
    desk = client_as(rosa)
    content = exports.as_zip(tmp_path / "export.zip", exports.greenhouse()).read_bytes()
    desk.post(reverse("desk:import_new"), {"file": SimpleUploadedFile("export.zip", content)})
    work_off()
    batch = ImportBatch.objects.get()
    desk.post(reverse("desk:import_columns", args=[batch.pk]), {})
    work_off()
    desk.post(reverse("desk:import_start", args=[batch.pk]))
    work_off()
    held = HeldRow.objects.get(error="private_in_source")
    answer = desk.post(
        reverse("desk:held_retry", args=[batch.pk, held.pk]), {"cell-refused": ""}, follow=True
    ).content.decode()
    assert "no such cell" in answer
