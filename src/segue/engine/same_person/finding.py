"""The whole way: records in; people, the pairs that made them, and the reasons out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.engine.same_person.agreement import Agreement, agreement_of
from segue.engine.same_person.groups import join_groups
from segue.engine.same_person.pairs import Pairs, candidate_pairs
from segue.engine.same_person.records import Keys, Records, keys_of
from segue.engine.same_person.rules import NO_RULE, first_rule, vetoed


@dataclass(frozen=True, slots=True)
class Found:
    """What the rules say of the candidates. `group` names each record's person by its smallest row."""

    keys: Keys
    pairs: Pairs
    agreement: Agreement
    rule: NDArray[np.int8]  # of each pair: an index into RULES, or -1
    group: NDArray[np.int64]

    @property
    def merging(self) -> NDArray[np.int64]:
        """Which pairs a rule joins, strongest first: places in `pairs`."""
        joined = self.group[self.pairs[:, 0]] == self.group[self.pairs[:, 1]]
        places = np.flatnonzero((self.rule != NO_RULE) & joined)
        return places[np.argsort(self.rule[places], kind="stable")]


def find_same(records: Records) -> Found:
    """Find records of one person by the four rules.

    Groups are joined pair by pair, the strongest rule first; two groups whose members speak against each
    other stay apart, and so a household does not grow together through a middle one.

    >>> four = Records(["Bob", "Robert", "Ann", "Zoe"], ["Li"] * 4, ["b@x.org", "B@x.org", "b@x.org", ""],
    ...                *[[""] * 4] * 5)
    >>> find_same(four).group.tolist()
    [0, 0, 2, 3]
    """
    keys = keys_of(records)
    pairs = candidate_pairs(keys)
    agreement = agreement_of(keys, pairs)
    rule = first_rule(agreement)
    chosen = np.flatnonzero(rule != NO_RULE)
    chosen = chosen[np.argsort(rule[chosen], kind="stable")]

    def may_join(ours: list[int], theirs: list[int]) -> bool:
        if len(ours) == len(theirs) == 1:
            return True  # the rule has looked at exactly these
        crossing = np.array([(a, b) for a in ours for b in theirs], np.int64)
        return not vetoed(agreement_of(keys, crossing)).any()

    return Found(keys, pairs, agreement, rule, join_groups(pairs[chosen], len(records), may_join))
