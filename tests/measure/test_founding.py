"""A company to live in: the right numbers of everything, once, with its truth kept apart."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.db import transaction
from django.test import TestCase

from segue.catalog.models import Fact, Job, JobStatus, Person, Resume
from segue.hire.models import Application, Kit, Panelist, Scorecard
from segue.hire.queries.scorecards import INTERVIEWERS
from segue.kit.errors import Conflict, Invalid
from segue.learn.actions.same_people import find_same_people
from segue.learn.models import JobFeatures, PersonFeatures
from segue.listen.models import Signal
from segue.measure.actions.founding.twins import settle_twins
from segue.measure.actions.world import found_company
from segue.measure.models import WorldRun, WorldTruth
from segue.measure.queries.world import company_exists
from segue.recommend.actions.mixes import open_home
from segue.recommend.models import CardStance, Playlist
from segue.trust.models import Account, AuditLine, Consent, Purpose
from segue.trust.queries.consent import purposes_granted_to
from tests.factories import make_person
from tests.recommend.stage import MACHINE, cards_of

PEOPLE, JOBS = 60, 20
TODAY = date(2026, 11, 20)


def found(seed: int = 7) -> WorldRun:
    return found_company(people=PEOPLE, jobs=JOBS, seed=seed, today=TODAY, by=MACHINE)


class Founding(TestCase):
    """One small company for all these looks at it, since founding it is the slow part."""

    run_: WorldRun

    @classmethod
    def setUpTestData(cls) -> None:
        cls.run_ = found()

    def test_the_asked_for_numbers_are_there_and_finished(self) -> None:
        assert Person.objects.filter(external_source="world").count() == PEOPLE == WorldTruth.objects.count()
        assert Job.objects.filter(status=JobStatus.OPEN).count() == JOBS
        assert self.run_.finished_at is not None
        assert (self.run_.people, self.run_.jobs, self.run_.seed) == (PEOPLE, JOBS, 7)
        assert AuditLine.objects.filter(verb="measure.found_company").count() == 1

    def test_some_are_here_twice_for_somebody_to_recognise(self) -> None:
        twins = Person.objects.filter(external_source="jobboard")
        assert 0 < twins.count() <= PEOPLE // 40 + 1
        plan = find_same_people(by=MACHINE)
        assert plan.merging
        assert all(twins.filter(pk__in=pair).exists() for pair in plan.merging)

    def test_there_is_something_of_everything(self) -> None:
        for model in (Resume, Fact, Application, Signal, CardStance, Playlist, Consent, Account):
            assert model.objects.exists(), model.__name__
        assert Job.objects.filter(brand__isnull=False).exists()
        assert Fact.objects.filter(resume__isnull=False, span_start__isnull=False).exists()

    def test_a_company_is_founded_once(self) -> None:
        with pytest.raises(Conflict):
            found(8)
        assert WorldRun.objects.count() == 1

    def test_signals_of_those_who_did_not_consent_are_nobodys(self) -> None:
        granted = purposes_granted_to(Person.objects.values_list("pk", flat=True))
        watched = Signal.objects.filter(purpose="behaviour").exclude(person=None)
        whose = set(watched.values_list("person_id", flat=True))
        assert whose
        assert all(Purpose.BEHAVIOUR in granted.get(person_id, frozenset()) for person_id in whose)
        assert len(whose) < PEOPLE

    def test_only_those_who_allowed_it_have_been_read(self) -> None:
        granted = purposes_granted_to(Person.objects.values_list("pk", flat=True))
        willing = {pk for pk, purposes in granted.items() if Purpose.PROFILE in purposes}
        assert set(PersonFeatures.objects.values_list("person_id", flat=True)) == willing
        assert JobFeatures.objects.count() == Job.objects.count()

    def test_every_rejection_names_a_human_and_a_reason(self) -> None:
        rejected = Application.objects.filter(outcome="rejected").select_related("decided_by")
        assert rejected
        for application in rejected:
            assert application.decided_by is not None
            assert application.decided_by.role in {"recruiter", "hiring_manager", "administrator"}
            assert len(application.decision_reason) >= 10
            assert application.decided_at is not None

    def test_interviews_have_kits_and_cards_that_fit_them(self) -> None:
        of_the_template = Kit.objects.filter(job=None).values_list("step", flat=True)
        assert set(of_the_template) == {"screen", "interview", "onsite"}
        for card in Scorecard.objects.select_related("kit"):
            assert card.kit is not None
            assert set(card.ratings) == {each.key for each in card.kit.looked_for}
        assert not Panelist.objects.exclude(account__role__in=INTERVIEWERS).exists()

    def test_applications_are_known_to_the_ledger(self) -> None:
        told = Signal.objects.filter(kind="application.submitted").values_list("person_id", "job_id")
        assert set(told) == set(Application.objects.values_list("person_id", "job_id"))

    def test_the_truth_has_one_way_in_and_none_out(self) -> None:
        assert WorldTruth._meta.app_label == "measure"
        pointing = [one for one in Person._meta.related_objects if one.related_model is WorldTruth]
        assert pointing == [], "no attribute of a person leads to it"
        below = [m for m in apps.get_models() if m._meta.app_label not in {"measure", "contenttypes", "auth"}]
        names = {field.name for model in below for field in model._meta.get_fields()}
        assert not names & {"truth", "interest", "acceptance", "reservation_usd"}

    def test_somebody_in_it_has_a_home(self) -> None:
        read = PersonFeatures.objects.order_by("person__external_id")[:12]
        homes = [open_home(one.person_id, by=MACHINE) for one in read]
        assert any(cards_of(home) for home in homes), (
            "in so small a company not everybody can be offered a job"
        )


@pytest.mark.django_db
def test_the_same_seed_and_day_make_the_same_company_and_another_seed_another() -> None:
    digests = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            digests.append(found_company(people=8, jobs=3, seed=seed, today=TODAY, by=MACHINE).digest)
            transaction.set_rollback(True)
    assert digests[0] == digests[1] != digests[2]
    assert not company_exists()


@pytest.mark.django_db
def test_nobody_founds_a_company_over_real_people() -> None:
    person = make_person()
    with pytest.raises(Conflict):
        found()
    assert list(Person.objects.all()) == [person]


@pytest.mark.django_db
def test_who_came_today_does_not_come_again_in_the_future() -> None:
    people = [make_person(name="Ann Field", phone=f"+44 20 7946 00{n:02}") for n in range(8)]
    (twin,) = settle_twins(people)
    assert max(person.created_at for person in people) >= twin.created_at


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("people", "jobs", "field"), [(0, 5, "people"), (300_000, 5, "people"), (5, 0, "jobs")]
)
def test_sizes_out_of_range_are_refused(people: int, jobs: int, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        found_company(people=people, jobs=jobs, seed=1, by=MACHINE)
    assert refused.value.field == field
    assert not company_exists()
