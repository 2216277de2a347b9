"""Who is asked to interview somebody, and until when their card is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from segue.engage.actions.messages import write_message
from segue.hire.actions.deciding import named_human
from segue.hire.actions.decision_clock import held_application, wind_decision_clock
from segue.hire.actions.kits import pin_kit
from segue.hire.models import Application, Outcome, Panelist, Scorecard
from segue.hire.queries.access import application_for
from segue.hire.queries.kits import FIRST_HOURS, stage_of_job
from segue.hire.queries.scorecards import INTERVIEWERS, has_read_others, may_arrange
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.trust.models import Account

LONGEST_NOTICE = timedelta(days=90)


@action("hire.ask_interviewer")
def ask_interviewer(
    application: Application,
    *,
    account: Account,
    by: Actor,
    step: str = "",
    due_at: datetime | None = None,
) -> Panelist:
    """Ask a colleague to interview somebody at a stage; asking again changes the due date alone.

    From then on they see this application, whatever jobs they belong to. Who has read others' cards of the
    stage is not asked any more: theirs would not be blind. Raises NotAllowed, NotFound, Conflict, Invalid.
    """
    row = held_for_panel(application, by)
    spec = stage_of_job(row.job_id, step or row.step)
    if account.role not in INTERVIEWERS or not account.is_active:
        raise Invalid(
            _("This colleague does not interview."), field="account", remedy=_("Choose from the list.")
        )
    kit = pin_kit(row.job_id, spec.key)
    at = clock.now()
    due = due_at or at + timedelta(hours=kit.due_hours if kit else FIRST_HOURS)
    if not at < due <= at + LONGEST_NOTICE:
        raise Invalid(
            _("The card cannot be due then."), field="due_at", remedy=_("Choose a day within 90 days.")
        )
    place = Panelist.objects.filter(application=row, step=spec.key, account=account).first()
    is_news = place is None or place.removed_at is not None
    if place is None:
        place = Panelist(application=row, step=spec.key, account=account)
    if is_news:
        _must_be_blind(place)
    place.due_at, place.removed_at, place.asked_by_id = due, None, by.account_id
    place.save()
    if is_news:
        _tell(place, by=by)
    wind_decision_clock(row, spec.key)
    return place


@action("hire.release_interviewer")
def release_interviewer(place: Panelist, *, by: Actor, back: bool = False) -> Panelist:
    """Ask a colleague for a card no more, or, with `back`, again as before.

    A card that is in stays; a draft waits, unseen by all, in case they are asked again. Raises NotAllowed,
    NotFound, Conflict where they read others' cards meanwhile.
    """
    row = held_for_panel(place.application, by)
    found = Panelist.objects.select_for_update().select_related("account").get(pk=place.pk)
    if back and found.removed_at is not None:
        _must_be_blind(found)
    found.removed_at = None if back else found.removed_at or clock.now()
    found.save(update_fields=["removed_at"])
    wind_decision_clock(row, found.step)
    return found


def held_for_panel(application: Application, by: Actor) -> Application:
    """Lock an application for who arranges its panel. Raises NotFound, NotAllowed, Conflict once settled."""
    named_human(by)
    seen = application_for(by, application.pk)
    if not may_arrange(by, seen):
        raise NotAllowed(
            _("Only who decides, and the job's coordinator, say who interviews."),
            field="application",
            remedy=_("Ask a recruiter."),
        )
    row = held_application(seen.pk)
    if row.outcome != Outcome.OPEN:
        raise Conflict(_("This application is already settled."), field="outcome")
    return row


def _must_be_blind(place: Panelist) -> None:
    """Refuse who has read the others' cards before writing their own."""
    account = place.account
    cards = Scorecard.objects.filter(application=place.application_id, step=place.step, author=account)
    if cards.filter(submitted_at__isnull=False).exists():
        return
    if has_read_others(account, place.application, place.step):
        raise Conflict(
            _("%s has read the others' scorecards already.") % (account.name or account.email),
            field="account",
            remedy=_("Ask somebody whose judgement is still their own."),
        )


def _tell(place: Panelist, *, by: Actor) -> None:
    """The mail says until when, and names nobody: mails outlive an erasure."""
    account = place.account
    with translation.override(settings.LANGUAGE_CODE):
        due = date_format(timezone.localtime(place.due_at), "DATETIME_FORMAT")
        text = "\n\n".join(
            (
                _("Hello %(name)s,") % {"name": account.name},
                _("you are asked to interview somebody. Your scorecard is due by %s.") % due,
                f"{settings.BASE_URL.rstrip('/')}/desk/scorecards/{place.pk}/",
                settings.EMPLOYER_NAME,
            )
        )
        write_message(
            to=account.email,
            subject=_("Your interview and its scorecard"),
            text=text,
            kind="panelist_asked",
            by=by,
            once_for=f"{place.pk}:{place.due_at.isoformat()}",
        )
