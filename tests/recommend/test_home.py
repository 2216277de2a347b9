"""A home: what is dealt, what is logged about it, when it holds and when it is dealt anew."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from segue.catalog.models import Job, JobStatus, Person
from segue.kit import clock
from segue.kit.errors import NotAllowed, NotFound
from segue.listen.actions.record import record
from segue.recommend.actions.lists import deal_list
from segue.recommend.actions.mixes import Seen, mark_seen, open_home
from segue.recommend.models import Exposure, Shelf, Slate
from segue.recommend.shelves import SIZES
from segue.trust.actions.consent import set_consent
from segue.trust.actions.dials import set_dial
from segue.trust.models import Account, Decision, Dial
from segue.trust.queries.dials import AI_ON
from tests.factories import actor, grant, make_job, make_person
from tests.recommend.stage import (
    MACHINE,
    cards_of,
    jobs_on,
    jobs_read,
    market,
    own,
    reread,
    seen_of,
    shelf,
    statements,
)

pytestmark = pytest.mark.django_db
BUDGET = 10


@pytest.fixture
def lina(ada: Account) -> Person:
    """Ada's person, who has allowed everything, in a market of 24 jobs."""
    market()
    assert ada.person is not None
    return ada.person


def test_every_card_is_an_exposure_that_explains_itself(lina: Person) -> None:
    home = open_home(lina.pk, by=own(lina))
    assert home.personalised
    assert home.note == ""
    assert {one.key for one in home.shelves} >= {Shelf.WEEKLY_MIX, Shelf.NEW}
    rows = {row.pk: row for row in Exposure.objects.select_related("slate__decision")}
    assert {card.exposure_id for card in cards_of(home)} == set(rows)
    for card in cards_of(home):
        row = rows[card.exposure_id]
        assert row.slate is not None
        assert (row.slate.shelf, row.position, row.job_id) == (card.shelf, card.position, card.job.pk)
        assert row.policy_id == row.slate.policy_id == "mix-1"
        assert len(row.model_hash) == 64
        assert 0.01 <= row.propensity <= 1.0
        assert not row.visible
        assert card.reason
        parts = [factor["contribution"] for factor in row.factors]
        assert sum(parts) == pytest.approx(row.score, abs=1e-9)
        assert all(f["value"] * f["weight"] == pytest.approx(f["contribution"]) for f in row.factors)


def test_the_decision_holds_what_went_in_and_what_came_out(lina: Person) -> None:
    digest = seen_of(lina).digest()
    home = open_home(lina.pk, by=own(lina))
    decision = Decision.objects.get()
    assert (decision.kind, decision.policy_id, decision.person_id) == ("home.dealt", "mix-1", lina.pk)
    assert decision.inputs["digest"] == digest
    assert decision.candidates[0][1] >= decision.candidates[-1][1]
    assert {job_id for _, _, job_id, _ in decision.chosen} == {str(job) for job in jobs_on(home)}


def test_shelves_keep_to_their_sizes_and_no_job_lies_twice(lina: Person) -> None:
    home = open_home(lina.pk, by=own(lina))
    for one in home.shelves:
        assert 0 < len(one.cards) <= SIZES[Shelf(one.key)]
        assert [card.position for card in one.cards] == list(range(len(one.cards)))
    assert len(jobs_on(home)) == len(set(jobs_on(home)))


def test_what_suits_ada_comes_before_what_does_not(lina: Person) -> None:
    list_ = deal_list(lina.pk, limit=3, by=MACHINE)
    assert {"engineer", "developer", "analyst"} & {item.title.split()[-1] for item in list_.items}


def test_a_second_look_deals_nothing_and_keeps_to_its_budget(lina: Person) -> None:
    first = open_home(lina.pk, by=own(lina))
    jobs_read()
    with CaptureQueriesContext(connection) as seen:
        second = open_home(lina.pk, by=own(lina))
    assert [c.exposure_id for c in cards_of(second)] == [c.exposure_id for c in cards_of(first)]
    assert Decision.objects.count() == 1
    assert len(statements(seen)) <= 5, statements(seen)


def test_a_first_deal_keeps_to_its_budget(lina: Person) -> None:
    jobs_read()
    with CaptureQueriesContext(connection) as seen:
        open_home(lina.pk, by=own(lina))
    assert len(statements(seen)) <= BUDGET + 2, statements(seen)


def test_an_empty_database_has_an_empty_home(ada: Account) -> None:
    assert ada.person_id is not None
    home = open_home(ada.person_id, by=actor(ada))
    assert home.shelves == []
    assert deal_list(ada.person_id, limit=5, by=actor(ada)).items == []


def test_one_job_is_shown_once(ada: Account) -> None:
    (only,) = market(1)
    assert ada.person_id is not None
    assert jobs_on(open_home(ada.person_id, by=actor(ada))) == [only.pk]


def test_without_consent_the_newest_jobs_come_first_the_same_for_everybody() -> None:
    jobs = market()
    silent = make_person(headline="Night nurse", skills=["nursing"])
    home = open_home(silent.pk, by=own(silent))
    assert not home.personalised
    assert "Allow your profile" in home.note
    assert [one.key for one in home.shelves] == [Shelf.NEW]
    assert jobs_on(home) == [job.pk for job in jobs[:8]]
    assert jobs_on(open_home((other := make_person()).pk, by=own(other))) == jobs_on(home)
    for row in Exposure.objects.all():
        assert (row.policy_id, row.propensity, row.explored) == ("newest-1", 1.0, False)


def test_with_the_machine_off_the_newest_come_first_and_the_page_says_so(lina: Person, mia: Account) -> None:
    jobs = list(Job.objects.order_by("-posted_at"))
    before = open_home(lina.pk, by=own(lina))
    set_dial(AI_ON, False, by=actor(mia))
    off = open_home(lina.pk, by=own(lina))
    assert not off.personalised
    assert "Learned ranking is switched off" in off.note
    assert jobs_on(off) == [job.pk for job in jobs[:8]]
    assert set(
        Exposure.objects.filter(pk__in=[c.exposure_id for c in cards_of(off)]).values_list("policy_id")
    ) == {("newest-1",)}
    set_dial(AI_ON, True, by=actor(mia))
    on = open_home(lina.pk, by=own(lina))
    assert on.personalised
    assert set(jobs_on(on)) == set(jobs_on(before))


def test_limits_hold_whether_the_machine_is_on_or_off(lina: Person) -> None:
    Person.objects.filter(pk=lina.pk).update(pay_floor=70_000, pay_currency="EUR", pay_period="year")
    Job.objects.filter(title="Junior night nurse").update(pay_max=80_000, updated_at=clock.now())
    Dial.objects.create(key=AI_ON, value=False)
    reread()
    assert [card.job.title for card in cards_of(open_home(lina.pk, by=own(lina)))] == ["Junior night nurse"]


def test_an_analyst_turns_no_dial(theo: Account) -> None:
    with pytest.raises(NotAllowed):
        set_dial(AI_ON, False, by=actor(theo))


def test_withdrawing_consent_deals_the_home_anew_at_once(lina: Person) -> None:
    open_home(lina.pk, by=own(lina))
    for purpose in ("profile", "behaviour"):
        set_consent(lina, purpose=purpose, granted=False, by=own(lina))
    home = open_home(lina.pk, by=own(lina))
    assert [one.key for one in home.shelves] == [Shelf.NEW]
    assert Slate.objects.filter(retired_at__isnull=True).count() == 1


def test_the_weekly_mix_stays_for_the_week_whatever_is_clicked(lina: Person) -> None:
    home = open_home(lina.pk, by=own(lina))
    mix, new = shelf(home, Shelf.WEEKLY_MIX), shelf(home, Shelf.NEW)
    record("card.clicked", by=own(lina), person_id=lina.pk, job_id=new[0].job.pk)
    again = open_home(lina.pk, by=own(lina))
    assert [c.exposure_id for c in shelf(again, Shelf.WEEKLY_MIX)] == [c.exposure_id for c in mix]


def test_monday_brings_a_new_mix(lina: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    home = open_home(lina.pk, by=own(lina))
    later = clock.now() + timedelta(days=7)
    monkeypatch.setattr(clock, "today_for", lambda _zone: later.date())
    again = open_home(lina.pk, by=own(lina))
    kept = {c.exposure_id for c in shelf(again, Shelf.WEEKLY_MIX)} & {c.exposure_id for c in cards_of(home)}
    assert kept == set()


def test_a_new_job_is_dealt_and_a_closed_one_leaves(lina: Person) -> None:
    home = open_home(lina.pk, by=own(lina))
    gone = cards_of(home)[0].job
    Job.objects.filter(pk=gone.pk).update(status=JobStatus.CLOSED, updated_at=clock.now())
    new = make_job(title="Data engineer", required_skills=["python", "sql"], posted_at=clock.now())
    reread()
    on_it = jobs_on(open_home(lina.pk, by=own(lina)))
    assert gone.pk not in on_it
    assert new.pk in on_it


def test_a_job_past_its_last_day_leaves(lina: Person) -> None:
    gone = cards_of(open_home(lina.pk, by=own(lina)))[0].job
    Job.objects.filter(pk=gone.pk).update(
        valid_through=clock.now() - timedelta(minutes=5), updated_at=clock.now()
    )
    reread()
    assert gone.pk not in jobs_on(open_home(lina.pk, by=own(lina)))


def test_an_applied_job_leaves_and_comes_back_when_withdrawn(lina: Person) -> None:
    job = cards_of(open_home(lina.pk, by=own(lina)))[0].job
    record("application.submitted", by=own(lina), person_id=lina.pk, job_id=job.pk)
    assert job.pk not in jobs_on(open_home(lina.pk, by=own(lina)))
    record("application.withdrawn", by=own(lina), person_id=lina.pk, job_id=job.pk)
    assert job.pk in [
        item.job_id and uuid.UUID(item.job_id) for item in deal_list(lina.pk, limit=24, by=MACHINE).items
    ]


def test_the_same_input_deals_the_same_hand(lina: Person) -> None:
    first = deal_list(lina.pk, limit=10, by=MACHINE)
    second = deal_list(lina.pk, limit=10, by=MACHINE)
    assert first.slate_id != second.slate_id
    assert [(i.job_id, i.propensity) for i in first.items] == [(i.job_id, i.propensity) for i in second.items]
    assert [i.score for i in first.items] == pytest.approx([i.score for i in second.items], abs=1e-6)


def test_a_list_is_plain_data_with_everything_an_integrator_needs(lina: Person) -> None:
    told = json.loads(json.dumps(deal_list(lina.pk, limit=5, by=MACHINE).as_dict()))
    assert (told["policy_id"], told["personalised"], len(told["items"])) == ("mix-1", True, 5)
    for place, item in enumerate(told["items"]):
        assert item["position"] == place
        assert item["reason"]
        assert 0.01 <= item["propensity"] <= 1.0
        assert sum(factor["contribution"] for factor in item["factors"]) == pytest.approx(
            item["score"], abs=1e-9
        )
    assert Decision.objects.get(kind="list.dealt").inputs["digest"] == seen_of(lina).digest()


def test_a_list_takes_no_shelfs_place(lina: Person) -> None:
    home = open_home(lina.pk, by=own(lina))
    deal_list(lina.pk, limit=5, by=own(lina))
    again = open_home(lina.pk, by=own(lina))
    assert [c.exposure_id for c in cards_of(again)] == [c.exposure_id for c in cards_of(home)]


@pytest.mark.parametrize("who", ["eve", "rosa", "mia", "max_"])
def test_a_home_is_nobody_elses(who: str, lina: Person, request: pytest.FixtureRequest) -> None:
    other = actor(request.getfixturevalue(who))
    for verb in (
        lambda: open_home(lina.pk, by=other),
        lambda: deal_list(lina.pk, limit=5, by=other),
        lambda: mark_seen([Seen(lina.pk, uuid.uuid4(), clock.now())], by=other),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_nobody_has_no_home() -> None:
    with pytest.raises(NotFound):
        open_home(uuid.uuid4(), by=MACHINE)


def test_only_ones_own_cards_are_marked_seen_and_only_once(lina: Person, eve: Account) -> None:
    ids = [card.exposure_id for card in cards_of(open_home(lina.pk, by=own(lina)))]
    assert eve.person_id is not None
    at = clock.now()
    assert mark_seen([Seen(eve.person_id, key, at) for key in ids], by=actor(eve)) == 0
    assert mark_seen([Seen(lina.pk, key, at) for key in [*ids[:2], uuid.uuid4()]], by=own(lina)) == 2
    assert mark_seen([Seen(lina.pk, key, at) for key in ids[:3]], by=own(lina)) == 1
    assert Exposure.objects.filter(visible=True, shown_at__isnull=False).count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_tabs_opened_at_once_show_the_same_cards() -> None:
    market(12)
    person = make_person(headline="Data engineer", skills=["python"])
    grant(person)
    start, shown, broken = threading.Barrier(4), [], []

    def look() -> None:
        try:
            start.wait()
            shown.append([card.exposure_id for card in cards_of(open_home(person.pk, by=own(person)))])
        except Exception as error:  # whatever it is, the test shows it
            broken.append(error)
        finally:
            connections.close_all()

    tabs = [threading.Thread(target=look) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert broken == []
    current = Slate.objects.filter(retired_at__isnull=True).values_list("shelf", flat=True)
    assert len(current) == len(set(current))
    assert shown[0]
    assert all(one == shown[0] for one in shown)
    assert Decision.objects.count() == 1
