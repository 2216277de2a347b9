"""Looking for people who are in the catalog more than once: rules merge, a ranking asks.

The rules decide by themselves only where nothing is at stake but tidiness. Where somebody signs in, a merge
opens one record's applications to the other, so only an address or a profile of their own is proof enough;
where the two gave different answers to a purpose, a person looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.utils.module_loading import import_string

from segue.catalog.actions.merging import merge_people
from segue.catalog.actions.same_people import Asked, in_order_of_standing, refresh_pairs
from segue.catalog.models import PRESENT, Merge, Person
from segue.catalog.queries.same_people import Comparable, people_to_compare, settled_pairs
from segue.engine.same_person.agreement import agreement_of
from segue.engine.same_person.comparable import comparable
from segue.engine.same_person.evidence import signs_of
from segue.engine.same_person.finding import Found, find_same
from segue.engine.same_person.names import Agree
from segue.engine.same_person.rules import NO_RULE, RULES, vetoed
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.learn.linkage import PEOPLE, WORTH_ASKING, Linker, Scored
from segue.trust.models import Account
from segue.trust.queries.consent import answers_of
from segue.trust.queries.dials import DO, OFF, same_people_level

MOST_ASKED = 1_000
PROOF_OF_OWNING = frozenset({"email", "profile"})  # rules that show whose it is also to whoever signs in
Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Plan:
    """What came of a search: pairs to merge, in order, and how many now wait for a person."""

    merging: tuple[Pair, ...]
    asked: int


@action("learn.find_same_people")
def find_same_people(*, by: Actor) -> Plan:
    """Refresh the pairs somebody should look at, and return those the rules would merge.

    Nothing is merged here: each merge is a job of its own, looked at once more before it is done. The dial
    `same_people.level` decides: off finds nothing, suggest only asks.
    """
    level = same_people_level()
    if level == OFF:
        return Plan((), 0)
    known = people_to_compare(by)
    found = find_same(known.records)
    decided = settled_pairs(by)
    certain = {pair: place for pair, place in _certain(known, found) if pair not in decided}
    held = _held_back(certain, found) if level == DO else dict.fromkeys(certain, "rule")
    asked = [_asked(pair, found, certain[pair], 1.0, why) for pair, why in held.items()]
    unsure = _unsure(known, found, decided | certain.keys())
    count = refresh_pairs([*asked, *unsure][:MOST_ASKED], by=by)
    return Plan(tuple(pair for pair in certain if pair not in held), count)


@action("learn.merge_same")
def merge_same(first: UUID, second: UUID, *, by: Actor) -> Merge | None:
    """Merge two people if a rule still says so and nothing has been decided meanwhile. Idempotent."""
    people = list(Person.objects.select_for_update().filter(PRESENT, pk__in=[first, second]).order_by("pk"))
    if len(people) != 2 or same_people_level() != DO:
        return None
    pair = (people[0].pk, people[1].pk)
    known = people_to_compare(by, only=pair)
    found = find_same(known.records)
    certain = dict(_certain(known, found))
    if pair not in certain or pair in settled_pairs(by) or _held_back(certain, found):
        return None
    place = certain[pair]
    survivor, merged = in_order_of_standing(*people)
    rule = RULES[int(found.rule[place])].code
    return merge_people(survivor, merged, evidence=_evidence(found, place), rule=rule, by=by)


def _certain(known: Comparable, found: Found) -> Iterator[tuple[Pair, int]]:
    """Yield the pairs of people a rule joins, each once, with the place of the strongest sign."""
    seen: set[Pair] = set()
    for place in found.merging.tolist():
        a, b = (known.ids[row] for row in found.pairs[place].tolist())
        pair = (min(a, b), max(a, b))
        if a != b and pair not in seen:
            seen.add(pair)
            yield pair, place


def _held_back(certain: dict[Pair, int], found: Found) -> dict[Pair, str]:
    """Say which certain pairs a person must look at all the same, and why."""
    ids = {person_id for pair in certain for person_id in pair}
    signing_in = set(Account.objects.filter(person__in=ids).values_list("person", flat=True))
    answers = answers_of(ids)
    held: dict[Pair, str] = {}
    for pair, place in certain.items():
        rule = RULES[int(found.rule[place])].code
        with_account = signing_in.intersection(pair)
        if len(with_account) == 2 or (with_account and rule not in PROOF_OF_OWNING):
            held[pair] = "account"
        elif _disagree(*(answers.get(person_id, {}) for person_id in pair)):
            held[pair] = "consent"
    return held


def _disagree(ours: dict[str, bool], theirs: dict[str, bool]) -> bool:
    return any(ours[purpose] != theirs[purpose] for purpose in ours.keys() & theirs.keys())


def _unsure(known: Comparable, found: Found, settled: set[Pair]) -> Iterator[Asked]:
    """Yield what the ranking finds likely and no rule decides; a household is not asked about."""
    scored = _scored(known, found)
    if not len(scored.pairs):
        return
    agreement = agreement_of(found.keys, scored.pairs)
    refused = vetoed(agreement) | (found.group[scored.pairs[:, 0]] == found.group[scored.pairs[:, 1]])
    asked: set[Pair] = set()
    for place in np.flatnonzero(~refused).tolist():
        a, b = (known.ids[row] for row in scored.pairs[place].tolist())
        pair = (min(a, b), max(a, b))
        if a == b or pair in settled or pair in asked:
            continue
        asked.add(pair)
        signs = [{"field": sign.field, "how": sign.how} for sign in signs_of(agreement, place)]
        yield Asked(*pair, probability=float(scored.probability[place]), reason="unsure", evidence=signs)


def _scored(known: Comparable, found: Found) -> Scored:
    linker: Linker = import_string(settings.LINKER)()
    scored = linker.score(comparable(known.records), PEOPLE, at_least=WORTH_ASKING)
    return scored if len(scored.pairs) else _alike(found)


def _alike(found: Found) -> Scored:
    """Where there are too few people to learn from: pairs whose whole name agrees, all equally likely."""
    alike = (found.agreement.given >= Agree.CLOSE) & (found.agreement.family >= Agree.CLOSE)
    pairs = found.pairs[alike & (found.rule == NO_RULE)]
    return Scored(pairs, np.full(len(pairs), 0.5))


def _asked(pair: Pair, found: Found, place: int, probability: float, reason: str) -> Asked:
    return Asked(*pair, probability=probability, reason=reason, evidence=_evidence(found, place))


def _evidence(found: Found, place: int) -> list[dict[str, Any]]:
    return [{"field": sign.field, "how": sign.how} for sign in signs_of(found.agreement, place)]
