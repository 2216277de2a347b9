"""What another share of exploration would have earned: from those who allow it, by those who may ask."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from segue.catalog.models import Job, Person
from segue.cli import evaluate_policy as command
from segue.cli.main import _parse
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed
from segue.listen.models import Signal, Tier
from segue.measure.queries.policies import WITHIN_DAYS, Trial, _cards, _readable, estimate_policy
from segue.recommend.actions.mixes import open_home
from segue.recommend.models import Exposure, Slate
from segue.recommend.ranking import POLICY
from segue.trust.models import Account, Consent, Decision, Purpose
from tests import factories
from tests.recommend.stage import market, own

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")
EPSILON, POOL = 0.1, 10
BEST_LIKED, OTHER_LIKED = 0.5, 0.2


def shown_at() -> datetime:
    return clock.now() - timedelta(days=20)


def says(person: Person, granted: bool, at: datetime) -> None:
    Consent.objects.create(
        person=person, purpose=Purpose.BEHAVIOUR, granted=granted, text_shown="", by=person.name, at=at
    )


def make_people(count: int) -> list[Person]:
    """People who have allowed learning for a month."""
    people = Person.objects.bulk_create(
        Person(name=f"Dealt {i}", email=f"dealt{i}@people.example") for i in range(count)
    )
    Consent.objects.bulk_create(
        Consent(
            person=person,
            purpose=Purpose.BEHAVIOUR,
            granted=True,
            text_shown="",
            by="",
            at=clock.now() - timedelta(days=30),
        )
        for person in people
    )
    return people


def card(person: Person, job: Job, *, explored: bool = False, **fields: Any) -> Exposure:
    by_luck = EPSILON / POOL
    said: dict[str, Any] = {
        "shelf": "new",
        "position": 0,
        "policy_id": POLICY,
        "model_hash": "m",
        "propensity": by_luck if explored else 1 - EPSILON + by_luck,
        "score": 0.0,
        "reason_code": "fresh",
        "explored": explored,
        "visible": True,
        "shown_at": shown_at(),
    }
    return Exposure(person=person, job=job, **(said | fields))


def click(of: Exposure, **fields: Any) -> Signal:
    assert of.shown_at is not None
    said: dict[str, Any] = {
        "person_id": of.person_id,
        "job_id": of.job_id,
        "kind": "card.clicked",
        "at": of.shown_at + timedelta(hours=1),
        "tier": Tier.A,
    }
    return Signal(**(said | fields))


def a_busy_month(people: int = 400, cards: int = 5) -> None:
    """Everybody sees some cards; the best are clicked more often than those dealt by luck."""
    rng = np.random.default_rng(3)
    jobs = [factories.make_job() for _ in range(cards)]
    dealt = [
        card(person, job, explored=bool(rng.random() < EPSILON * (POOL - 1) / POOL), position=place)
        for person in make_people(people)
        for place, job in enumerate(jobs)
    ]
    Exposure.objects.bulk_create(dealt)
    liked = [one for one in dealt if rng.random() < (OTHER_LIKED if one.explored else BEST_LIKED)]
    Signal.objects.bulk_create(click(one) for one in liked)


def trial(**fields: Any) -> Trial:
    return estimate_policy(**({"epsilon": 0.0, "by": MACHINE} | fields))


def test_dealing_only_the_best_would_have_earned_what_the_best_earned() -> None:
    a_busy_month()
    found = trial()
    assert (found.cards, found.people, found.left_out) == (2_000, 400, 0)
    assert found.verdict is not None
    assert found.difference is not None
    assert not found.verdict.is_refused
    assert found.verdict.headline.low < BEST_LIKED < found.verdict.headline.high
    assert found.difference.headline.low > 0
    even = trial(epsilon=1.0).verdict
    assert even is not None
    assert even.headline.low < 0.1 * BEST_LIKED + 0.9 * OTHER_LIKED < even.headline.high


def test_what_was_dealt_earned_its_plain_mean() -> None:
    a_busy_month(people=150)
    verdict = trial(epsilon=EPSILON).verdict
    assert verdict is not None
    by_name = {one.estimator: one.value for one in verdict.estimates}
    clicks = Signal.objects.filter(kind="card.clicked").count()
    assert by_name["ips"] == pytest.approx(clicks / 750)


def test_a_few_people_are_not_enough_and_no_figure_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    a_busy_month(people=20)
    assert command.main(_parse(["evaluate-policy", "--json"])) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["target"]["refused"] is True
    assert said["target"]["reason"].startswith("Not enough to say: the effective sample is")
    assert said["target"]["ess"] < said["target"]["ess_needed"] == 100
    assert said["target"]["estimates"] == said["gain_over_logged"]["estimates"] == {}


def test_a_new_company_has_nothing_to_say(ada: Account, capsys: pytest.CaptureFixture[str]) -> None:
    """Real shelves, dealt just now: nobody has had the time to answer them."""
    market()
    assert ada.person is not None
    open_home(ada.person.pk, by=own(ada.person))
    Exposure.objects.update(visible=True, shown_at=clock.now())
    assert command.main(_parse(["evaluate-policy"])) == 0
    assert "Not enough to say" in capsys.readouterr().out
    assert trial().cards == 0


def test_real_shelves_can_be_read_back(ada: Account) -> None:
    """Whatever chance the dealing wrote, its pool comes out whole; only choices count."""
    market()
    assert ada.person is not None
    Consent.objects.filter(person=ada.person).update(at=clock.now() - timedelta(days=40))
    open_home(ada.person.pk, by=own(ada.person))
    Exposure.objects.update(visible=True, shown_at=shown_at())
    choices = [one for one in Exposure.objects.filter(propensity__lt=1.0) if not kept_for_luck(one)]
    assert choices
    found = trial()
    assert (found.cards, found.cards + found.left_out) == (len(choices), Exposure.objects.count())


def kept_for_luck(one: Exposure) -> bool:
    """Say whether this is the place its mix keeps for exploration."""
    assert one.slate is not None
    hand = one.slate.decision.trace["hands"][one.shelf]
    return hand.get("slot") is not None and one.position == len(hand["fixed"]) + hand["slot"]


def test_the_place_kept_for_exploration_is_no_choice_of_epsilon() -> None:
    """Its chance would read as that of a smaller pool."""
    (person,) = make_people(1)
    hands = {"new": {"slot": 2, "fixed": ["a pin"]}}
    decision = Decision.objects.create(
        kind="home.dealt", policy_id=POLICY, model_hash="m", person=person, trace={"form": 1, "hands": hands}
    )
    slate = Slate.objects.create(
        person=person, shelf="new", decision=decision, policy_id=POLICY, model_hash="m", input_hash="i"
    )
    for position in range(5):
        card(person, factories.make_job(), explored=True, position=position, slate=slate).save()
    Exposure.objects.filter(position=3).update(propensity=1 / 40)
    assert Exposure.objects.count() == 5
    dealt = list(_cards(POLICY, "card.clicked", clock.now() - timedelta(days=90), clock.now()))
    assert sorted(_readable(dealt, EPSILON).position.tolist()) == [0, 1, 2, 4]


class TestWhoCounts:
    """One card each way; `counted` says how many were a choice of somebody who allows it."""

    def counted(self, person: Person, **fields: Any) -> int:
        Exposure.objects.bulk_create([card(person, factories.make_job(), **fields)])
        return trial().cards

    def test_somebody_who_said_yes_before(self) -> None:
        (person,) = make_people(1)
        assert self.counted(person) == 1

    def test_not_somebody_who_was_never_asked(self) -> None:
        assert self.counted(factories.make_person()) == 0

    def test_not_somebody_who_said_yes_only_later(self) -> None:
        person = factories.make_person()
        says(person, True, shown_at() + timedelta(days=1))
        assert self.counted(person) == 0

    def test_not_somebody_who_took_it_back_even_if_they_said_yes_again(self) -> None:
        (person,) = make_people(1)
        says(person, False, shown_at() + timedelta(days=1))
        says(person, True, shown_at() + timedelta(days=2))
        assert self.counted(person) == 0

    @pytest.mark.parametrize(
        "fields",
        [
            {"visible": False},
            {"shown_at": None},
            {"policy_id": "newest-1"},
            {"propensity": 1.0},
            {"propensity": 0.5},
            {"shown_at": clock.now() - timedelta(days=WITHIN_DAYS - 1)},
            {"shown_at": clock.now() - timedelta(days=100)},
        ],
    )
    def test_not_a_card_that_tells_nothing(self, fields: dict[str, Any]) -> None:
        (person,) = make_people(1)
        says(person, True, clock.now() - timedelta(days=200))
        assert self.counted(person, **fields) == 0


class TestWhatCountsAsAnAnswer:
    def value(self, **fields: Any) -> float:
        """The mean outcome of two people's cards, one of which was answered so."""
        dealt = [card(person, factories.make_job()) for person in make_people(2)]
        Exposure.objects.bulk_create(dealt)
        Signal.objects.bulk_create([click(dealt[0], **fields)])
        verdict = trial(epsilon=EPSILON).verdict
        assert verdict is not None
        return verdict.estimates[0].value

    def test_a_click_soon_after(self) -> None:
        assert self.value() == 0.5

    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "card.saved"},
            {"tier": Tier.D},
            {"at": shown_at() - timedelta(days=1)},
            {"at": shown_at() + timedelta(days=WITHIN_DAYS + 1)},
            {"person_id": None},
        ],
    )
    def test_nothing_else(self, fields: dict[str, Any]) -> None:
        assert self.value(**fields) == 0.0

    def test_not_what_was_undone(self) -> None:
        dealt = [card(person, factories.make_job()) for person in make_people(2)]
        Exposure.objects.bulk_create(dealt)
        saved = click(dealt[0], kind="card.saved")
        saved.save()
        Signal.objects.create(kind="card.undone", undoes=saved, person_id=dealt[0].person_id)
        verdict = trial(epsilon=EPSILON, outcome="save").verdict
        assert verdict is not None
        assert verdict.estimates[0].value == 0.0


def test_those_who_read_figures_may_ask_and_nobody_else(
    theo: Account, mia: Account, rosa: Account, max_: Account, ines: Account, ada: Account
) -> None:
    for account in (theo, mia):
        assert trial(by=factories.actor(account)).verdict is None
    for account in (rosa, max_, ines, ada):
        with pytest.raises(NotAllowed):
            trial(by=factories.actor(account))


@pytest.mark.parametrize(
    "fields",
    [
        {"epsilon": 1.5},
        {"epsilon": -0.1},
        {"outcome": "hire"},
        {"days": 7},
        {"days": 181},
        {"logged_epsilon": 0},
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        trial(**fields)
    assert refused.value.field == next(iter(fields))


def test_a_policy_is_named_or_a_share(capsys: pytest.CaptureFixture[str]) -> None:
    for said, epsilon in (("best-only", 0.0), ("even", 1.0), ("0.05", 0.05)):
        command.main(_parse(["evaluate-policy", "--target", said, "--json"]))
        assert json.loads(capsys.readouterr().out)["target_epsilon"] == epsilon
    with pytest.raises(Invalid, match="no policy"):
        command.main(_parse(["evaluate-policy", "--target", "boldest"]))
