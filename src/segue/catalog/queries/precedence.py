"""Which of several words about one thing counts, and what somebody has taken out. Pure reading of fact rows.

Precedence is the order of FactSource. What a stranger said on somebody's behalf (method "unverified") only
fills gaps. Taking something out is itself a row, a denial: confidence 0, never current, in force until its
`valid_to`. What it shuts keeps its confidence and ends at the denial's moment, so that lifting the denial
finds it again; what is said while it holds is kept as said and ended in the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from segue.catalog.models import Fact, FactKind, FactSource

UNVERIFIED = "unverified"
TAKEN_OUT = "taken_out"
RECRUITING = "recruiting"
MANY_VALUED = frozenset(
    {FactKind.SKILL, FactKind.LICENCE, FactKind.PERMIT, FactKind.POSITION, FactKind.EDUCATION}
)
RANK = {source: rank for rank, source in enumerate(FactSource.values)}
_MACHINES = frozenset({FactSource.ATS, FactSource.PARSED, FactSource.INFERRED})
_CANDIDATES = frozenset({FactSource.CONFIRMED, FactSource.CANDIDATE})
Lane = tuple[str, str, bool, bool]


def strength(fact: Fact) -> tuple[bool, int, float, int]:
    """Order facts strongest first: the person's own or a colleague's, by source, newest, last written."""
    return fact.method == UNVERIFIED, RANK[fact.source], -fact.stated_at.timestamp(), -(fact.pk or 0)


def serves_recruiting(fact: Fact) -> bool:
    """Say whether a profile may hold this: it names no purpose, or recruiting among them."""
    return not fact.purposes or RECRUITING in fact.purposes


def is_own(fact: Fact) -> bool:
    """Say whether the candidate vouches for it themselves."""
    return fact.source in _CANDIDATES and fact.method != UNVERIFIED


def is_denial(fact: Fact) -> bool:
    """Say whether the row takes something out, rather than saying it."""
    return fact.confidence == 0 and fact.superseded_at is not None


def in_force(fact: Fact) -> bool:
    """Say whether the row takes something out, still."""
    return is_denial(fact) and fact.valid_to is None


def lane_of(fact: Fact) -> Lane:
    """Name the voice that said it: of one voice, a newer word on a single-valued kind replaces the older."""
    return fact.kind, fact.source, fact.method == UNVERIFIED, serves_recruiting(fact)


def slot_of(fact: Fact) -> tuple[Lane, str]:
    """Name the place of which one fact is current at a time."""
    return lane_of(fact), fact.normalised if fact.kind in MANY_VALUED else ""


def shut_by(fact: Fact, facts: Iterable[Fact]) -> Fact | None:
    """Return the newest denial in force that keeps this out.

    The candidate's keeps out everybody, but for what they say themselves afterwards. A recruiter's keeps out
    machines, and what recruiters said before.
    """
    same = [one for one in facts if in_force(one) and _about_the_same(one, fact)]
    return next((one for one in sorted(same, key=_ended, reverse=True) if _shuts(one, fact)), None)


def silenced(fact: Fact, facts: Iterable[Fact]) -> bool:
    """Say whether a denial, lifted or not, is what ended this."""
    if fact.superseded_at is None or is_denial(fact):
        return False
    if fact.superseded_at == fact.stated_at:
        return True
    ends = (one.superseded_at for one in facts if is_denial(one) and _about_the_same(one, fact))
    return fact.superseded_at in ends


def is_machine(fact: Fact) -> bool:
    """Say whether a program said it, which says the same again every night."""
    return fact.source in _MACHINES


def last_words(facts: Sequence[Fact], undone: Sequence[Fact] = ()) -> dict[tuple[Lane, str], Fact]:
    """Return the last word of each slot, current or silenced; what one of `undone` replaced counts again."""
    moments = {(slot_of(word), word.stated_at) for word in undone if not is_denial(word)}
    alive = (
        fact
        for fact in facts
        if fact.superseded_at is None
        or silenced(fact, facts)
        or (not is_denial(fact) and (slot_of(fact), fact.superseded_at) in moments)
    )
    return {slot_of(fact): fact for fact in sorted(alive, key=said_at) if fact not in undone}


def brought_back(facts: Sequence[Fact], undone: Sequence[Fact]) -> list[Fact]:
    """Return the last words that undoing these lets stand again, or leaves to another denial."""
    return [
        fact
        for fact in last_words(facts, undone).values()
        if fact.superseded_at is not None and any(_held_back(fact, one) for one in undone)
    ]


def _held_back(fact: Fact, undone: Fact) -> bool:
    same_slot = slot_of(fact) == slot_of(undone)
    return _about_the_same(fact, undone) if is_denial(undone) else same_slot


def said_at(fact: Fact) -> tuple[float, int]:
    """Order facts as they were said."""
    return fact.stated_at.timestamp(), fact.pk or 0


def _shuts(denial: Fact, fact: Fact) -> bool:
    before = _ended(denial) > fact.stated_at.timestamp()
    if is_own(denial):
        return before or not is_own(fact)
    return is_machine(fact) or (before and not is_own(fact))


def _about_the_same(one: Fact, other: Fact) -> bool:
    return (one.kind, one.normalised) == (other.kind, other.normalised)


def _ended(fact: Fact) -> float:
    return fact.superseded_at.timestamp() if fact.superseded_at else float("inf")
