"""Any past choice made again from its record: the same to the bit, or the first thing that differs.

What is compared: the model's name with the model it names; each dealt hand, drawn anew, with the jobs and
chances that were written; each card's factors with its score; the artefacts' bytes with their names; and the
record as a whole with its seal.
"""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from segue.engine.policy import Context
from segue.engine.sides import Sides
from segue.kit.actor import Actor
from segue.kit.errors import NotFound
from segue.learn.queries.registry import blob_of
from segue.recommend.choosing import belief_of, chosen_reason
from segue.recommend.judging import BOTH_SIDES
from segue.recommend.models import Exposure
from segue.recommend.ordering import laid_again
from segue.recommend.policy import MixPolicy
from segue.recommend.traces import FORM, LIST, people_again, recorded, worth_again
from segue.trust.models import Decision
from segue.trust.queries.decisions import decision_for, seal_of

LOGGED_DIGITS = 12
LEAST_CHANCE = 0.01
SAME = 1e-12
JUST_NOW = timedelta(seconds=5)


class Outcome(StrEnum):
    IDENTICAL = "identical"
    DIFFERENT = "different"
    UNRECORDED = "unrecorded"  # made before traces were kept, or by a process that keeps none


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where the replay parts from the record."""

    where: str
    stored: str
    replayed: str


@dataclass(frozen=True, slots=True)
class Dealt:
    """One card of the record, as it was dealt again."""

    shelf: str
    position: int
    job_id: str
    propensity: float


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of making one decision again."""

    decision_id: str
    kind: str
    at: datetime
    policy_id: str
    model_hash: str
    outcome: Outcome
    difference: Difference | None = None
    cards: list[Dealt] = field(default_factory=list)
    models_kept: bool = False  # are the artefacts' bytes still there to look at

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat(), "outcome": self.outcome.value}


def replay_decision(decision_id: uuid.UUID, *, by: Actor) -> Replay:
    """Make a past decision again. Raises NotFound for no such decision, or none this actor may know of."""
    row = decision_for(by, decision_id)
    if row.trace.get("form") != FORM:
        return _told(row, Outcome.UNRECORDED)
    cards: list[Dealt] = []
    try:
        checks = OTHER_CHECKS.get(row.kind, CHECKS)
        difference = next((found for check in checks for found in check(row, cards)), None)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        difference = Difference("trace", "", f"{type(error).__name__}: {error}")
    outcome = Outcome.IDENTICAL if difference is None else Outcome.DIFFERENT
    return _told(row, outcome, difference, cards)


def _told(
    row: Decision, outcome: Outcome, difference: Difference | None = None, cards: list[Dealt] | None = None
) -> Replay:
    return Replay(
        decision_id=str(row.pk),
        kind=row.kind,
        at=row.at,
        policy_id=row.policy_id,
        model_hash=row.model_hash,
        outcome=outcome,
        difference=difference,
        cards=cards or [],
        models_kept=all(_kept(hash_) for hash_ in row.inputs.get("models", [])),
    )


def _kept(hash_: str) -> bool:
    return _bytes_named(hash_) is not None


def _bytes_named(hash_: str) -> str | None:
    """Return the hash of the bytes kept under this name, or nothing where they are swept."""
    try:
        return hashlib.sha256(blob_of(hash_)).hexdigest()
    except NotFound:
        return None


def _model_check(row: Decision, _cards: list[Dealt]) -> Iterator[Difference]:
    named = hashlib.sha256(row.trace["model"].encode()).hexdigest()
    if named != row.model_hash:
        yield Difference("model", row.model_hash, named)
    for hash_ in row.inputs.get("models", []):
        found = _bytes_named(hash_)
        if found not in {None, hash_}:
            yield Difference("artefact", hash_, str(found))


def _hands_check(row: Decision, cards: list[Dealt]) -> Iterator[Difference]:
    """Draw every hand anew and lay it beside what was written."""
    written = list(_written(row))
    for name, packed in row.trace["hands"].items():
        mine = [card for card in written if card.shelf == name]
        again = recorded(packed).dealt_again()
        if len(again) != len(mine):
            yield Difference(name, f"{len(mine)} cards", f"{len(again)} cards")
        for card, (job_id, chance) in zip(mine, again, strict=False):
            cards.append(Dealt(name, card.position, str(job_id), chance))
            place = f"{name} {card.position}"
            if card.job_id != str(job_id):
                yield Difference(place, card.job_id, str(job_id))
            if card.propensity not in {chance, _logged(chance)}:
                yield Difference(f"{place} propensity", repr(card.propensity), repr(chance))
    unknown = [card for card in written if card.shelf not in row.trace["hands"]]
    if unknown:
        yield Difference(unknown[0].shelf, unknown[0].job_id, "no hand")


def _written(row: Decision) -> Iterator[Dealt]:
    """Read `chosen`: [shelf, place, job, chance] for shelves, [place, job, chance] for lists."""
    for entry in row.chosen:
        shelf, place, job_id, chance = entry if len(entry) == 4 else [LIST, *entry]
        yield Dealt(str(shelf), int(place), str(job_id), float(chance))


def _logged(chance: float) -> float:
    """Return a chance as exposures keep it."""
    return max(LEAST_CHANCE, min(1.0, round(chance, LOGGED_DIGITS)))


def _factors_check(row: Decision, _cards: list[Dealt]) -> Iterator[Difference]:
    """Each card's values times the model's weights are its contributions, and these its score."""
    _, names, weights = json.loads(row.trace["model"])
    weight_of = dict(zip(names, weights, strict=True))
    for card in _exposures(row):
        place = f"{card.shelf} {card.position}"
        for one in card.factors:
            named, weight = f"{place} {one['name']}", weight_of.get(one["name"])
            if weight != one["weight"]:
                yield Difference(f"{named} weight", repr(one["weight"]), repr(weight))
            if (product := one["value"] * one["weight"]) != one["contribution"]:
                yield Difference(named, repr(one["contribution"]), repr(product))
        total = math.fsum(one["contribution"] for one in card.factors)
        if total != card.score:
            yield Difference(f"{place} score", repr(card.score), repr(total))


def _exposures(row: Decision) -> list[Exposure]:
    """Return the cards this decision dealt; those that took their places later belong to other decisions."""
    places = {(card.position, card.job_id) for card in _written(row)}
    if row.kind == "card.dealt":  # its slate is an older decision's
        about = row.at - JUST_NOW, row.at + JUST_NOW
        rows = Exposure.objects.filter(person=row.person, dealt_at__range=about)
    else:
        rows = Exposure.objects.filter(slate__decision=row)
    first: dict[tuple[str, int, str], Exposure] = {}
    for card in rows.order_by("pk"):
        if (card.position, str(card.job_id)) in places:
            first.setdefault((card.shelf, card.position, str(card.job_id)), card)
    return list(first.values())


def _people_check(row: Decision, cards: list[Dealt]) -> Iterator[Difference]:
    """People stand by who may be hired, score and id; equals have an order of no meaning."""
    stored = [str(entry[1]) for entry in row.chosen]
    for place, (was, again) in enumerate(zip(stored, people_again(row.trace, stored), strict=True)):
        cards.append(Dealt("", place, again, 1.0))
        if was != again:
            yield Difference(f"place {place}", was, again)


def _sides_check(row: Decision, _cards: list[Dealt]) -> Iterator[Difference]:
    """What a match is worth to both sides is reckoned again by the curves of then, while they are kept.

    An exponential may differ in its last bit from processor to processor; the order, from the written worths,
    may not.
    """
    told = row.trace.get("sides")
    if told and _kept(told["hash"]):
        again = worth_again(told, Sides.from_bytes(blob_of(told["hash"])))
        written = [entry[2] for entry in row.chosen] if row.policy_id == BOTH_SIDES else None
        if not _alike(again, written):
            yield Difference("both sides", repr(written), repr(again))


def _alike(again: list[float] | None, written: list[float] | None) -> bool:
    if again is None or written is None or len(again) != len(written):
        return again is written  # both silent
    return all(math.isclose(one, was, rel_tol=SAME) for one, was in zip(again, written, strict=True))


def _order_check(row: Decision, _cards: list[Dealt]) -> Iterator[Difference]:
    """A learned order of shelves is laid again by its policy, while that one's bytes are kept."""
    told = row.inputs.get("order", {})
    hash_ = told.get("policy_hash", "")
    if hash_ and _kept(hash_):
        again = laid_again(told, row.inputs["context"], _policy(hash_))
        for name, value in again.items():
            if told.get(name) != value:
                yield Difference(f"order {name}", repr(told.get(name)), repr(value))


def _seal_check(row: Decision, _cards: list[Dealt]) -> Iterator[Difference]:
    if (seal := seal_of(row)) != row.trace.get("seal"):
        yield Difference("seal", str(row.trace.get("seal")), seal)


def _votes_check(row: Decision, _cards: list[Dealt]) -> Iterator[Difference]:
    """A policy's votes within each pool are counted again, while its bytes are kept."""
    for name, packed in row.trace["hands"].items():
        hand = recorded(packed)
        if hand.policy_hash and _kept(hand.policy_hash):
            belief = belief_of(_policy(hand.policy_hash), Context(**row.inputs["context"]))
            if (position := hand.votes_part(belief)) is not None:
                yield Difference(f"{name} votes", str(position), "other votes")


def _reasons_check(row: Decision, _cards: list[Dealt]) -> Iterator[Difference]:
    """Each reason that was chosen among several is chosen again."""
    hashes = {packed.get("policy", "") for packed in row.trace["hands"].values()} - {""}
    for hash_ in (one for one in hashes if _kept(one)):
        policy = _policy(hash_)
        belief = belief_of(policy, Context(**row.inputs["context"]))
        for shelf, position, seed, among, code, chance in row.inputs.get("reasons", []):
            place, again = chosen_reason(belief, policy, among, f"{seed}:{shelf}:{position}")
            if (code, chance) != (among[place], _logged(again)):
                yield Difference(f"{shelf} {position} reason", f"{code} {chance}", f"{among[place]} {again}")


def _policy(hash_: str) -> MixPolicy:
    return MixPolicy.from_bytes(blob_of(hash_))


def _ordered_check(row: Decision, cards: list[Dealt]) -> Iterator[Difference]:
    """What was chosen is the order that went in, each shelf with its chance."""
    told = row.inputs["order"]
    again = zip(told["shelves"], told["propensities"], strict=True)
    for (place, shelf, chance), (name, stored) in zip(row.chosen, again, strict=True):
        cards.append(Dealt(name, place, "", stored))
        if (shelf, chance) != (name, stored):
            yield Difference(f"place {place}", f"{shelf} {chance}", f"{name} {stored}")


Check = Callable[[Decision, list[Dealt]], Iterator[Difference]]
CHECKS: tuple[Check, ...] = (
    _model_check,
    _hands_check,
    _votes_check,
    _reasons_check,
    _factors_check,
    _order_check,
    _seal_check,
)
OTHER_CHECKS: dict[str, tuple[Check, ...]] = {
    "people.ranked": (_model_check, _people_check, _sides_check, _seal_check),
    "home.ordered": (_order_check, _ordered_check, _seal_check),
}
