"""What a kept letter's places stand for in one conversation, and when it is to leave."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from segue.engage.actions.templates import fill_in
from segue.engage.models import Thread
from segue.hire.queries.applications import applications_of
from segue.hire.queries.letter_values import values_of
from segue.kit.actor import Actor
from segue.kit.errors import Invalid


def filled_in(text: str, thread: Thread, by: Actor) -> str:
    """Return the letter with every name in its place. Raises Invalid where one is not known."""
    return fill_in(text, values_for(thread, by))


def values_for(thread: Thread, by: Actor) -> dict[str, str]:
    """Return what can be said here, of the application the thread is about, else of their only open one."""
    person = thread.person
    mine = list(applications_of(person.pk, by).filter(outcome="open").select_related("job")[:50])
    about = thread.about.removeprefix("application:")
    found = next((one for one in mine if str(one.pk) == about), mine[0] if len(mine) == 1 else None)
    return values_of(person, job=thread.job or (found.job if found else None), about=found, sender=by.name)


def typed_time(typed: str) -> datetime | None:
    """Read the field of a date and time, in the reader's own zone. Raises Invalid for anything else."""
    if not typed.strip():
        return None
    try:
        at = parse_datetime(typed.strip())
    except ValueError:
        at = None
    if at is None:
        raise Invalid(_("That is no date and time."), field="send_at", remedy=_("Use the calendar."))
    return at if timezone.is_aware(at) else timezone.make_aware(at)
