"""How applying felt: one question, asked kindly, and counted only where several have answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from segue.hire.models import Application, Impression
from segue.hire.queries.access import not_there
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid

LONGEST = 2_000


@action("hire.say_impression")
def say_impression(application: Application, *, secret_score: str, secret_text: str, by: Actor) -> Impression:
    """Keep how it felt: 1 to 5, and words if one likes; again changes it. Raises Invalid, NotFound."""
    own = by.person_id is not None and by.person_id == application.person_id
    if application.is_receipt or not (own or application.opened_by_key):
        raise not_there()
    if secret_score not in {"1", "2", "3", "4", "5"}:
        raise Invalid(_("Choose one of the five."), field="score")
    words = secret_text.replace("\x00", "").strip()[:LONGEST]
    said = {"score": int(secret_score), "text": words, "at": clock.now()}
    row, _new = Impression.objects.update_or_create(application_id=application.pk, defaults=said)
    return row
