"""Offers the invented company has under way, one in each state that a person may want to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from segue.catalog.models import Job
from segue.hire.actions.offers.answering import ask_about_offer, decline_offer
from segue.hire.actions.offers.approving import set_approval_chain, submit_offer
from segue.hire.actions.offers.drafting import draft_offer, keep_offer_template
from segue.hire.actions.offers.sending import send_offer, withdraw_offer
from segue.hire.actions.offers.terms import first_letter
from segue.hire.models import Application, Offer, Outcome, Stage, Terms
from segue.hire.paper import press
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.trust.models import Account

STANDS = timedelta(days=7)
NO, QUESTION = "The way is too long.", "May I begin a month later?"
RUNS_OUT = timedelta(minutes=2)  # so that whoever looks around sees a clock run out


def settle_offers(staff: dict[str, Account], first_email: str) -> int:
    """Make offers to a few who are near one, and to the person who is looked around as; returns how many."""
    by, boss = _actor(staff, Role.RECRUITER), _actor(staff, Role.ADMINISTRATOR)
    if by is None or boss is None or boss.account_id is None:
        return 0
    keep_offer_template("Part time", secret_text=first_letter(), by=by)
    waiting = _near_an_offer(first_email)
    steps: list[Callable[[Offer], object]] = [
        lambda offer: _out(offer, by),
        lambda offer: offer,
        lambda offer: submit_offer(offer, by=by),
        lambda offer: _asked(_out(offer, by)),
        lambda offer: decline_offer(_out(offer, by), secret_reason=NO, by=_theirs(offer)),
        lambda offer: withdraw_offer(_out(offer, by), reason="The position was moved.", by=by),
        lambda offer: _out(offer, by),
        lambda offer: submit_offer(offer, by=by),
    ]
    made = 0
    for number, (step, application) in enumerate(zip(steps, waiting, strict=False)):
        if number == len(steps) - 1:  # from here on, somebody has to say yes first
            set_approval_chain([boss.account_id], by=by)
        stands = RUNS_OUT if number == len(steps) - 2 else STANDS
        step(draft_offer(application, terms=_terms(application, clock.now() + stands), by=by))
        made += 1
    return made


def _out(offer: Offer, by: Actor) -> Offer:
    return send_offer(submit_offer(offer, by=by), by=by)


def _asked(offer: Offer) -> Offer:
    ask_about_offer(offer, secret_text=QUESTION, by=_theirs(offer))
    return offer


def _theirs(offer: Offer) -> Actor:
    person = offer.application.person
    return Actor(role=Role.CANDIDATE, name=person.name, person_id=person.pk)


def _near_an_offer(first_email: str) -> Iterator[Application]:
    """Who is looked around as comes first, then whoever has come farthest."""
    rows = Application.objects.filter(outcome=Outcome.OPEN).select_related("person", "job")
    rows = rows.exclude(person__email=None)
    first = rows.filter(person__email=first_email).order_by("-applied_at").first()
    if first is not None:
        yield first
    others = rows.exclude(person__email=first_email).order_by("applied_at", "pk")
    for stage in (Stage.OFFER, Stage.ONSITE, Stage.INTERVIEW, Stage.SCREEN):
        near = others.filter(stage=stage)[:20]
        yield from (one for one in near if not press().unprintable(f"{one.person.name}{one.job.title}"))


def _terms(application: Application, until: datetime) -> Terms:
    job = application.job
    return Terms(
        title=job.title,
        pay_amount=_pay(job),
        pay_currency=job.pay_currency or "EUR",
        pay_period=job.pay_period or "year",
        starts_on=clock.now().date() + timedelta(days=60),
        place=job.city,
        remote=job.remote,
        hours_per_week=Decimal(40),
        clauses="",
        template=first_letter(),
        expires_at=until,
    )


def _pay(job: Job) -> Decimal:
    return job.pay_max or job.pay_min or Decimal(50_000)


def _actor(staff: dict[str, Account], role: Role) -> Actor | None:
    found = next((one for one in staff.values() if one.role == role.value), None)
    return Actor(role=role, name=found.name, account_id=found.pk) if found else None
