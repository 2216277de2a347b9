"""What two records that are one person have allowed: the stricter answer, unless a later one is their own.

Answers stay with the record they were given for, as proof. The survivor gets at most one more for each
purpose: the other's, where it decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from segue.kit.bus import announce
from segue.kit.merging import Merging, after_merging, before_merging
from segue.trust.models import Account, Consent, Purpose
from segue.trust.queries.consent import IMPORTED_TEXT

A_MOMENT = timedelta(microseconds=1)


@before_merging
def combine_answers(merging: Merging) -> None:
    """Carry over the merged person's answers that decide; withhold what a no of either covers."""
    ours, theirs = _latest(merging.survivor_id), _latest(merging.merged_id)
    carried = list(_carried(merging.survivor_id, ours, theirs))
    merging.added(Consent.objects.bulk_create(carried))
    if carried:
        announce("consent.changed", person_id=merging.survivor_id)
    allowed = {purpose: answer.granted for purpose, answer in ours.items()}
    allowed |= {answer.purpose: answer.granted for answer in carried}
    merging.withheld |= {
        purpose for purpose, answer in theirs.items() if answer.granted and not allowed[purpose]
    }


@after_merging
def rest_account(merging: Merging) -> None:
    """One human signs in by one account; the other rests, and its address leads to the survivor's."""
    left = Account.objects.filter(person_id=merging.merged_id).first()
    if left is not None:
        merging.put(left, "is_active", False)


def _latest(person_id: UUID) -> dict[str, Consent]:
    rows = Consent.objects.filter(person_id=person_id, purpose__in=Purpose.values)
    return {row.purpose: row for row in rows.order_by("at", "id")}


def _carried(survivor_id: UUID, ours: dict[str, Consent], theirs: dict[str, Consent]) -> Iterator[Consent]:
    for purpose, answer in sorted(theirs.items()):
        before = ours.get(purpose)
        if before is None or (before.granted != answer.granted and _decides(answer, before)):
            at = answer.at if before is None else max(answer.at, before.at + A_MOMENT)
            yield Consent(
                person_id=survivor_id,
                purpose=purpose,
                granted=answer.granted,
                text_shown=answer.text_shown,
                at=at,
                by=answer.by,
            )


def _decides(answer: Consent, other: Consent) -> bool:
    """A later word of their own decides; else the no does."""
    later, earlier = (answer, other) if answer.at > other.at else (other, answer)
    own = later.text_shown != IMPORTED_TEXT or not later.granted
    deciding = later if own else (earlier if not earlier.granted else later)
    return deciding is answer
