"""Applications that look as if a program had sent them: held for a person to look at, and never dropped."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from segue.hire.actions.deciding import named_human
from segue.hire.models import UNCONFIRMED, Application, Hold
from segue.hire.proofs import proof_of
from segue.hire.queries.access import application_for, may_decide, not_there
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.listen.actions.record import record
from segue.trust.actions.decisions import write_decision
from segue.trust.actions.reviews import open_review

TURNS = ("let in", "held for a person")
DAYS = 2


@action("hire.hold_application")
def hold_application(application: Application, *, flags: Sequence[str], by: Actor) -> Hold:
    """Keep an application off the lists until a person has looked, or its sender says yes by mail."""
    hold, is_new = Hold.objects.get_or_create(application=application, defaults={"flags": sorted(flags)})
    if not is_new:
        return hold
    open_review("held_application", person=application.person, job=application.job, days=DAYS, by=by)
    write_decision(
        kind="application.held",
        policy_id="form.signs",
        model_hash="",
        person_id=application.person_id,
        job_id=application.job_id,
        inputs={"application": str(application.pk), "flags": sorted(flags)},
        candidates=list(TURNS),
        chosen=[TURNS[1]],
        reason=", ".join(sorted(flags)),
    )
    return hold


@action("hire.release_application")
def release_application(application: Application, *, by: Actor) -> Hold:
    """Let a held application onto the lists, in the name of who looked. Raises NotFound, NotAllowed."""
    row = application_for(by, application.pk)
    if not may_decide(by, row):
        raise NotAllowed(_("Only the talent team and this job's hiring manager let it in."))
    return _release(row, by=by, account_id=named_human(by))


@action("hire.confirm_application")
def confirm_application(application: Application, *, secret_proof: str, by: Actor) -> Hold:
    """Let it in because its sender said yes by the link in the mail. Raises NotFound for a wrong link."""
    if application.is_receipt or not constant_time_compare(secret_proof, proof_of(application)):
        raise not_there()
    return _release(application, by=by)


def _release(application: Application, *, by: Actor, account_id: uuid.UUID | None = None) -> Hold:
    hold = Hold.objects.select_for_update().filter(application_id=application.pk).first()
    if hold is None:
        raise not_there()
    if hold.released_at is None:
        hold.released_at, hold.released_by_id, hold.by_mail = clock.now(), account_id, account_id is None
        hold.save(update_fields=["released_at", "released_by", "by_mail"])
        if application.source != UNCONFIRMED:
            record(
                "application.submitted",
                by=by,
                person_id=application.person_id,
                job_id=application.job_id,
            )
    return hold
