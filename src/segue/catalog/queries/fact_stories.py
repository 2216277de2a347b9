"""What is said about each thing, which word counts and why, and all that was ever said before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from segue.catalog.models import Fact, FactKind, Person
from segue.catalog.queries.people import person_for, sees_pay
from segue.catalog.queries.precedence import (
    MANY_VALUED,
    UNVERIFIED,
    in_force,
    is_denial,
    is_own,
    said_at,
    serves_recruiting,
    shut_by,
    silenced,
    slot_of,
    strength,
)
from segue.kit.actor import Actor

SHOWN, AGREES, OUTWEIGHED, OLDER, UNKNOWN_VOICE, KEPT_APART, NOT_TAKEN_OVER = (
    "shown", "agrees", "outweighed", "older", "unverified", "kept_apart", "not_taken_over",
)  # fmt: skip
REPLACED, TAKEN_OUT, UNDONE, SAID_NO_MORE, DENIAL, DENIAL_LIFTED = (
    "replaced", "taken_out", "undone", "said_no_more", "denial", "denial_lifted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """One fact in its story: how it stands, and which other fact is why."""

    fact: Fact
    standing: str
    because_of: Fact | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """All that was said about one thing: one kind, or of kinds with many values one value.

    `shown` is what the profile says, if anything; `others` also stand, strongest first; `past`: newest first.
    """

    kind: str
    shown: Word | None
    others: list[Word] = field(default_factory=list)
    past: list[Word] = field(default_factory=list)

    @property
    def words(self) -> list[Word]:
        """Return all of them: what counts, what else stands, what is past."""
        return ([self.shown] if self.shown else []) + self.others + self.past

    @property
    def lead(self) -> Fact:
        """The fact that names the story."""
        return self.words[0].fact

    @property
    def conflicts(self) -> list[Word]:
        """Return the words that stand and say something else than what is shown."""
        said = self.shown.fact.normalised if self.shown else None
        return [word for word in self.others if word.fact.normalised != said]


def fact_stories(person: Person, by: Actor) -> Sequence[Story]:
    """Return everything that was ever said about a person, told thing by thing; pay only to who sees it.

    Raises NotFound for somebody this actor may not know of.
    """
    person_for(by, person.pk)
    facts = Fact.objects.filter(person=person).prefetch_related("resume").order_by("pk")
    if not sees_pay(by, person):
        facts = facts.exclude(kind=FactKind.PAY_FLOOR)
    return told(list(facts), email=person.email or "")


def told(facts: Sequence[Fact], *, email: str = "") -> list[Story]:
    """Tell facts as stories, in the order of FactKind; `email` is the address in force."""
    order = {kind: place for place, kind in enumerate(FactKind.values)}
    about: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        about[fact.kind, fact.normalised if fact.kind in MANY_VALUED else ""].append(fact)
    stand = [fact for fact in facts if fact.superseded_at is None and serves_recruiting(fact)]
    trusted = {fact.kind for fact in stand if fact.kind in MANY_VALUED and fact.method != UNVERIFIED}
    stories = [_story(kind, kin, email, kind in trusted) for (kind, _same), kin in about.items()]
    return sorted(stories, key=lambda story: (order[story.kind], story.shown is None))


def _story(kind: str, kin: list[Fact], email: str, trusted_only: bool) -> Story:
    current = sorted((fact for fact in kin if fact.superseded_at is None), key=strength)
    counted = [fact for fact in current if serves_recruiting(fact)]
    if trusted_only:
        counted = [fact for fact in counted if fact.method != UNVERIFIED]
    if kind == FactKind.EMAIL and email:  # an address is a way to sign in, which no stranger changes
        counted = [fact for fact in counted if fact.normalised == email.lower()]
    shown = counted[0] if counted else None
    others = [_beside(fact, shown) for fact in current if fact is not shown]
    past = [fact for fact in kin if fact.superseded_at is not None]
    past.sort(key=lambda fact: (fact.superseded_at, fact.pk), reverse=True)
    return Story(
        kind=kind,
        shown=Word(shown, SHOWN) if shown else None,
        others=others,
        past=[_passed(fact, kin) for fact in past],
    )


def _beside(fact: Fact, shown: Fact | None) -> Word:
    if not serves_recruiting(fact):
        return Word(fact, KEPT_APART)
    if shown is None or (fact.kind == FactKind.EMAIL and strength(fact) < strength(shown)):
        return Word(fact, NOT_TAKEN_OVER)
    if fact.normalised == shown.normalised:
        return Word(fact, AGREES, shown)
    if fact.method == UNVERIFIED and shown.method != UNVERIFIED:
        return Word(fact, UNKNOWN_VOICE, shown)
    return Word(fact, OLDER if fact.source == shown.source else OUTWEIGHED, shown)


def _passed(fact: Fact, kin: Sequence[Fact]) -> Word:
    if is_denial(fact):
        return Word(fact, DENIAL if in_force(fact) else DENIAL_LIFTED)
    if silenced(fact, kin):
        return Word(fact, TAKEN_OUT, shut_by(fact, kin))
    later = (one for one in sorted(kin, key=said_at) if said_at(one) > said_at(fact) and not is_denial(one))
    next_word = next((one for one in later if slot_of(one) == slot_of(fact)), None)
    if next_word and fact.superseded_at and next_word.stated_at <= fact.superseded_at:
        return Word(fact, REPLACED, next_word)
    return Word(fact, UNDONE if is_own(fact) else SAID_NO_MORE)
