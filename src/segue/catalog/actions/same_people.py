"""What somebody says about a pair: the same, not the same, later. Each can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from segue.catalog.actions.merging import BY_A_PERSON, merge_people
from segue.catalog.models import Fact, FactSource, Merge, PairState, Person, SamePair
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, NotAllowed

LATER = timedelta(days=7)
_OWN_WORDS = (FactSource.CONFIRMED, FactSource.CANDIDATE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A pair to look at: the smaller id first, how likely, why a person must say, and the signs."""

    first: UUID
    second: UUID
    probability: float
    reason: str
    evidence: Sequence[dict[str, Any]]


@action("catalog.say_same")
def say_same(pair: SamePair, *, by: Actor) -> Merge:
    """Merge the two, in one's own name. Raises Conflict where somebody was quicker."""
    held = _open(pair)
    survivor, merged = in_order_of_standing(held.first, held.second)
    merge = merge_people(survivor, merged, evidence=held.evidence, rule=BY_A_PERSON, by=by)
    _settle(held, PairState.MERGED, by)
    return merge


@action("catalog.say_different")
def say_different(pair: SamePair, *, by: Actor) -> SamePair:
    """Note that these are two people, for good: no rule and no rank asks again."""
    return _settle(_open(pair), PairState.DIFFERENT, by)


@action("catalog.ask_later")
def ask_later(pair: SamePair, *, by: Actor) -> SamePair:
    """Put a pair off for a week."""
    _team_only(by)
    held = _open(pair)
    held.later_until = clock.now() + LATER
    held.save(update_fields=["later_until"])
    return held


@action("catalog.ask_again")
def ask_again(pair: SamePair, *, by: Actor) -> SamePair:
    """Take back a no, or a later: the pair stands in the list again. Raises Conflict for merged people."""
    _team_only(by)
    held = SamePair.objects.select_for_update().get(pk=pair.pk)
    if held.state == PairState.MERGED:
        raise Conflict(_("These two were merged."), remedy=_("Undo the merge."))
    held.state, held.later_until, held.state_at, held.by = PairState.OPEN, None, None, ""
    held.save(update_fields=["state", "later_until", "state_at", "by"])
    return held


@action("catalog.refresh_pairs")
def refresh_pairs(asked: Iterable[Asked], *, by: Actor) -> int:
    """Make the open pairs exactly these; what somebody has decided or put off stays. Returns how many."""
    _team_only(by)
    wanted = {(one.first, one.second): one for one in asked}
    known = {(pair.first_id, pair.second_id): pair for pair in SamePair.objects.select_for_update()}
    stale = [p.pk for key, p in known.items() if p.state == PairState.OPEN and key not in wanted]
    SamePair.objects.filter(pk__in=stale).delete()
    kept = [known[key] for key in wanted if key in known and known[key].state == PairState.OPEN]
    for pair in kept:
        one = wanted[pair.first_id, pair.second_id]
        pair.probability, pair.reason, pair.evidence = one.probability, one.reason, list(one.evidence)
    SamePair.objects.bulk_update(kept, ["probability", "reason", "evidence"], batch_size=500)
    fresh = [_pair(one) for key, one in wanted.items() if key not in known]
    SamePair.objects.bulk_create(fresh, batch_size=1000)
    return len(kept) + len(fresh)


def in_order_of_standing(one: Person, other: Person) -> tuple[Person, Person]:
    """Return (survivor, merged): first whoever spoke for themselves, then whose record is older."""
    spoke = set(
        Fact.objects.filter(person__in=[one, other], source__in=_OWN_WORDS, superseded_at=None).values_list(
            "person", flat=True
        )
    )
    first, second = sorted((one, other), key=lambda p: (p.pk not in spoke, p.created_at, p.pk))
    return first, second


def _pair(one: Asked) -> SamePair:
    return SamePair(
        first_id=one.first,
        second_id=one.second,
        probability=one.probability,
        reason=one.reason,
        evidence=list(one.evidence),
    )


def _open(pair: SamePair) -> SamePair:
    held = SamePair.objects.select_for_update().filter(pk=pair.pk).first()
    if held is None or held.state != PairState.OPEN:
        raise Conflict(_("Somebody has decided about these two already."), remedy=_("Load the page again."))
    return held


def _settle(pair: SamePair, state: PairState, by: Actor) -> SamePair:
    _team_only(by)
    pair.state, pair.state_at, pair.by = state, clock.now(), by.name or by.role.value
    pair.save(update_fields=["state", "state_at", "by"])
    return pair


def _team_only(by: Actor) -> None:
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed(_("Only the talent team says who is the same person."))
