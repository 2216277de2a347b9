"""A job as schema.org JobPosting, the form search engines and other boards read."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from segue.catalog.models import EmploymentType, Job, Remote

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
        "identifier": {"@type": "PropertyValue", "name": settings.EMPLOYER_NAME, "value": str(job.pk)},
        "hiringOrganization": {"@type": "Organization", "name": settings.EMPLOYER_NAME},
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
