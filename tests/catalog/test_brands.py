"""Brands as rows: who makes them, what is refused and how it is put right, and what a retired one leaves."""

from __future__ import annotations

import pytest
from django.conf import settings

from segue.catalog.actions.brands import edit_brand, make_brand, retire_brand
from segue.catalog.actions.jobs import draft_job, edit_job
from segue.catalog.models import Brand
from segue.catalog.queries.brands import brand_for, brands_visible_to, name_worn, shades_worn
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed, NotFound
from segue.trust.models import Account, AuditLine
from tests.factories import actor, make_job
from tests.factories import make_brand as a_brand

pytestmark = pytest.mark.django_db


def test_a_brand_is_made_of_a_name_and_a_colour(mia: Account) -> None:
    brand = make_brand("  Nordlicht_Logistik  AG ", accent=" 12827C ", by=actor(mia))
    assert (brand.key, brand.name) == ("nordlicht-logistik-ag", "Nordlicht_Logistik AG")
    assert brand.accent == "#12827c"
    assert make_brand("متجر", key="shop", accent="#a15", by=actor(mia)).accent == "#aa1155"
    assert AuditLine.objects.filter(verb="catalog.make_brand", detail__key="shop").exists()


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"name": " "}, "name", "Give it one."),
        ({"name": "x" * 81}, "name", "Shorten it."),
        ({"name": "Shop\x00"}, "name", "Type it anew."),
        ({"accent": "teal"}, "accent", "such as #12827c"),
        ({"accent": "#12827c;}"}, "accent", "such as #12827c"),
        ({"accent": "#ffffff"}, "accent", "less near to black or white, such as #"),
        ({"key": "../x"}, "key", "such as north-shop"),
        ({"name": "متجر"}, "key", "such as north-shop"),
        ({"key": "taken"}, "key", "another key"),
    ],
)
def test_what_is_refused_names_its_field_and_the_way_out(
    changes: dict[str, str], field: str, remedy: str, mia: Account
) -> None:
    a_brand(key="taken")
    said = {"name": "Shop", "accent": "#12827c"} | changes
    with pytest.raises(Invalid) as refused:
        make_brand(said.pop("name"), **said, by=actor(mia))
    assert refused.value.field == field
    assert remedy in refused.value.remedy
    assert Brand.objects.count() == 1


def test_only_administrators_change_them(rosa: Account) -> None:
    brand = a_brand()
    deeds = (
        lambda: make_brand("Shop", accent="#12827c", by=actor(rosa)),
        lambda: edit_brand(brand, name="Shop", accent="#12827c", by=actor(rosa)),
        lambda: retire_brand(brand, by=actor(rosa)),
    )
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()


def test_a_retired_brand_leaves_its_jobs_to_the_house_until_it_is_back(mia: Account) -> None:
    brand = a_brand(name="Nordlicht")
    job = make_job(brand=brand)
    assert name_worn(job) == "Nordlicht"
    retire_brand(brand, by=actor(mia))
    job.refresh_from_db()
    assert name_worn(job) == settings.EMPLOYER_NAME
    assert not brands_visible_to(Actor.anonymous())
    with pytest.raises(NotFound):
        brand_for(Actor.anonymous(), brand.key)
    retire_brand(brand_for(actor(mia), brand.key), retired=False, by=actor(mia))
    job.refresh_from_db()
    assert name_worn(job) == "Nordlicht"


def test_a_job_takes_a_brand_by_its_key_and_gives_it_back(rosa: Account) -> None:
    brand = a_brand()
    job = draft_job(title="Driver", brand=brand.key, by=actor(rosa))
    assert job.brand == brand
    assert edit_job(job, brand="", by=actor(rosa)).brand is None
    with pytest.raises(Invalid) as refused:
        edit_job(job, brand="nobody", by=actor(rosa))
    assert refused.value.field == "brand"


def test_a_colour_that_would_be_refused_today_gives_way_to_the_houses_own() -> None:
    assert shades_worn(a_brand(accent="#ffffff")) is None
