"""Four rules that call two records one person, and what speaks against it whatever a rule says.

Each rule asks for a name that agrees *and* for something only one person has, or for a name, a place and an
employer that nothing contradicts. A shared address or number alone is a household, not a person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from segue.engine.same_person.agreement import Agreement
from segue.engine.same_person.names import Agree

Mask = NDArray[np.bool_]
NO_RULE: Final = -1


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence a person can check, and the same as a mask over pairs."""

    code: str
    says: str
    holds: Callable[[Agreement], Mask]


def _own_profile(a: Agreement) -> Mask:
    holds: Mask = (a.profile == 1) & ((a.given >= Agree.CLOSE) | (a.family >= Agree.CLOSE))
    return holds


def _own_mailbox(a: Agreement) -> Mask:
    holds: Mask = (a.email == 1) & (a.given >= Agree.CLOSE) & ~_sibling(a)
    return holds


def _own_number(a: Agreement) -> Mask:
    renamed = (a.city == 1) & (a.email != -1)  # another family name, the same home, no second mailbox
    whole = (a.given == Agree.SAME) & ((a.family >= Agree.CLOSE) | renamed | (a.born == 1))
    slip = (a.given == Agree.CLOSE) & (a.family == Agree.SAME)
    holds: Mask = (a.phone == 1) & (whole | slip) & ~_sibling(a)
    return holds


def _same_life(a: Agreement) -> Mask:
    """Name, and what surrounds it; two contacts that both differ make it two people of one name."""
    unreached = (a.email == 0) & (a.phone == 0)
    both_differ = (a.email == -1) & (a.phone == -1)
    lived = (a.city == 1) & ((a.employer == 1) | unreached) & ~both_differ
    worked = (a.city >= 0) & (a.employer == 1) & unreached
    born = (a.born == 1) & ((a.city == 1) | (a.employer == 1))
    holds: Mask = a.exact_name & (lived | worked | born)
    return holds


def _sibling(a: Agreement) -> Mask:
    """One family name, given names a letter apart, and two mailboxes: Jan and Jana share a number."""
    holds: Mask = (a.given == Agree.CLOSE) & (a.email == -1) & (a.profile != 1) & (a.born != 1)
    return holds


RULES: Final = (
    Rule("profile", "The same profile address, and a name that agrees.", _own_profile),
    Rule("email", "The same e-mail, and a first name that agrees.", _own_mailbox),
    Rule("phone", "The same phone number, and a name that agrees.", _own_number),
    Rule("life", "The same full name, place and employer, and no contact against it.", _same_life),
)


@dataclass(frozen=True, slots=True)
class Veto:
    """What makes two records two people, or at least a question for a person."""

    code: str
    says: str
    holds: Callable[[Agreement], Mask]


def _household(a: Agreement) -> Mask:
    shared = (a.email == 1) | (a.phone == 1)
    holds: Mask = shared & (a.given == Agree.DIFFERENT)
    return holds


VETOES: Final = (
    Veto("household", "They share an address or a number, and have different first names.", _household),
    Veto("born", "Their birth dates differ.", lambda a: a.born == -1),
    Veto("generation", "One is junior, the other senior.", lambda a: a.generation == -1),
    Veto(
        "profiles",
        "They have two different profiles, and no address or number in common.",
        lambda a: (a.profile == -1) & (a.email != 1) & (a.phone != 1),
    ),
)


def first_rule(agreement: Agreement) -> NDArray[np.int8]:
    """Return for each pair the first rule that holds and that nothing vetoes; -1 for none."""
    found = np.full(len(agreement), NO_RULE, np.int8)
    for number in range(len(RULES) - 1, -1, -1):
        found[RULES[number].holds(agreement)] = number
    found[vetoed(agreement)] = NO_RULE
    return found


def vetoed(agreement: Agreement) -> Mask:
    """Say which pairs something speaks against."""
    speaks: Mask = np.logical_or.reduce([veto.holds(agreement) for veto in VETOES])
    return speaks
