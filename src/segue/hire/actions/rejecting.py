"""Saying no to many: one person's decision, for one reason, after a sample drawn at random was opened."""

from __future__ import annotations

import math
import random
import secrets
import uuid
from collections.abc import Sequence

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from segue.hire.actions.bulk import Selection, begin_bulk, held, selected_keys
from segue.hire.actions.deciding import checked_reason, named_human
from segue.hire.actions.letters import tell_rejected
from segue.hire.actions.offers.ledger import close_offers
from segue.hire.models import Application, BulkAction, BulkKind, BulkRow, Outcome
from segue.hire.queries.access import not_there
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict
from segue.kit.queue import enqueue
from segue.listen.actions.record import record_many
from segue.trust.models import AuditLine

LEAST_SAMPLE, MOST_SAMPLE = 5, 25
SHARE = 0.05


def sample_size(count: int) -> int:
    """Return how many of so many must be opened: a twentieth, at least 5 (or all) and at most 25."""
    return min(count, max(LEAST_SAMPLE, min(MOST_SAMPLE, math.ceil(count * SHARE))))


@action("hire.prepare_rejection")
def prepare_rejection(selection: Selection, *, reason: str, by: Actor) -> BulkAction:
    """Write down whom somebody means to say no to and why, and draw the sample they must open first.

    Nobody is rejected by this. The dice are the system's own, so that nobody can choose their sample.
    Raises NotAllowed, Invalid.
    """
    named_human(by)
    words = checked_reason(reason)
    keys = selected_keys(selection, by)
    rows = held(keys)
    bulk = begin_bulk(BulkKind.REJECT, {"reason": words}, len(rows), len(keys) - len(rows), by=by)
    bulk.done_at = None
    bulk.save(update_fields=["done_at"])
    dice = random.Random(secrets.randbits(64))  # noqa: S311 - a sample, not a secret
    sample = {row.pk for row in dice.sample(rows, sample_size(len(rows)))}
    latest = _latest_entries([row.pk for row in rows])
    BulkRow.objects.bulk_create(
        [
            BulkRow(
                bulk=bulk,
                application_id=row.pk,
                before={"step": row.step, "entry": latest.get(row.pk)},
                is_sample=row.pk in sample,
            )
            for row in rows
        ],
        batch_size=2000,
    )
    return bulk


@action("hire.spare")
def spare(row: BulkRow, *, by: Actor) -> None:
    """Take somebody out of a rejection that is being prepared. Raises NotFound, Conflict."""
    bulk = _own(row.bulk, by)
    BulkRow.objects.filter(bulk=bulk, pk=row.pk).delete()
    bulk.count = BulkRow.objects.filter(bulk=bulk).count()
    bulk.save(update_fields=["count"])


def unopened(bulk: BulkAction, by: Actor) -> list[Application]:
    """Return those of the sample this colleague has not opened since it was drawn."""
    sample = list(BulkRow.objects.filter(bulk=bulk, is_sample=True).values_list("application_id", flat=True))
    seen = AuditLine.objects.filter(
        subject_type="Application",
        subject_id__in=[str(key) for key in sample],
        verb="hire.open_application",
        actor_id=by.account_id,
        at__gte=bulk.at,
    ).values_list("subject_id", flat=True)
    opened = set(seen)
    rows = Application.objects.filter(pk__in=sample).select_related("person")
    return [row for row in rows.order_by("pk") if str(row.pk) not in opened]


@action("hire.reject_many")
def reject_many(bulk: BulkAction, *, by: Actor) -> BulkAction:
    """Say no to everybody a prepared rejection names, once its sample was opened.

    Who was moved or settled since it was prepared is left out. Each gets the kind letter of a single
    rejection. Raises NotAllowed, NotFound for somebody else's, Conflict where the sample is not read.
    """
    row = _own(bulk, by)
    named_human(by)
    unread = unopened(row, by)
    if unread:
        raise Conflict(
            _("%d of the sample are not opened yet.") % len(unread),
            field="sample",
            remedy=_("Open each of them, and take out whom you would not turn down."),
        )
    meant = dict(BulkRow.objects.filter(bulk=row).values_list("application_id", "before"))
    standing = held(meant)
    latest = _latest_entries([each.pk for each in standing])
    still = [each for each in standing if latest.get(each.pk) == meant[each.pk]["entry"]]
    _reject_held(row, still, by=by)
    left = set(meant) - {each.pk for each in still}
    BulkRow.objects.filter(bulk=row, application_id__in=left).update(kept=True)
    row.done_at, row.count, row.kept = clock.now(), len(still), len(left)
    row.save(update_fields=["done_at", "count", "kept"])
    enqueue("hire.tell_bulk_rejected", bulk_id=str(row.pk))
    return row


def _reject_held(bulk: BulkAction, rows: Sequence[Application], *, by: Actor) -> None:
    keys, at, reason = [row.pk for row in rows], clock.now(), bulk.what["reason"]
    Application.objects.filter(pk__in=keys).update(
        outcome=Outcome.REJECTED,
        moved_at=at,
        due_at=None,
        snoozed_until=None,
        decided_at=at,
        decided_by_id=by.account_id,
        decision_reason=reason,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO hire_stageentry (application_id, stage, step, step_name, outcome, at, by_role,"
            " by_name, by_account_id, reason, bulk_id)"
            " SELECT a.id, a.stage, a.step, '', a.outcome, %s, %s, %s, %s, %s, %s"
            " FROM hire_application a WHERE a.id = ANY(%s) ORDER BY a.id",
            [at, by.role.value, by.name, by.account_id, reason, bulk.pk, keys],
        )
    close_offers(rows, by=by)
    pairs = [(row.person_id, row.job_id) for row in rows]
    record_many("application.decided", pairs, by=by, outcome=str(Outcome.REJECTED))


def tell_rejected_by(bulk: BulkAction, *, by: Actor) -> int:
    """Write the letter to everybody a bulk rejection turned down; told once however often it runs."""
    rows = Application.objects.filter(bulk_rows__bulk=bulk, bulk_rows__kept=False, outcome=Outcome.REJECTED)
    told = 0
    for row in rows.select_related("person", "job").iterator(chunk_size=500):
        tell_rejected(row, by=by, once_for=str(row.pk))
        told += 1
    return told


def _own(bulk: BulkAction, by: Actor) -> BulkAction:
    row = BulkAction.objects.select_for_update().filter(pk=bulk.pk, by_account_id=by.account_id).first()
    if row is None or by.account_id is None or row.kind != BulkKind.REJECT:
        raise not_there()
    if row.done_at is not None:
        raise Conflict(_("This is decided already."), remedy=_("Load the page again."))
    return row


def _latest_entries(keys: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = Application.objects.filter(pk__in=keys).order_by()
    return dict(rows.annotate(entry=Max("stage_entries__pk")).values_list("pk", "entry"))
