"""What search engines may find: the list of jobs and every open job, and what is nobody's business."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from segue.catalog.models import Job
from segue.catalog.queries.jobs import open_jobs
from segue.kit.actor import Actor

PRIVATE = (
    "/desk/",
    "/a/",
    "/offer/",
    "/api/",
    "/sign-in/",
    "/why/",
    "/taste/",
    "/you/",
    "/consent/",
    "/applications/",
    "/saved/",
)


class OpenJobs(Sitemap):  # type: ignore[type-arg]  # generic to the type checker alone
    """Every job that somebody can apply for now, as anybody sees it."""

    limit = 10_000

    def items(self) -> QuerySet[Job]:
        rows = open_jobs(Actor.anonymous()).order_by("pk")
        return rows.only("pk", "updated_at", "status", "posted_at", "valid_through")

    def location(self, item: Job) -> str:
        return reverse("portal:job", args=[item.pk])

    def lastmod(self, item: Job) -> datetime:
        return item.updated_at


class Pages(Sitemap):  # type: ignore[type-arg]  # as above
    """The pages that are the same for everybody."""

    def items(self) -> list[str]:
        return ["portal:home", "portal:jobs"]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS = {"pages": Pages, "jobs": OpenJobs}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots where the sitemap is and what to leave alone."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE)]
    lines += [f"Sitemap: {request.build_absolute_uri(reverse('portal:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
