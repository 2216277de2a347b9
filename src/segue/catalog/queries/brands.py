"""The names the employer hires under, and which of them a job wears."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from segue.catalog.models import Brand, Job
from segue.engine.accent import Shades, Unreadable, shades_of
from segue.kit.actor import Actor
from segue.kit.errors import NotFound


def brands_visible_to(actor: Actor) -> QuerySet[Brand]:
    """Return the brands this actor may know of: colleagues all, everybody else those that are worn."""
    return (
        Brand.objects.all() if actor.is_staff or actor.is_machine else Brand.objects.filter(retired_at=None)
    )


def brands_listed(actor: Actor) -> QuerySet[Brand]:
    """Return them as their own page lists them, the living first, each with its `job_count`."""
    counted = brands_visible_to(actor).annotate(job_count=Count("jobs"))
    return counted.order_by(F("retired_at").asc(nulls_first=True), "name", "key")


def brand_for(actor: Actor, key: str) -> Brand:
    """Return one brand. Raises NotFound alike for one that is not there and one that is not theirs to see."""
    found = brands_visible_to(actor).filter(key=key.replace("\x00", "")).first()
    if found is None:
        raise NotFound(_("There is no such brand."), remedy=_("Look at the open jobs of all of us."))
    return found


def brand_worn(job: Job) -> Brand | None:
    """Return the brand whose look a job's pages have; None is the house."""
    brand = job.brand
    return brand if brand is not None and brand.retired_at is None else None


def name_worn(job: Job | None) -> str:
    """Return the name a job is offered under."""
    brand = brand_worn(job) if job else None
    return brand.name if brand else settings.EMPLOYER_NAME


def shades_worn(brand: Brand) -> tuple[Shades, Shades] | None:
    """Return a brand's colours on light and on dark ground; None where the house's own stand in.

    What a colour must be like may have become stricter since it was chosen.
    """
    try:
        return shades_of(brand.accent)
    except Unreadable:
        return None
