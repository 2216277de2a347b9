"""Mia keeps the brands: each deed has its way back, and a colour is seen before it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from segue.catalog.models import Brand, Job
from segue.trust.models import Account
from tests.factories import make_brand, make_job

pytestmark = pytest.mark.django_db
PAGE = "/desk/settings/brands/"


@pytest.fixture
def desk(mia: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(mia)


def undo_of(desk: Client) -> tuple[str, dict[str, str]]:
    toast: dict[str, Any] = desk.session["desk_toast"]
    return toast["undo_url"], toast["undo_fields"]


def test_a_brand_is_made_and_taken_back(desk: Client) -> None:
    assert "No brand yet." in desk.get(PAGE).content.decode()
    answer = desk.post(f"{PAGE}new", {"name": "Nordlicht", "accent": "#12827c"})
    assert answer.status_code == 303
    address, fields = undo_of(desk)
    page = desk.get(PAGE).content.decode()
    assert "Nordlicht" in page
    assert 'fill="#007771"' in page
    desk.post(address, fields)
    assert Brand.objects.get().retired_at is not None
    desk.post(*undo_of(desk))
    assert Brand.objects.get().retired_at is None


def test_an_edit_has_its_way_back(desk: Client) -> None:
    brand = make_brand(name="Nordlicht", accent="#12827c")
    desk.post(f"{PAGE}{brand.key}/", {"name": "Südlicht", "accent": "#a01858"})
    brand.refresh_from_db()
    assert (brand.name, brand.accent) == ("Südlicht", "#a01858")
    desk.post(*undo_of(desk))
    brand.refresh_from_db()
    assert (brand.name, brand.accent) == ("Nordlicht", "#12827c")


def test_a_preview_keeps_nothing_and_loses_nothing(desk: Client) -> None:
    said = {"name": "Nordlicht", "accent": "#ffcc00", "do": "preview"}
    page = desk.post(f"{PAGE}new", said).content.decode()
    assert page.count('<svg class="accent-shown"') == 2
    assert 'value="Nordlicht"' in page
    assert not Brand.objects.exists()
    brand = make_brand()
    assert 'fill="#ffcc00"' in desk.post(f"{PAGE}{brand.key}/", said).content.decode()
    brand.refresh_from_db()
    assert brand.accent == "#12827c"


@pytest.mark.parametrize("do", ["", "preview"])
def test_a_colour_nobody_could_read_is_refused_beside_its_field(do: str, desk: Client) -> None:
    said = {"name": '"><b>', "accent": "#ffffff", "do": do}
    for address in (f"{PAGE}new", f"{PAGE}{make_brand().key}/"):
        answer = desk.post(address, said)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Choose a shade less near to black or white, such as #" in page
        assert 'name="accent" maxlength="7" required dir="ltr" value="#ffffff" aria-invalid="true"' in page
        assert "<b>" not in page


def test_a_brand_that_is_not_there(desk: Client) -> None:
    assert desk.get(f"{PAGE}nobody/").status_code == 404


def test_a_job_is_given_a_brand_in_its_editor(rosa: Account, client_as: Callable[[Account], Client]) -> None:
    desk, job = client_as(rosa), make_job()
    editor = f"/desk/jobs/{job.pk}/edit"
    assert 'name="brand"' not in desk.get(editor).content.decode()
    brand, gone = make_brand(), make_brand(name="Gone", retired_at=job.created_at)
    page = desk.get(editor).content.decode()
    assert f'<option value="{brand.key}">' in page
    assert "Gone" not in page
    said = {"title": job.title, "openings": "1", "brand": brand.key}
    assert desk.post(editor, said).status_code == 303
    assert Job.objects.get().brand == brand
    Job.objects.update(brand=gone)
    assert "Gone (retired)" in desk.get(editor).content.decode()
    assert desk.post(editor, said | {"brand": gone.key}).status_code == 303
    assert Job.objects.get().brand == gone
    desk.post(editor, said | {"brand": ""})
    assert Job.objects.get().brand is None
