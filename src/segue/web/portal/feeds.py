"""The open jobs as others take them: an Atom feed for readers, XML for Indeed and LinkedIn.

What is not known is left out, never made up. The job boards' files are written job by job, so that ten
thousand jobs take no more memory than one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, rfc2822_date
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import condition, require_safe

from segue.catalog.models import EmploymentType, Job, PayPeriod, Remote
from segue.catalog.queries.brands import name_worn
from segue.catalog.queries.job_search import newest_jobs
from segue.catalog.queries.jobs import open_jobs, open_jobs_stamp
from segue.kit import clock
from segue.kit.actor import Actor

ANYBODY = Actor.anonymous()  # these files are the same for everybody
ATOM_SIZE = 100
Fields = list[tuple[str, str]]
_PLAIN: AttributesImpl[str] = AttributesImpl({})
# XML 1.0 has no way to say these, escaped or not.
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_INDEED_TYPES = {
    EmploymentType.FULL_TIME: "fulltime",
    EmploymentType.PART_TIME: "parttime",
    EmploymentType.CONTRACT: "contract",
    EmploymentType.TEMPORARY: "temporary",
    EmploymentType.INTERNSHIP: "internship",
}
_INDEED_REMOTE = {Remote.REMOTE: "Fully remote", Remote.HYBRID: "Hybrid remote"}
_LINKEDIN_TYPES = {
    EmploymentType.FULL_TIME: "FULL_TIME",
    EmploymentType.PART_TIME: "PART_TIME",
    EmploymentType.CONTRACT: "CONTRACT",
    EmploymentType.TEMPORARY: "TEMPORARY",
    EmploymentType.INTERNSHIP: "INTERNSHIP",
}
_LINKEDIN_PLACES = {Remote.ONSITE: "On-site", Remote.HYBRID: "Hybrid", Remote.REMOTE: "Remote"}
_LINKEDIN_PERIODS = {
    PayPeriod.HOUR: "HOURLY",
    PayPeriod.DAY: "DAILY",
    PayPeriod.WEEK: "WEEKLY",
    PayPeriod.MONTH: "MONTHLY",
    PayPeriod.YEAR: "YEARLY",
}


class NewJobs(Feed):  # type: ignore[type-arg]  # generic to the type checker alone
    """The newest open jobs as Atom, for feed readers and for whoever builds on them."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Open jobs at %(employer)s") % {"employer": settings.EMPLOYER_NAME}

    def link(self) -> str:
        return reverse("portal:jobs")

    def items(self) -> list[Job]:
        return list(newest_jobs(ANYBODY, size=ATOM_SIZE))

    def item_title(self, item: Job) -> str:
        return sayable(item.title)

    def item_description(self, item: Job) -> str:
        return in_paragraphs(item)

    def item_link(self, item: Job) -> str:
        return reverse("portal:job", args=[item.pk])

    def item_author_name(self, item: Job) -> str:
        return sayable(name_worn(item))

    def item_guid(self, item: Job) -> str:
        return f"urn:uuid:{item.pk}"

    def item_pubdate(self, item: Job) -> datetime | None:
        return item.posted_at

    def item_updateddate(self, item: Job) -> datetime:
        return item.updated_at

    def item_categories(self, item: Job) -> list[str]:
        return [sayable(item.department)] if item.department else []


def _as_they_are(request: HttpRequest) -> str:
    """An ETag that changes with any open job, and with any that opens or closes."""
    count, latest = open_jobs_stamp(ANYBODY)
    return f'"{count}-{latest.timestamp() if latest else 0:.6f}"'


@require_safe
@condition(etag_func=_as_they_are)
def indeed(request: HttpRequest) -> HttpResponseBase:
    """Every open job in Indeed's XML."""
    return _streamed(request, indeed_fields)


@require_safe
@condition(etag_func=_as_they_are)
def linkedin(request: HttpRequest) -> HttpResponseBase:
    """Every open job in LinkedIn's XML."""
    return _streamed(request, linkedin_fields)


def indeed_fields(job: Job, address: str) -> Fields:
    """A job's elements in Indeed's words; empty ones are left out when written."""
    return [
        ("title", job.title),
        ("date", rfc2822_date(job.posted_at) if job.posted_at else ""),
        ("referencenumber", str(job.pk)),
        ("requisitionid", job.external_id),
        ("url", address),
        ("company", name_worn(job)),
        ("sourcename", settings.EMPLOYER_NAME),
        ("streetaddress", job.address),
        ("city", job.city),
        ("country", job.country),
        ("description", in_paragraphs(job)),
        ("salary", _pay_in_words(job)),
        ("jobtype", _INDEED_TYPES.get(EmploymentType(job.employment_type), "")),
        ("category", job.department),
        ("remotetype", _INDEED_REMOTE.get(Remote(job.remote), "")),
        ("expirationdate", rfc2822_date(job.valid_through) if job.valid_through else ""),
    ]


def linkedin_fields(job: Job, address: str) -> Fields:
    """A job's elements in LinkedIn's words; a name with slashes is an element within others."""
    low, high = _pay_ends(job)
    place = ", ".join(part for part in (job.city, job.country) if part)
    pay = "salaries/salary/"
    return [
        ("partnerJobId", str(job.pk)),
        ("company", name_worn(job)),
        ("title", job.title),
        ("description", in_paragraphs(job)),
        ("applyUrl", address),
        ("location", place),
        ("city", job.city),
        ("country", job.country),
        ("workplaceTypes", _LINKEDIN_PLACES.get(Remote(job.remote), "")),
        ("jobtype", _LINKEDIN_TYPES.get(EmploymentType(job.employment_type), "")),
        ("skills/skill", "\n".join(job.required_skills)),
        (f"{pay}lowEnd/amount", low),
        (f"{pay}lowEnd/currencyCode", job.pay_currency if low else ""),
        (f"{pay}highEnd/amount", high),
        (f"{pay}highEnd/currencyCode", job.pay_currency if high else ""),
        (f"{pay}period", _LINKEDIN_PERIODS[PayPeriod(job.pay_period)] if low or high else ""),
        (f"{pay}type", "BASE_SALARY" if low or high else ""),
        ("expirationDate", job.valid_through.isoformat() if job.valid_through else ""),
        ("listDate", job.posted_at.isoformat() if job.posted_at else ""),
    ]


def in_paragraphs(job: Job) -> str:
    """What is said of a job as plain paragraphs of HTML; never empty, since boards refuse that."""
    return linebreaks(sayable(job.description).strip() or sayable(job.title), autoescape=True)


def sayable(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _UNSAYABLE.sub("", text)


def _streamed(request: HttpRequest, fields_of: Callable[[Job, str], Fields]) -> StreamingHttpResponse:
    return StreamingHttpResponse(_written(request, fields_of), content_type="application/xml; charset=utf-8")


def _written(request: HttpRequest, fields_of: Callable[[Job, str], Fields]) -> Iterator[str]:
    """The whole file, a piece for each job."""
    paper = StringIO()
    xml = SimplerXMLGenerator(paper, "utf-8", short_empty_elements=False)
    xml.startDocument()
    xml.startElement("source", _PLAIN)
    xml.addQuickElement("publisher", sayable(settings.EMPLOYER_NAME))
    xml.addQuickElement("publisherurl", request.build_absolute_uri(reverse("portal:jobs")))
    xml.addQuickElement("lastBuildDate", rfc2822_date(clock.now()))
    rows = open_jobs(ANYBODY).select_related("brand").order_by("-posted_at", "-pk")
    for job in rows.iterator(chunk_size=500):
        address = request.build_absolute_uri(reverse("portal:job", args=[job.pk]))
        xml.startElement("job", _PLAIN)
        write_fields(xml, fields_of(job, address))
        xml.endElement("job")
        yield _torn_off(paper)
    xml.endElement("source")
    xml.endDocument()
    yield _torn_off(paper)


def write_fields(xml: SimplerXMLGenerator, fields: Fields) -> None:
    """Write `a/b/c` within each other; neighbours share what stands around both. A line, a skill."""
    within: list[str] = []
    for name, value in fields:
        if not value:
            continue
        *around, last = name.split("/")
        while within != around[: len(within)]:
            xml.endElement(within.pop())
        for part in around[len(within) :]:
            xml.startElement(part, _PLAIN)
            within.append(part)
        for said in value.split("\n") if around and last == "skill" else [value]:
            xml.addQuickElement(last, sayable(said))
    while within:
        xml.endElement(within.pop())


def _torn_off(paper: StringIO) -> str:
    said = paper.getvalue()
    paper.seek(0)
    paper.truncate()
    return said


def _pay_ends(job: Job) -> tuple[str, str]:
    low, high = ("" if end is None else f"{end:f}" for end in (job.pay_min, job.pay_max))
    return low, high


def _pay_in_words(job: Job) -> str:
    low, high = _pay_ends(job)
    if not (low or high):
        return ""
    span = f"{low} - {high}" if low and high and low != high else low or high
    return f"{job.pay_currency} {span} per {job.pay_period}"
