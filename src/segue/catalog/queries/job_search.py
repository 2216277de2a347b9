"""Finding a job among those one may see: words, place, kind of work; newest first."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from django.db.models import Count, Q

from segue.catalog.models import EmploymentType, Job, Remote
from segue.catalog.queries.job_distance import near_enough, paid_enough
from segue.catalog.queries.job_wanted import Facets, Wanted
from segue.catalog.queries.jobs import open_jobs
from segue.kit.actor import Actor
from segue.kit.paging import Page

__all__ = ["Facets", "Wanted", "job_facets", "like_this", "newest_jobs", "search_jobs"]
PAGE_SIZE = 24


def search_jobs(
    actor: Actor, wanted: Wanted, *, after: str = "", size: int = PAGE_SIZE
) -> tuple[Page[Job], int]:
    """Return a page of open jobs, newest first, and how many there are in all.

    `after` is the id of the last job of the page before; one that is not there counts as none.
    """
    rows = open_jobs(actor).filter(_matching(wanted))
    total = rows.count()
    last = _job_of(actor, after)
    if last is not None:
        older = Q(posted_at__lt=last.posted_at) | Q(posted_at=last.posted_at, pk__lt=last.pk)
        rows = rows.filter(older)
    found = list(rows.select_related("brand").order_by("-posted_at", "-pk")[: size + 1])
    more = str(found[size - 1].pk) if len(found) > size else ""
    return Page(rows=found[:size], next_after=more), total


def newest_jobs(actor: Actor, *, size: int = 12) -> Sequence[Job]:
    """Return the latest open jobs, the same for everybody."""
    return list(open_jobs(actor).select_related("brand").order_by("-posted_at", "-pk")[:size])


def job_facets(actor: Actor) -> Facets:
    """Return the departments, countries, currencies and brands of open jobs, in four queries."""
    rows = open_jobs(actor).order_by()
    departments = _counted(rows.exclude(department="").values_list("department").annotate(Count("pk")))
    countries = _counted(rows.exclude(country="").values_list("country").annotate(Count("pk")))
    paid = rows.exclude(pay_currency="").values_list("pay_currency").annotate(Count("pk"))
    worn = rows.filter(brand__isnull=False, brand__retired_at=None).values_list("brand__key", "brand__name")
    brands = list(worn.annotate(Count("pk")).order_by("brand__name", "brand__key"))
    return Facets(sum(count for _, count in departments), departments, countries, _counted(paid), brands)


def like_this(job: Job, actor: Actor, *, size: int = 4) -> Sequence[Job]:
    """Return other open jobs of the same department, newest first."""
    rows = open_jobs(actor).filter(department=job.department).exclude(pk=job.pk)
    return list(rows.order_by("-posted_at", "-pk")[:size])


def _matching(wanted: Wanted) -> Q:
    found = Q()
    for word in wanted.text.replace("\x00", "").split()[:8]:
        found &= (
            Q(title__icontains=word)
            | Q(department__icontains=word)
            | Q(occupation__icontains=word)
            | Q(city__icontains=word)
            | Q(description__icontains=word)
            | Q(required_skills__contains=[word.lower()])
        )
    if wanted.remote in Remote.values and wanted.remote:
        found &= Q(remote=wanted.remote)
    if wanted.employment_type in EmploymentType.values and wanted.employment_type:
        found &= Q(employment_type=wanted.employment_type)
    if wanted.brand:
        found &= Q(brand__key=wanted.brand.replace("\x00", ""))
    exact = {"country": wanted.country.upper(), "city__iexact": wanted.city, "department": wanted.department}
    for field, value in exact.items():
        if value:
            found &= Q(**{field: value.replace("\x00", "")})
    return found & near_enough(wanted) & paid_enough(wanted)


def _job_of(actor: Actor, ref: str) -> Job | None:
    try:
        key = uuid.UUID(ref)
    except ValueError:
        return None
    return open_jobs(actor).filter(pk=key).first()


def _counted(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
