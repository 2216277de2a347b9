"""M18, privacy and trust: a switch on the consent page changes what a model reads, at once and provably."""

from __future__ import annotations

import pytest

from segue.catalog.models import Person
from segue.engine.content import FEATURES
from segue.kit.errors import Invalid, NotAllowed
from segue.learn.models import PersonFeatures
from segue.listen.jobs import detach_withdrawn
from segue.recommend.actions.mixes import open_home
from segue.recommend.actions.stances import take_stance
from segue.recommend.queries.stances import stances_of
from segue.recommend.queries.why import why_card
from segue.recommend.ranking import rank_jobs
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account, Consent, Decision
from segue.trust.queries.consent import consents_of, purposes_granted
from tests.factories import actor
from tests.recommend.stage import cards_of, jobs_on, jobs_read, market, own, reread, seen_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lina(ada: Account) -> Person:
    market(24)
    assert ada.person is not None
    return ada.person


def columns_of(person: Person) -> dict[str, bool]:
    """Say of each feature whether the model reads anything in it."""
    ranking = rank_jobs(seen_of(person), jobs_read(), stances_of(person.pk, own(person)))
    return {name: bool(ranking.features[:, i].any()) for i, name in enumerate(FEATURES)}


def switch(person: Person, purpose: str, granted: bool) -> None:
    set_consent(person, purpose=purpose, granted=granted, by=own(person), text_shown="The words shown.")


def test_ada_turns_her_switches_and_the_model_goes_blind(lina: Person) -> None:
    me = own(lina)
    take_stance(lina.pk, job_id=cards_of(open_home(lina.pk, by=me))[0].job.pk, stance="liked", by=me)
    assert columns_of(lina)["behaviour"]
    assert columns_of(lina)["skills"]
    both = seen_of(lina).digest()

    switch(lina, "behaviour", False)
    assert not columns_of(lina)["behaviour"]
    assert columns_of(lina)["skills"]
    assert seen_of(lina).digest() != both

    switch(lina, "profile", False)
    assert {name for name, read in columns_of(lina).items() if read} == {"freshness"}
    home = open_home(lina.pk, by=me)
    assert not home.personalised
    assert why_card(cards_of(home)[0].exposure_id, by=me).data_used == ["When each job was posted"]
    dealt = Decision.objects.filter(kind="home.dealt").order_by("-at").first()
    assert dealt is not None
    assert (dealt.policy_id, dealt.inputs["granted"]) == ("newest-1", ["contact", "discovery"])
    reread()
    assert not PersonFeatures.objects.filter(person=lina).exists(), "what was read is deleted"

    detach_withdrawn(str(lina.pk))  # within the minute
    switch(lina, "profile", True)
    switch(lina, "behaviour", True)
    reread()
    assert columns_of(lina)["skills"], "what she wrote comes back"
    assert not columns_of(lina)["behaviour"], "what was heard of her does not"
    assert seen_of(lina).digest() != both


def test_every_answer_is_kept_with_the_words_that_were_shown(lina: Person) -> None:
    switch(lina, "contact", False)
    switch(lina, "contact", True)
    latest = consents_of(lina.pk, own(lina))[:2]
    assert [(one.purpose, one.granted, one.text_shown) for one in latest] == [
        ("contact", True, "The words shown."),
        ("contact", False, "The words shown."),
    ]
    assert "contact" in purposes_granted(lina.pk)


@pytest.mark.parametrize("who", ["eve", "rosa", "mia"])
def test_nobody_consents_for_somebody_else(who: str, lina: Person, request: pytest.FixtureRequest) -> None:
    other = actor(request.getfixturevalue(who))
    before = Consent.objects.count()
    with pytest.raises(NotAllowed):
        set_consent(lina, purpose="profile", granted=False, by=other)
    with pytest.raises(NotAllowed):
        consents_of(lina.pk, other)
    assert Consent.objects.count() == before


def test_a_purpose_nobody_named_is_refused(lina: Person) -> None:
    with pytest.raises(Invalid):
        set_consent(lina, purpose="everything", granted=True, by=own(lina))


def test_an_order_is_no_data_and_outlives_every_switch(lina: Person) -> None:
    me = own(lina)
    hidden = cards_of(open_home(lina.pk, by=me))[0].job
    take_stance(lina.pk, job_id=hidden.pk, stance="hidden", by=me)
    for purpose in ("profile", "behaviour"):
        switch(lina, purpose, False)
    assert hidden.pk not in jobs_on(open_home(lina.pk, by=me))
