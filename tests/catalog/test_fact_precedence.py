"""Whatever order words, corrections, removals and undos come in: what counts is what precedence says.

The model beside it keeps nothing but who said what when, what was taken out, and what was undone; the
profile, its story and the whole history are held against it after each step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from segue.catalog.actions.facts import (
    UNVERIFIED,
    Said,
    confirm_fact,
    correct_fact,
    retract_fact,
    state_facts,
    undo_fact,
)
from segue.catalog.actions.settling import kinds_known, settled_columns
from segue.catalog.models import Fact, FactKind, FactSource
from segue.catalog.queries.fact_stories import fact_stories
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, NotAllowed
from tests.factories import make_person

CITIES, SKILLS = ("Berlin", "Hamburg", "Bonn"), ("python", "sql")
THINGS = [(FactKind.CITY, city) for city in CITIES] + [(FactKind.SKILL, skill) for skill in SKILLS]
CONFIRMED, CANDIDATE, RECRUITER, STRANGER = "confirmed", "candidate", "recruiter", "stranger"
VOICES = [CONFIRMED, CANDIDATE, RECRUITER, "ats", "parsed", "inferred", STRANGER]
OTHERS = VOICES[1:]
US = Actor.machine("an import")


@dataclass
class Word:
    voice: str
    thing: tuple[str, str]
    at: int
    row: int = 0
    undone: bool = False


@dataclass
class Denial:
    by_candidate: bool
    thing: tuple[str, str]
    at: int
    row: int
    lifted: bool = False


class Told(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.words: list[Word] = []
        self.denials: list[Denial] = []
        self.seen: dict[int, tuple[Any, ...]] = {}
        self.time = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def somebody(self) -> None:
        self.person = make_person(name="Nora", city="", country="", lat=None, lon=None, skills=[])
        self.nora = Actor(role=Role.CANDIDATE, name="Nora", person_id=self.person.pk)
        self.rosa = Actor(role=Role.RECRUITER, name="Rosa")

    # ---- what the model says

    def _kept_out(self, word: Word) -> bool:
        for denial in self.denials:
            if denial.lifted or denial.thing != word.thing:
                continue
            own, before = word.voice in (CONFIRMED, CANDIDATE), word.at < denial.at
            human = word.voice in (RECRUITER, STRANGER)
            if not own if denial.by_candidate else not own and not human:
                return True
            if before and (denial.by_candidate or not own):
                return True
        return False

    def _standing(self) -> list[Word]:
        """The last word of each voice, about each single-valued kind or each value, that is not kept out."""
        last: dict[tuple[str, ...], Word] = {}
        for word in self.words:
            kind, value = word.thing
            if not word.undone:
                last[(word.voice, kind, value if kind == FactKind.SKILL else "")] = word
        return [word for word in last.values() if not self._kept_out(word)]

    def _tick(self) -> int:
        self.time += 1
        return self.time

    def _note(self, voice: str, thing: tuple[str, str]) -> None:
        """A voice that says again what it says already says nothing new."""
        if any((w.voice, w.thing) == (voice, thing) for w in self._standing()):
            return
        source, stranger = (CANDIDATE, True) if voice == STRANGER else (voice, False)
        rows = Fact.objects.filter(kind=thing[0], normalised=thing[1].casefold(), source=source)
        rows = rows.exclude(confidence=0).order_by("-pk")
        row = next(one.pk for one in rows if (one.method == UNVERIFIED) == stranger)
        self.words.append(Word(voice, thing, self._tick(), row))

    # ---- what happens

    @rule(voice=st.sampled_from(OTHERS), thing=st.sampled_from(THINGS))
    def somebody_says(self, voice: str, thing: tuple[str, str]) -> None:
        source = FactSource.CANDIDATE if voice == STRANGER else FactSource(voice)
        method = UNVERIFIED if voice == STRANGER else ""
        by = {CANDIDATE: self.nora, RECRUITER: self.rosa, STRANGER: Actor.anonymous()}.get(voice, US)
        state_facts(self.person, [Said(*thing, method=method)], source=source, by=by)
        self._note(voice, thing)

    @precondition(lambda self: self._standing())
    @rule(data=st.data())
    def nora_confirms(self, data: st.DataObject) -> None:
        word = data.draw(st.sampled_from(self._standing()))
        confirm_fact(Fact.objects.get(pk=word.row), by=self.nora)
        self._note(CONFIRMED, word.thing)

    @precondition(lambda self: self._standing())
    @rule(data=st.data())
    def nora_corrects(self, data: st.DataObject) -> None:
        word = data.draw(st.sampled_from(self._standing()))
        right = data.draw(st.sampled_from([thing for thing in THINGS if thing[0] == word.thing[0]]))
        correct_fact(Fact.objects.get(pk=word.row), value=right[1], by=self.nora)
        self._note(CONFIRMED, right)
        if right != word.thing:
            self._denied(word.thing, by_candidate=True)

    @precondition(lambda self: self._standing())
    @rule(data=st.data(), by_candidate=st.booleans())
    def somebody_takes_out(self, data: st.DataObject, by_candidate: bool) -> None:
        word = data.draw(st.sampled_from(self._standing()))
        fact = Fact.objects.get(pk=word.row)
        if not by_candidate and word.voice in (CONFIRMED, CANDIDATE):
            with pytest.raises(NotAllowed):
                retract_fact(fact, by=self.rosa)
            return
        retract_fact(fact, by=self.nora if by_candidate else self.rosa)
        self._denied(word.thing, by_candidate=by_candidate)

    def _denied(self, thing: tuple[str, str], *, by_candidate: bool) -> None:
        row = Fact.objects.filter(confidence=0).latest("pk").pk
        self.denials.append(Denial(by_candidate, thing, self._tick(), row))

    @precondition(lambda self: self.denials)
    @rule(data=st.data())
    def nora_puts_back(self, data: st.DataObject) -> None:
        denial = data.draw(st.sampled_from(self.denials))
        self._undo(denial.row, refused=denial.lifted)
        denial.lifted = True

    @precondition(lambda self: any(w.voice == CONFIRMED for w in self.words))
    @rule(data=st.data())
    def nora_undoes_her_word(self, data: st.DataObject) -> None:
        word = data.draw(st.sampled_from([w for w in self.words if w.voice in (CONFIRMED, CANDIDATE)]))
        stands = word in self._standing()
        moment = Fact.objects.get(pk=word.row).stated_at
        self._undo(word.row, refused=not stands)
        if stands:
            word.undone = True
            with_it = Fact.objects.filter(confidence=0, superseded_at=moment).values_list("pk", flat=True)
            for denial in self.denials:
                denial.lifted = denial.lifted or denial.row in with_it

    def _undo(self, row: int, *, refused: bool) -> None:
        fact = Fact.objects.get(pk=row)
        if refused:
            with pytest.raises(Conflict):
                undo_fact(fact, by=self.nora)
        else:
            undo_fact(fact, by=self.nora)

    # ---- what must hold

    @invariant()
    def the_profile_says_what_precedence_says(self) -> None:
        if not hasattr(self, "person"):
            return
        self.person.refresh_from_db()
        ranked = sorted(self._standing(), key=lambda word: VOICES.index(word.voice))
        cities = [word.thing[1] for word in ranked if word.thing[0] == FactKind.CITY]
        skills = [word for word in ranked if word.thing[0] == FactKind.SKILL]
        trusted = {word.thing[1] for word in skills if word.voice != STRANGER}
        assert self.person.city == (cities[0] if cities else "")
        assert set(self.person.skills) == (trusted or {word.thing[1] for word in skills})
        assert {(f.pk) for f in Fact.objects.filter(superseded_at=None)} == {w.row for w in self._standing()}

    @invariant()
    def the_story_says_the_same_and_misses_nothing(self) -> None:
        if not hasattr(self, "person"):
            return
        stories = fact_stories(self.person, self.nora)
        shown = {s.lead.value for s in stories if s.shown}
        assert shown == {*filter(None, [self.person.city]), *self.person.skills}
        told = [word for s in stories for word in (*([s.shown] if s.shown else []), *s.others, *s.past)]
        assert sorted(word.fact.pk for word in told) == sorted(
            Fact.objects.filter(person=self.person).values_list("pk", flat=True)
        )

    @invariant()
    def nothing_said_is_lost_or_rewritten(self) -> None:
        columns = ("value", "normalised", "source", "method", "confidence", "stated_at", "stated_by")
        now = {row[0]: row[1:] for row in Fact.objects.values_list("pk", *columns)}
        assert self.seen.items() <= now.items()
        self.seen = now
        said = {(w.thing[0], w.thing[1].casefold()) for w in self.words}
        assert said <= {(kind, value) for kind, value in Fact.objects.values_list("kind", "normalised")}

    @invariant()
    def settling_again_would_change_nothing(self) -> None:
        if not hasattr(self, "person"):
            return
        self.person.refresh_from_db()
        every = list(Fact.objects.filter(person=self.person))
        current = [fact for fact in every if fact.superseded_at is None]
        columns = settled_columns(self.person, current, once_known=kinds_known(every))
        assert all(getattr(self.person, name) == value for name, value in columns.items())


@pytest.mark.django_db
def test_whatever_order_it_comes_in_the_strongest_word_counts_and_none_is_lost() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Told,
        settings=settings(
            max_examples=30,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
