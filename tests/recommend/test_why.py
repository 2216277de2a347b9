""" "Why this?" adds up, names what was read, and answers only the one who was shown it."""

from __future__ import annotations

import uuid

import pytest

from segue.catalog.models import Person
from segue.kit.errors import NotFound
from segue.learn.actions.tastes import set_wishes
from segue.recommend.actions.mixes import open_home
from segue.recommend.models import Shelf
from segue.recommend.queries.why import why_card
from segue.recommend.wording import FACTORS, factor_words, reason_text, shelf_title
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account
from tests.factories import actor, make_person
from tests.recommend.stage import MACHINE, cards_of, market, own

pytestmark = pytest.mark.django_db


@pytest.fixture
def lina(ada: Account) -> Person:
    market()
    assert ada.person is not None
    return ada.person


def test_every_answer_adds_up_and_is_ordered_by_weight(lina: Person) -> None:
    set_wishes(lina, wishes={"department:Data": 1.0}, by=own(lina))
    for card in cards_of(open_home(lina.pk, by=own(lina))):
        why = why_card(card.exposure_id, by=own(lina))
        assert (why.job, why.reason, why.score) == (card.job, card.reason, card.score)
        assert sum(factor.contribution for factor in why.factors) == pytest.approx(why.score, abs=1e-9)
        shares = [abs(factor.share) for factor in why.factors]
        assert shares == sorted(shares, reverse=True)
        assert max(shares) == 1.0
        assert all(factor.label and factor.explanation for factor in why.factors)
        assert why.shelf_title == str(Shelf(card.shelf).label)
        assert (why.policy_id, 0.01 <= why.propensity <= 1) == ("mix-1", True)


def test_it_names_the_data_that_was_read_and_no_other(lina: Person) -> None:
    home = open_home(lina.pk, by=own(lina))
    assert len(why_card(cards_of(home)[0].exposure_id, by=own(lina)).data_used) == 3
    set_consent(lina, purpose="behaviour", granted=False, by=own(lina))
    home = open_home(lina.pk, by=own(lina))
    used = " ".join(why_card(cards_of(home)[0].exposure_id, by=own(lina)).data_used)
    assert "profile" in used
    assert "opened" not in used
    silent = make_person()
    (first, *_) = cards_of(open_home(silent.pk, by=own(silent)))
    told = why_card(first.exposure_id, by=own(silent))
    assert len(told.data_used) == 1
    assert [factor.label for factor in told.factors] == ["Newness"]


@pytest.mark.parametrize("who", ["eve", "rosa", "mia"])
def test_it_is_private(who: str, lina: Person, request: pytest.FixtureRequest) -> None:
    card = cards_of(open_home(lina.pk, by=own(lina)))[0]
    with pytest.raises(NotFound):
        why_card(card.exposure_id, by=actor(request.getfixturevalue(who)))
    assert why_card(card.exposure_id, by=MACHINE).job == card.job


def test_an_unknown_card_is_not_there(lina: Person) -> None:
    with pytest.raises(NotFound):
        why_card(uuid.uuid4(), by=own(lina))


@pytest.mark.parametrize(
    ("code", "args", "words"),
    [
        ("skills", {"matched": ["python", "sql", "first aid"]}, "You bring python, sql and first aid."),
        ("place", {"distance_km": 0.2}, "1 km from you."),
        ("fresh", {"age_days": 0.4}, "New today."),
        ("fresh", {"age_days": 1.2}, "Posted 1 day ago."),
        ("because_saved", {}, "Close to jobs you liked."),
        ("because_saved", {"title": "Nurse"}, "In the spirit of Nurse, which you picked."),
        ("stretch", {"missing": []}, "A step up from what you do now."),
        ("stretch", {"missing": ["sql"]}, "A stretch: sql would be new to you."),
        ("pinned", {"note": "My own team."}, "My own team."),
        ("never-heard-of", {}, "An open role you can have a look at."),
    ],
)
def test_codes_become_plain_sentences(code: str, args: dict[str, object], words: str) -> None:
    assert reason_text(code, args) == words


def test_every_shelf_and_factor_has_words() -> None:
    assert all(shelf_title(shelf) for shelf in Shelf)
    assert shelf_title(Shelf.BECAUSE, "Nurse") == "Because you saved Nurse"
    assert all(factor_words(name) != (name, "") for name in FACTORS)
