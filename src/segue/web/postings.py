"""A job as schema.org JobPosting, the form search engines and other boards read."""

from __future__ import annotations

import json
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from segue.catalog.models import EmploymentType, Job, Remote
from segue.catalog.queries.brands import name_worn

_TYPES = {
    EmploymentType.FULL_TIME: "FULL_TIME",
    EmploymentType.PART_TIME: "PART_TIME",
    EmploymentType.CONTRACT: "CONTRACTOR",
    EmploymentType.TEMPORARY: "TEMPORARY",
    EmploymentType.INTERNSHIP: "INTERN",
}
# Inside <script> nothing is unescaped by the browser, so what could end it is written as \\u escapes.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def posting_of(job: Job, *, address: str) -> dict[str, Any]:
    """Return the JobPosting of a job; what is not known is left out, never made up."""
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in job.description.split("\n\n") if part.strip())
    posting: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": job.title,
        "description": paragraphs or escape(job.title),
        "identifier": {"@type": "PropertyValue", "name": name_worn(job), "value": str(job.pk)},
        "hiringOrganization": {"@type": "Organization", "name": name_worn(job)},
        "datePosted": job.posted_at.isoformat() if job.posted_at else None,
        "validThrough": job.valid_through.isoformat() if job.valid_through else None,
        "employmentType": _TYPES.get(EmploymentType(job.employment_type)),
        "jobLocation": _location(job),
        "jobLocationType": "TELECOMMUTE" if job.remote == Remote.REMOTE else None,
        "applicantLocationRequirements": _country(job) if job.remote == Remote.REMOTE else None,
        "baseSalary": _salary(job),
        "skills": ", ".join(job.required_skills) or None,
        "occupationalCategory": job.occupation or None,
        "totalJobOpenings": job.openings,
        "directApply": True,
        "url": address,
    }
    return {key: value for key, value in posting.items() if value is not None}


def as_data_block(posting: dict[str, Any]) -> SafeString:
    """Return the posting as JSON that is safe inside a <script> data block."""
    return mark_safe(json.dumps(posting, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308 - escaped above


def missing_for_search_engines(job: Job) -> list[str]:
    """Say in words what a search engine would want to know before it lists this job.

    Google's required properties of a JobPosting (title, description, date, employer, and a place or, for
    remote work, the countries one may work from), and the two it asks for wherever they exist: the pay and
    the last day.
    """
    where = bool(job.country) and (bool(job.city or job.address) or job.remote == Remote.REMOTE)
    checks = (
        (bool(job.description.strip()), _("a description of the work")),
        (where, _("the town and country, or for remote work the country")),
        (job.pay_min is not None or job.pay_max is not None, _("the pay")),
        (job.valid_through is not None, _("the last day to apply")),
    )
    return [words for holds, words in checks if not holds]


def _country(job: Job) -> dict[str, str] | None:
    return {"@type": "Country", "name": job.country} if job.country else None


def _location(job: Job) -> dict[str, Any] | None:
    parts = {
        "streetAddress": job.address,
        "addressLocality": job.city,
        "addressCountry": job.country,
    }
    known = {key: value for key, value in parts.items() if value}
    return {"@type": "Place", "address": {"@type": "PostalAddress", **known}} if known else None


def _salary(job: Job) -> dict[str, Any] | None:
    if job.pay_min is None and job.pay_max is None:
        return None
    ends = {"minValue": job.pay_min, "maxValue": job.pay_max}
    value = {key: float(end) for key, end in ends.items() if end is not None}
    return {
        "@type": "MonetaryAmount",
        "currency": job.pay_currency,
        "value": {"@type": "QuantitativeValue", **value, "unitText": job.pay_period.upper()},
    }
