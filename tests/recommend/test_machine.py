"""Whatever anybody answers and takes back, in whatever order, the shelves and the ledger stay sound."""

from __future__ import annotations

import pytest
from django.db.models import Count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from segue.catalog.models import Person
from segue.learn.queries.catalogue import forget_catalogue
from segue.listen.models import Signal
from segue.recommend.actions.mixes import open_home
from segue.recommend.actions.stances import take_stance, undo_stance
from segue.recommend.models import CardStance, Exposure, Slate, Stance
from segue.recommend.queries.stances import stances_of
from segue.recommend.ranking import rank_jobs
from tests.factories import grant, make_person
from tests.recommend.stage import cards_of, jobs_on, jobs_read, market, own, seen_of

pytestmark = pytest.mark.django_db
JOBS = 10
STEPS = st.lists(
    st.tuples(st.sampled_from([*Stance.values, "undo", "look"]), st.integers(0, JOBS - 1), st.booleans()),
    min_size=1,
    max_size=14,
)
CONSENTS = st.sampled_from([(), ("profile",), ("behaviour",), ("profile", "behaviour")])


class StanceMachine(TestCase):
    """Random walks through answers and undos; the laws are checked after every step."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.jobs = market(JOBS)  # one market for all walks: reading it is the slow part

    def setUp(self) -> None:
        forget_catalogue()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS, CONSENTS)
    def test_no_walk_breaks_the_shelves(
        self, steps: list[tuple[str, int, bool]], consents: tuple[str, ...]
    ) -> None:
        person = make_person(headline="Data engineer", skills=["python", "sql"])
        if consents:
            grant(person, *consents)
        open_home(person.pk, by=own(person))
        for verb, number, by_card in steps:
            self.act(person, verb, number, by_card=by_card)
            self.shelves_are_sound(person)
            self.ledger_is_sound(person)

    def act(self, person: Person, verb: str, number: int, *, by_card: bool) -> None:
        cards = cards_of(open_home(person.pk, by=own(person)))
        card = cards[number % len(cards)] if by_card and cards else None
        job_id = card.job.pk if card else self.jobs[number].pk
        if verb == "undo":
            undo_stance(person.pk, job_id=job_id, by=own(person))
        elif verb != "look":
            exposure_id = card.exposure_id if card else None
            reaction = take_stance(
                person.pk, job_id=job_id, stance=verb, exposure_id=exposure_id, by=own(person)
            )
            if reaction.replacement is not None:
                assert reaction.replacement.job.pk != job_id

    def shelves_are_sound(self, person: Person) -> None:
        current = Exposure.objects.filter(
            person=person, replaced_at__isnull=True, slate__retired_at__isnull=True
        )
        places = list(current.values_list("shelf", "position"))
        assert len(places) == len(set(places))
        shelves = list(
            Slate.objects.filter(person=person, retired_at__isnull=True).values_list("shelf", flat=True)
        )
        assert len(shelves) == len(set(shelves))
        stances = stances_of(person.pk, own(person))
        home = open_home(person.pk, by=own(person))
        ranking = rank_jobs(seen_of(person), jobs_read(), stances)
        for job_id in jobs_on(home):
            assert ranking.vetoes[ranking.catalogue.row_of[job_id]] == 0
        for job_id, stance in stances.items():
            if stance.stance not in {Stance.SAVED, Stance.LIKED}:
                assert job_id not in jobs_on(home)

    def ledger_is_sound(self, person: Person) -> None:
        rows = CardStance.objects.filter(person=person)
        assert not rows.values("job").annotate(n=Count("pk")).filter(n__gt=1).exists()
        taken_back = set(
            Signal.objects.filter(kind="stance.undone", undoes__isnull=False).values_list(
                "undoes_id", flat=True
            )
        )
        assert not taken_back & {event.id for event in seen_of(person).events}
        assert not taken_back & set(rows.values_list("signal_id", flat=True))
        for stance in rows:
            if stance.signal_id is None:
                continue  # said without a yes: the order stands, and leads to no signal
            told = Signal.objects.get(pk=stance.signal_id)
            assert (told.kind, told.person_id) == (f"card.{stance.stance}", person.pk)
