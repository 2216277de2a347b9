"""Card and reason are chosen by the learned policy, within what fits and what is true, and can be checked."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from django.db import transaction

from segue.catalog.models import Person
from segue.engine.policy import Alphabet
from segue.kit.errors import Invalid
from segue.learn.actions.registry import install_model, register_model
from segue.measure.queries.policies import estimate_policy
from segue.recommend.actions.mixes import open_home
from segue.recommend.actions.stances import take_stance
from segue.recommend.cards import Card
from segue.recommend.models import Exposure, Shelf
from segue.recommend.policy import ALPHABET, CARD_POLICY, POLICY_KIND, MixPolicy, no_policy
from segue.recommend.queries.policies import forget_policy
from segue.recommend.queries.replay import Outcome, replay_decision
from segue.trust.models import Decision
from tests.recommend.stage import MACHINE, cards_of, market, own, shelf

pytestmark = pytest.mark.django_db


def believe(**worth: float) -> MixPolicy:
    """A policy that is sure of what indicators are worth, by their names ("reason=place")."""
    plain = no_policy()
    mean = plain.mean.copy()
    mean[0] = 0.02  # what an ordinary card brings
    for name, value in worth.items():
        mean[plain.alphabet.columns[name]] = value
    return put_in_force(replace(plain, mean=mean, draws=np.repeat(mean[:, None], 64, axis=1)))


def put_in_force(policy: MixPolicy) -> MixPolicy:
    row = register_model(kind=POLICY_KIND, blob=policy.to_bytes(), card={}, by=MACHINE)
    install_model(row, by=MACHINE, reason="a test wants it")
    forget_policy()
    return MixPolicy.from_bytes(policy.to_bytes())


def test_a_reason_people_answer_to_is_told_where_it_is_true_with_its_chance(lina: Person) -> None:
    market(48)
    believe(**{"reason=fresh": 1.0})
    home = open_home(lina.pk, by=own(lina), device="phone")
    rows = {row.pk: row for row in Exposure.objects.all()}
    told = [rows[card.exposure_id] for card in cards_of(home)]
    fresh = [row for row in told if row.reason_code == "fresh"]
    assert fresh
    assert all(0.9 <= row.reason_propensity <= 1.0 for row in fresh)
    for row in told:
        true = {one["name"] for one in row.factors if one["contribution"] > 0}
        assert row.reason_code != "fresh" or "freshness" in true, (
            "a reason is chosen only among the true ones"
        )
    assert all(0.01 <= row.reason_propensity <= 1.0 for row in told)


def test_the_policy_chooses_within_a_pool_and_every_choice_can_be_made_again(lina: Person) -> None:
    market(48)
    policy = believe(**{"mark=new": 0.3, "reason=place": 0.1})
    home = open_home(lina.pk, by=own(lina), device="phone")
    answered = shelf(home, Shelf.WEEKLY_MIX)[2]
    take_stance(lina.pk, job_id=answered.job.pk, stance="skipped", by=own(lina), device="phone")
    for decision in Decision.objects.filter(kind__in=["home.dealt", "card.dealt"]):
        assert policy.hash in decision.inputs["models"]
        assert decision.policy_id == CARD_POLICY
        assert any(packed.get("policy") == policy.hash for packed in decision.trace["hands"].values())
        replay = replay_decision(decision.pk, by=MACHINE)
        assert (replay.outcome, replay.difference) == (Outcome.IDENTICAL, None)


def test_other_votes_or_another_reason_show_in_the_replay(lina: Person) -> None:
    market(48)
    believe(**{"reason=fresh": 0.5})
    open_home(lina.pk, by=own(lina), device="phone")
    row = Decision.objects.get(kind="home.dealt")
    reasons = row.inputs["reasons"]
    assert reasons
    forged = [[*reasons[0][:4], "pay", reasons[0][5]], *reasons[1:]]
    Decision.objects.filter(pk=row.pk).update(inputs=row.inputs | {"reasons": forged})
    assert replay_decision(row.pk, by=MACHINE).difference.where.endswith("reason")  # type: ignore[union-attr]
    context = row.inputs["context"] | {"device": "computer"}
    Decision.objects.filter(pk=row.pk).update(inputs=row.inputs | {"context": context})
    assert replay_decision(row.pk, by=MACHINE).outcome is Outcome.DIFFERENT


def test_a_policy_of_the_first_kind_is_still_read() -> None:
    old = Alphabet(ALPHABET.shelves, ALPHABET.reasons)
    size = len(old.names)
    policy = MixPolicy("", old, np.zeros(size), np.zeros((size, 64)))
    head, _, rest = policy.to_bytes().partition(b"\n")
    plain = {k: v for k, v in json.loads(head).items() if k not in {"marks", "crossed", "lift"}}
    again = MixPolicy.from_bytes(json.dumps(plain).encode() + b"\n" + rest)
    assert (again.alphabet, again.lift) == (old, {})


def test_a_crowded_job_gives_way_on_a_replaced_card_too(lina: Person) -> None:
    market(48)
    put_in_force(no_policy())
    skipped = shelf(open_home(lina.pk, by=own(lina)), Shelf.WEEKLY_MIX)[2].job.pk

    def dealt_instead() -> Card:
        """What a skip would bring, taken back at once: the same card that leaves throws the same dice."""
        with transaction.atomic():
            found = take_stance(lina.pk, job_id=skipped, stance="skipped", by=own(lina)).replacement
            transaction.set_rollback(True)
        assert found is not None
        return found

    first = dealt_instead()
    put_in_force(replace(no_policy(), load={str(first.job.pk): 400.0}))
    assert first.explored or dealt_instead().job.pk != first.job.pk, "luck is not asked twice"


def test_cards_chosen_by_votes_are_not_asked_what_another_share_of_luck_had_earned() -> None:
    with pytest.raises(Invalid, match="votes"):
        estimate_policy(epsilon=0.0, policy=CARD_POLICY, by=MACHINE)
