"""Who reads whose card. What is here is the only door to the rows, and it is blind until one's own is in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from segue.hire.models import Application, Outcome, Panelist, Scorecard
from segue.hire.queries.access import applications_visible_to, may_decide
from segue.hire.queries.teamwork import NOBODY
from segue.kit.actor import ON_THE_JOB, Actor, Role
from segue.kit.errors import NotFound
from segue.trust.models import Account, AuditLine

SCOPE = "scorecards:read"
READ = "hire.read_scorecards"
INTERVIEWERS = ("administrator", "recruiter", "hiring_manager", "interviewer")


def scorecards_visible_to(by: Actor) -> QuerySet[Scorecard]:
    """Return the cards this actor may read: their own, and submitted ones of others as far as they may.

    Whoever is asked for a card about somebody and has not submitted it reads nobody else's about them, at no
    stage. Else the talent team reads all, a hiring manager those of their jobs, and who was on a panel those
    of the stages they submitted a card for. Keys with the scope are programs: no panel has any.
    """
    rows = Scorecard.objects.select_related("kit", "author", "application__job", "application__person")
    submitted = Q(submitted_at__isnull=False)
    if by.has_scope(SCOPE):
        return rows.filter(submitted)
    if not by.is_human_staff:
        return rows.none()
    mine = Q(author=by.account_id)
    return rows.filter(mine | submitted & ~Exists(_owed(by)) & (_by_role(by) | _by_seat(by)))


def _by_role(by: Actor) -> Q:
    if by.is_talent_team:
        return Q(application__isnull=False)
    if by.role is Role.HIRING_MANAGER:
        return Q(application__job__in=by.job_ids)
    return Q(pk=None)


def _by_seat(by: Actor) -> Q:
    """Theirs is in for this stage, and they are on the panel still or belong to the job."""
    own = Scorecard.objects.filter(
        application=OuterRef("application"),
        step=OuterRef("step"),
        author=by.account_id,
        submitted_at__isnull=False,
    )
    visible = applications_visible_to(by).order_by().values("pk")
    return Q(Exists(own)) & Q(application__in=visible)


def _owed(by: Actor) -> QuerySet[Panelist]:
    """Return the panel's places for which this colleague owes a card about the same application."""
    return owed_places().filter(application=OuterRef("application"), account=by.account_id)


def owed_places() -> QuerySet[Panelist]:
    """Return the places on panels whose card is asked for and not in; a settled application needs none."""
    card = Scorecard.objects.filter(
        application=OuterRef("application"),
        step=OuterRef("step"),
        author=OuterRef("account"),
        submitted_at__isnull=False,
    )
    rows = Panelist.objects.filter(removed_at=None, application__outcome=Outcome.OPEN)
    return rows.filter(~Exists(card))


def owes_card(application_id: uuid.UUID, by: Actor) -> bool:
    """Say whether this colleague is asked for a card about an application and has not submitted it."""
    return owed_places().filter(application=application_id, account=by.account_id or NOBODY).exists()


def cards_in_force(application: Application, by: Actor, step: str = "") -> list[Scorecard]:
    """Return the submitted cards of an application that this actor may read, each in its latest wording."""
    rows = scorecards_visible_to(by).filter(application=application.pk, submitted_at__isnull=False)
    newer = Scorecard.objects.filter(amends=OuterRef("pk"), submitted_at__isnull=False)
    rows = rows.filter(~Exists(newer)).order_by("submitted_at")
    return list(rows.filter(step=step) if step else rows)


def has_read_others(account: Account, application: Application, step: str) -> bool:
    """Say whether a colleague has read others' cards of this stage: then theirs would not be blind."""
    lines = AuditLine.objects.filter(subject_type="Application", subject_id=str(application.pk), verb=READ)
    return lines.filter(actor_id=account.pk, detail__step=step).exists()


def panel_of(application: Application, by: Actor) -> QuerySet[Panelist]:
    """Return who is asked about an application, oldest first; nothing for who may not see it."""
    rows = Panelist.objects.filter(application=application.pk, removed_at=None)
    seen = applications_visible_to(by).filter(pk=application.pk).exists()
    return rows.select_related("account").order_by("asked_at", "pk") if seen else rows.none()


def place_for(by: Actor, panelist_id: uuid.UUID | str) -> Panelist:
    """Return this colleague's own place on a panel, with whom it is about. Raises NotFound."""
    rows = Panelist.objects.select_related("application__job", "application__person", "account")
    found = rows.filter(pk=panelist_id, account=by.account_id or NOBODY).first()
    if found is None:
        raise NotFound(_("You are not asked for such a card."), field="panelist")
    return found


def panelist_for(by: Actor, application: Application, panelist_id: uuid.UUID | str) -> Panelist:
    """Return a place on an application's panel, taken off or not, for who arranges it. Raises NotFound."""
    rows = Panelist.objects.select_related("account")
    found = rows.filter(pk=panelist_id, application=application.pk).first()
    if found is None or not may_arrange(by, application):
        raise NotFound(_("There is no such place on this panel."), field="panelist")
    return found


def may_arrange(by: Actor, application: Application) -> bool:
    """Say whether this colleague says who interviews: who decides, and the job's coordinator."""
    coordinates = by.role is Role.COORDINATOR and application.job_id in by.job_ids
    return by.is_human_staff and (may_decide(by, application) or coordinates)


def colleagues_who_interview() -> QuerySet[Account]:
    """Return the colleagues who can be asked, by name."""
    return Account.objects.filter(is_active=True, role__in=INTERVIEWERS).order_by("name")


@dataclass(frozen=True, slots=True)
class OwnCard:
    """A place of one's own: whom about, until when, and whether the card is begun or in."""

    place: Panelist
    submitted_at: datetime | None
    is_begun: bool


def own_cards(by: Actor, *, limit: int = 100) -> list[OwnCard]:
    """Return the cards this colleague is asked for: owed ones first, the most urgent first; then the rest."""
    if by.account_id is None or (by.role not in ON_THE_JOB and not by.is_talent_team):
        return []
    rows = Panelist.objects.filter(account=by.account_id, removed_at=None)
    rows = rows.select_related("application__job", "application__person").order_by("-due_at")[:limit]
    places = list(rows)
    cards = Scorecard.objects.filter(author=by.account_id, application__in={p.application_id for p in places})
    state = {
        (card.application_id, card.step): card
        for card in cards.filter(amends=None).only("application_id", "step", "submitted_at")
    }
    found = [_own(place, state.get((place.application_id, place.step))) for place in places]
    return sorted(found, key=_urgency)


def _own(place: Panelist, card: Scorecard | None) -> OwnCard:
    return OwnCard(place, card.submitted_at if card else None, card is not None)


def _urgency(own: OwnCard) -> tuple[bool, float]:
    settled = own.submitted_at is not None or own.place.application.outcome != Outcome.OPEN
    due = own.place.due_at.timestamp()
    return settled, -due if settled else due


def owed_cards(by: Actor, *, limit: int) -> list[Panelist]:
    """Return the places for which this colleague owes a card, the most urgent first."""
    rows = owed_places().filter(account=by.account_id or NOBODY).order_by("due_at")
    return list(rows.select_related("application__job", "application__person")[:limit])


def own_card(place: Panelist) -> Scorecard | None:
    """Return the card of this place that counts: a draft, else the latest that was submitted."""
    rows = Scorecard.objects.filter(
        application=place.application_id, step=place.step, author=place.account_id
    )
    return rows.select_related("kit").order_by("submitted_at").last()  # a draft has no date, and comes last


def own_history(place: Panelist) -> Sequence[Scorecard]:
    """Return all submitted cards of this place, the first one first."""
    rows = Scorecard.objects.filter(
        application=place.application_id, step=place.step, author=place.account_id
    )
    return list(rows.filter(submitted_at__isnull=False).select_related("kit").order_by("submitted_at"))
