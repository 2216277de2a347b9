"""Answers that are given again: a request sent twice under one Idempotency-Key is one deed."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict
from segue.trust.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)


def hold_place(by: Actor, idempotency_key: str, fingerprint: str) -> KeptAnswer:
    """Take the place of a request's answer, or return the answer that is there (with a status).

    Call it inside the transaction of the deed: who comes second under the same key waits here until the
    first has committed. Raises Conflict where the key was used for another request.
    """
    caller = f"key:{by.key_id}" if by.key_id else f"account:{by.account_id}"
    KeptAnswer.objects.filter(
        caller=caller, idempotency_key=idempotency_key, kept_at__lt=clock.now() - KEPT_FOR
    ).delete()
    names = {"caller": caller, "idempotency_key": idempotency_key}
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(**names, fingerprint=fingerprint, person_id=by.person_id)
    except IntegrityError:
        known = KeptAnswer.objects.get(**names)
    if known.fingerprint != fingerprint:
        raise Conflict(
            _("This Idempotency-Key was used for another request."),
            field="Idempotency-Key",
            remedy=_("Use a new key for a new request; send the same body to repeat one."),
        )
    return known


def keep_answer(place: KeptAnswer, *, status: int, body: str) -> None:
    """Keep the answer in the place taken for it."""
    place.status, place.body, place.kept_at = status, body, clock.now()
    place.save(update_fields=["status", "body", "kept_at"])


def drop_old_answers() -> int:
    """Forget the answers of more than a day ago; return how many."""
    return KeptAnswer.objects.filter(kept_at__lt=clock.now() - KEPT_FOR).delete()[0]
