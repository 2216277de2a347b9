"""Which applications are held, and why."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from segue.hire.models import Application, Hold
from segue.kit.actor import Actor

SIGNS: dict[str, str | Promise] = {
    "trap": _("a field that people do not see was filled in"),
    "fast": _("it was sent sooner than anybody can type"),
    "no_stamp": _("it did not come from our form"),
    "crowd": _("very many came from the same network"),
}


def is_held(of: str = "pk") -> Exists:
    """Match applications that are held and not let in yet; `of` names the column that holds their id."""
    return Exists(Hold.objects.filter(application=OuterRef(of), released_at=None))


def hold_on(application: Application) -> Hold | None:
    """Return what holds an application, if anything still does."""
    return Hold.objects.filter(application_id=application.pk, released_at=None).first()


def signs_in_words(hold: Hold) -> list[str]:
    """Say what made it look like a program's."""
    return [str(SIGNS.get(flag, flag)) for flag in hold.flags]


def held_count(job_id: uuid.UUID, by: Actor) -> int:
    """Return how many applications of a job are held."""
    if not by.is_human_staff:
        return 0
    return Hold.objects.filter(application__job_id=job_id, released_at=None).count()
