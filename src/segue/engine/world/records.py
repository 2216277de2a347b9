"""The rows of the visible world: what a real employer's systems would hold, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from segue.engine.world.occupations import Occupation

STAGES = ("applied", "screen", "interview", "onsite", "offer", "hired")
SOURCES = ("referral", "agency", "sourced", "applicant")
EVENT_KINDS = ("impression", "click", "dwell", "save", "like", "skip", "hide", "apply")
SURFACES = ("newest", "search", "browse")


@dataclass(frozen=True, slots=True)
class Term:
    """A slug with its English label: a skill, a licence or a department."""

    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class Brand:
    """A trading name of the employer and the departments (slugs) that work under it."""

    slug: str
    name: str
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A place where the employer works. Coordinates in degrees."""

    slug: str
    city: str
    country: str
    lat: float
    lon: float
    time_zone: str
    currency: str


@dataclass(frozen=True, slots=True)
class Employer:
    """The company: names, places and money. `rates` are units of a currency for one `home_currency`."""

    name: str
    slug: str
    home_currency: str
    brands: tuple[Brand, ...]
    departments: tuple[Term, ...]
    sites: tuple[Site, ...]
    rates: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A colleague with an account. Roles: recruiter, hiring_manager, interviewer, analyst, auditor, admin."""

    external_id: str
    name: str
    given_name: str
    email: str
    role: str
    title: str
    department: str


@dataclass(frozen=True, slots=True)
class Job:
    """An advertised job. Pay is for full-time work in `currency` per `pay_period` (hour, month or year)."""

    external_id: str
    title: str
    brand: str
    department: str
    occupation: str
    seniority: int
    description: str
    city: str
    country: str
    lat: float
    lon: float
    time_zone: str
    remote_mode: str
    pay_min: float
    pay_max: float
    currency: str
    pay_period: str
    employment_type: str
    required_skills: tuple[str, ...]
    nice_skills: tuple[str, ...]
    licences: tuple[str, ...]
    permit_country: str  # "" where the employer sponsors a permit or needs none
    openings: int
    posted_at: datetime
    valid_through: datetime
    closed_at: datetime | None
    status: str  # open, filled, closed
    hiring_manager: str
    recruiter: str


@dataclass(frozen=True, slots=True)
class Position:
    """One entry of a person's work history; `ended_on` is None while it lasts."""

    title: str
    employer: str
    started_on: date
    ended_on: date | None
    description: str


@dataclass(frozen=True, slots=True)
class Education:
    """One entry of a person's education, by years."""

    school: str
    degree: str
    started_year: int
    ended_year: int


@dataclass(frozen=True, slots=True)
class Resume:
    """One version of a résumé. `language` is en, de, fr or es."""

    language: str
    created_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Consents:
    """What a person allowed: matching on the profile, learning from behaviour, contact about jobs."""

    profile: bool
    behaviour: bool
    contact: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A candidate as the employer knows them. `pay_floor` is in `pay_currency` a year, None if not stated."""

    external_id: str
    name: str
    given_name: str
    family_name: str
    email: str
    phone: str
    locale: str
    time_zone: str
    city: str
    country: str
    lat: float
    lon: float
    headline: str
    occupation: str
    seniority: int
    resumes: tuple[Resume, ...]
    positions: tuple[Position, ...]
    education: tuple[Education, ...]
    skills: tuple[str, ...]
    licences: tuple[str, ...]
    permits: tuple[str, ...]
    pay_floor: float | None
    pay_currency: str
    remote_preference: str  # any, hybrid, remote
    willing_km: int
    consents: Consents
    source: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StageEntry:
    """One line of the stage ledger. `by` is the colleague who decided, "" where the candidate or time did."""

    stage: str
    entered_at: datetime
    left_at: datetime | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Application:
    """One person's application for one job, with its stage ledger in order of time."""

    external_id: str
    person: str
    job: str
    source: str
    applied_at: datetime
    status: str  # active, hired, rejected, withdrawn
    stages: tuple[StageEntry, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Behaviour:
    """Events on the career site in order of time, as columns of one length.

    `person` and `job` index the world's people and jobs; `kind` and `surface` index EVENT_KINDS and
    SURFACES; `at` is UTC; `dwell_s` is 0 except for dwell events; `position` counts cards from 0.
    """

    person: npt.NDArray[np.int32]
    job: npt.NDArray[np.int32]
    kind: npt.NDArray[np.uint8]
    at: npt.NDArray[np.datetime64]
    dwell_s: npt.NDArray[np.float32]
    session: npt.NDArray[np.int32]
    position: npt.NDArray[np.int16]
    surface: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Visible:
    """Everything a real employer's systems would hold. It refers to nothing hidden."""

    employer: Employer
    skills: tuple[Term, ...]
    licences: tuple[Term, ...]
    occupations: tuple[Occupation, ...]
    staff: tuple[StaffMember, ...]
    jobs: tuple[Job, ...]
    people: tuple[Person, ...]
    applications: tuple[Application, ...]
    behaviour: Behaviour
