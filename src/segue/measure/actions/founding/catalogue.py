"""Words, colleagues and jobs of the invented company."""

from __future__ import annotations

from decimal import Decimal

from segue.catalog.models import Brand, Job, Skill
from segue.engine.world.records import Job as InventedJob
from segue.engine.world.records import Visible
from segue.kit.actor import Role
from segue.kit.copying import copy_rows
from segue.trust.models import Account, JobMember

ROLES = {"admin": Role.ADMINISTRATOR.value}
ACCENTS = {
    "lindenmoor-digital": "#4263eb",
    "lindenmoor-care": "#12827c",
    "lindenmoor-freight": "#c2410c",
    "lindenmoor-works": "#2f6b3a",
    "lindenmoor-table": "#9c36b5",
}  # the group itself is the house
STATUS = {"open": "open", "filled": "filled", "closed": "closed"}


def settle_vocabulary(visible: Visible) -> None:
    """Add the company's own skills to the vocabulary; words already known stay as they are."""
    rows = [Skill(slug=term.slug, label=term.label) for term in visible.skills]
    Skill.objects.bulk_create(rows, ignore_conflicts=True)


def settle_staff(visible: Visible) -> dict[str, Account]:
    """Return the colleagues' accounts by external id."""
    accounts = {
        member.external_id: Account(
            email=member.email, name=member.name, role=ROLES.get(member.role, member.role)
        )
        for member in visible.staff
    }
    for account in accounts.values():
        account.set_unusable_password()
    copy_rows(Account, list(accounts.values()))
    return accounts


def settle_brands(visible: Visible) -> dict[str, Brand]:
    """Return the brands by slug: all but the group's own, which is the house."""
    rows = [
        Brand(key=one.slug, name=one.name, accent=ACCENTS[one.slug])
        for one in visible.employer.brands
        if one.slug in ACCENTS
    ]
    return {row.key: row for row in Brand.objects.bulk_create(rows)}


def settle_jobs(visible: Visible, staff: dict[str, Account]) -> list[Job]:
    """Return the jobs, in the order the world lists them, each with its team."""
    departments = {term.slug: term.label for term in visible.employer.departments}
    brands = settle_brands(visible)
    rows = [_job(job, departments, brands.get(job.brand)) for job in visible.jobs]
    copy_rows(Job, rows)
    members = [
        JobMember(job=row, account=staff[who], duty=duty)
        for row, job in zip(rows, visible.jobs, strict=True)
        for who, duty in ((job.recruiter, "recruiter"), (job.hiring_manager, "hiring_manager"))
        if who in staff
    ]
    JobMember.objects.bulk_create(members, ignore_conflicts=True)
    return rows


def _job(job: InventedJob, departments: dict[str, str], brand: Brand | None) -> Job:
    return Job(
        brand=brand,
        external_source="world",
        external_id=job.external_id,
        title=job.title,
        department=departments.get(job.department, job.department),
        occupation=job.occupation,
        description=job.description,
        city=job.city,
        country=job.country,
        lat=job.lat,
        lon=job.lon,
        remote=job.remote_mode,
        pay_min=Decimal(str(round(job.pay_min, 2))),
        pay_max=Decimal(str(round(job.pay_max, 2))),
        pay_currency=job.currency,
        pay_period=job.pay_period,
        employment_type=job.employment_type,
        required_skills=list(job.required_skills),
        nice_skills=list(job.nice_skills),
        licences=list(job.licences),
        permit_country=job.permit_country,
        openings=job.openings,
        status=STATUS[job.status],
        posted_at=job.posted_at,
        valid_through=job.valid_through,
        created_at=job.posted_at,
        updated_at=job.closed_at or job.posted_at,
    )
