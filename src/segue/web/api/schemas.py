"""What goes in and out of the API, typed."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema
from ninja.errors import ValidationError

from segue.catalog.models import Job
from segue.recommend.models import Stance
from segue.web.api.kinds import Moment


class ErrorOut(Schema):
    """Every refusal: what, where, and what to do about it."""

    code: str
    message: str
    field: str = ""
    remedy: str = ""


def first_fault(error: ValidationError) -> dict[str, str]:
    """Return the first field at fault, in the shape of every other refusal."""
    first: dict[str, Any] = error.errors[0] if error.errors else {}
    return {
        "code": "invalid",
        "message": str(first.get("msg", "The input is not valid.")),
        "field": ".".join(str(part) for part in first.get("loc", ())[1:]),
        "remedy": "See /api/v1/openapi.json for what each field takes.",
    }


REFUSED = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), ErrorOut)


class JobsIn(Schema):
    """What to look for; empty means anything. `after` is `next_after` of the page before."""

    text: str = Field("", max_length=200)
    country: str = Field("", max_length=2)
    city: str = Field("", max_length=120)
    remote: str = Field("", max_length=10)
    employment_type: str = Field("", max_length=12)
    department: str = Field("", max_length=200)
    brand: str = Field("", max_length=40)
    after: str = Field("", max_length=40)
    size: int = Field(24, ge=1, le=100)


class MixIn(Schema):
    limit: int = Field(10, ge=1, le=50)


class PayOut(Schema):
    minimum: Decimal | None
    maximum: Decimal | None
    currency: str
    period: str


class JobOut(Schema):
    """An open job as a list shows it."""

    id: uuid.UUID
    title: str
    department: str
    brand: str = Field(description="The key of its brand; empty for the house.")
    occupation: str
    city: str
    country: str
    remote: str
    employment_type: str
    pay: PayOut | None
    posted_at: datetime | None
    valid_through: datetime | None
    url: str


class JobPage(Schema):
    """One page, newest first; `next_after` asks for the following one, and is empty at the end."""

    items: list[JobOut]
    total: int
    next_after: str


class JobDetail(JobOut):
    """A job with all a person must know, and the same as schema.org JobPosting."""

    description: str
    required_skills: list[str]
    nice_skills: list[str]
    licences: list[str]
    permit_country: str
    openings: int
    posting: dict[str, Any]


class FactorOut(Schema):
    """One part of a score; the contributions of an item add up to it."""

    name: str
    value: float
    weight: float
    contribution: float


class RecommendationOut(Schema):
    """One dealt job: why, and with which chance."""

    exposure_id: uuid.UUID
    position: int
    job_id: uuid.UUID
    title: str
    url: str
    score: float
    reason: str
    reason_code: str
    factors: list[FactorOut]
    propensity: float = Field(gt=0, le=1)


class RecommendationsOut(Schema):
    """A dealt list, with the policy and the model behind it."""

    slate_id: uuid.UUID | None
    policy_id: str
    model_hash: str
    personalised: bool
    items: list[RecommendationOut]


class StanceIn(Schema):
    """An answer to a job; "none" takes the last one back."""

    job_id: uuid.UUID
    stance: str = Field(description=f"One of {', '.join(Stance.values)}, or none to take it back.")
    exposure_id: uuid.UUID | None = None
    until: Moment | None = None


class StanceOut(Schema):
    job_id: uuid.UUID
    stance: str | None
    replacement_job_id: uuid.UUID | None
    replacement_exposure_id: uuid.UUID | None


def job_fields(job: Job, url: str) -> dict[str, Any]:
    """Return what a list shows of a job."""
    has_pay = job.pay_min is not None or job.pay_max is not None
    pay = PayOut(minimum=job.pay_min, maximum=job.pay_max, currency=job.pay_currency, period=job.pay_period)
    names = (
        "id", "title", "department", "occupation", "city", "country", "remote", "employment_type",
        "posted_at", "valid_through",
    )  # fmt: skip
    found = {name: getattr(job, name) for name in names}
    return found | {"brand": job.brand.key if job.brand else "", "pay": pay if has_pay else None, "url": url}
