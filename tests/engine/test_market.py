"""The simulated market keeps its own laws, and tells a good policy from a poor one, and chance from both."""

from __future__ import annotations

import numpy as np
import pytest

from segue.engine.market.nature import PLENTY, Nature, Size, draw_nature
from segue.engine.market.policies import ABLATIONS, FULL, Parts, Stack, make_policies
from segue.engine.market.rounds import Dealt, Outcome, Stage, View, run_market

SMALL = Size(people=240, jobs=40, rounds=5, slate=3, pace=3)


def played(seed: int, parts: Parts = FULL, *, null: bool = False) -> tuple[Nature, Outcome]:
    nature = draw_nature(seed, size=SMALL, null=null)
    return nature, run_market(nature, Stack(parts, seed))


def test_the_same_seed_gives_the_same_market_and_the_same_end() -> None:
    (_, one), (_, again) = played(3), played(3)
    assert (one.match == again.match).all()
    assert (one.logs.shown == again.logs.shown).all()
    assert (one.logs.propensity == again.logs.propensity).all()
    assert (one.logs.shown != played(4)[1].logs.shown).any()


@pytest.mark.parametrize("name", ["full", *ABLATIONS])
def test_no_seat_is_filled_twice_and_nobody_accepts_twice(name: str) -> None:
    for seed in (1, 2):
        nature = draw_nature(seed, size=SMALL)
        outcome = run_market(nature, make_policies(seed)[name])
        hired = outcome.logs.stage == Stage.HIRED
        assert (hired.sum(axis=0) <= nature.visible.seats).all()
        assert (hired.sum(axis=1) <= 1).all()
        assert hired.sum() == outcome.matches == outcome.matches_by_round.sum()


def test_every_step_of_the_funnel_follows_from_the_one_before() -> None:
    _, outcome = played(1)
    logs = outcome.logs
    assert (logs.opened <= (logs.shown >= 0)).all()
    assert (logs.applied <= logs.opened).all()
    assert (logs.read <= logs.applied).all()
    assert (logs.passed <= logs.read).all()
    assert ((logs.stage != Stage.NONE) == logs.applied).all()


def test_nothing_is_shown_before_it_is_there_or_after_it_is_gone() -> None:
    nature, outcome = played(2)
    shown = outcome.logs.shown
    late = shown >= 0
    assert (shown >= nature.arrives[:, None])[late].all()
    assert (shown >= nature.posted[None, :])[late].all()
    assert (shown < nature.lapses[None, :])[late].all()
    in_a_round = np.stack([(shown == now).sum(axis=1) for now in range(SMALL.rounds)])
    assert in_a_round.max() <= SMALL.slate


def test_every_card_has_a_propensity_and_the_exploring_one_is_no_smaller_than_a_hundredth() -> None:
    _, outcome = played(1)
    chance = outcome.logs.propensity[outcome.logs.shown >= 0]
    assert ((chance >= 0.01) & (chance <= 1.0)).all()
    assert (chance < 1.0).any()
    _, greedy = played(1, ABLATIONS["no exploration"])
    assert (greedy.logs.propensity[greedy.logs.shown >= 0] == 1.0).all()


def test_pairs_at_random_convert_as_public_funnels_do() -> None:
    chance = draw_nature(1).chance
    opens, applies, screens, offers, accepts = chance.astype(np.float64)
    sent = opens * applies
    assert opens.mean() == pytest.approx(0.08, rel=0.1)
    assert sent.sum() / opens.sum() == pytest.approx(0.30, rel=0.1)
    assert (sent * screens).sum() / sent.sum() == pytest.approx(0.17, rel=0.1)
    assert (sent * screens * offers).sum() / (sent * screens).sum() == pytest.approx(0.32, rel=0.1)
    offered = sent * screens * offers
    assert (offered * accepts).sum() / offered.sum() == pytest.approx(0.69, rel=0.1)


def test_a_market_of_dice_has_no_better_pair_and_no_end_of_seats() -> None:
    nature = draw_nature(1, size=SMALL, null=True)
    assert np.ptp(nature.chance, axis=(1, 2)).max() == 0.0
    assert nature.visible.seats.min() == nature.visible.pace == PLENTY


def test_what_people_wrote_helps_and_dice_do_not() -> None:
    """Six markets: the stack makes more matches than one that reads nothing; of dice, no more than luck."""
    bare = ABLATIONS["CF only"]
    ahead = [played(seed)[1].matches - played(seed, bare)[1].matches for seed in range(6)]
    assert np.mean(ahead) > 2.0
    luck = [
        played(seed, null=True)[1].matches - played(seed, bare, null=True)[1].matches for seed in range(6)
    ]
    both = [
        played(seed, null=True)[1].matches + played(seed, bare, null=True)[1].matches for seed in range(6)
    ]
    assert abs(sum(luck)) < 3.0 * np.sqrt(sum(both) + 1.0)


def test_who_shows_what_may_not_be_shown_is_stopped() -> None:
    class Careless:
        def deal(self, view: View, k: int) -> Dealt:
            slates = np.zeros((len(view.may_show), k), dtype=np.int64)
            return Dealt(slates, np.ones(slates.shape))

    with pytest.raises(ValueError, match="not there"):
        run_market(draw_nature(1, size=SMALL), Careless())
