from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.communities.carrying import SAME, What, carry
from segue.engine.communities.moving import moved
from segue.engine.communities.naming import LONGEST, distinctive_skills, name_of, settle_names
from segue.engine.communities.space import SkillSets
from segue.engine.drift import Verdict
from tests.engine.communities.crowd import TRADES, crowd, of_trade

names = st.sampled_from(["Nurse", "nurse", "Nurse: Triage", "Cook", "Welder", "x" * LONGEST, ""])
groupings = st.dictionaries(st.integers(0, 40).map(str), st.integers(0, 4), max_size=40)


def people(*groups: tuple[str, range]) -> dict[str, str]:
    return {str(one): key for key, numbers in groups for one in numbers}


@given(
    st.lists(st.lists(names, max_size=4), max_size=8),
    st.dictionaries(st.integers(0, 7), names.filter(bool), max_size=8),
    st.sets(names, max_size=3),
)
def test_no_two_communities_have_one_name(
    wanted: list[list[str]], held: dict[int, str], taken: set[str]
) -> None:
    held = {place: name for place, name in held.items() if place < len(wanted)}
    settled = settle_names(wanted, held, taken)
    folded = [name.casefold() for name in settled]
    assert len(set(folded)) == len(wanted)
    assert not set(folded) & {name.casefold() for name in taken}
    assert all(0 < len(name) <= LONGEST for name in settled)


@given(st.lists(st.lists(names, max_size=4), max_size=8), st.data())
def test_names_that_were_given_survive(wanted: list[list[str]], data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, max(len(wanted) - 1, 0)), max_size=len(wanted)))
    held = {place: f"ours {place}" for place in places if place < len(wanted)}
    settled = settle_names(wanted, held)
    assert all(settled[place] == name for place, name in held.items())


@given(groupings.map(lambda old: {one: f"k{key}" for one, key in old.items()}), groupings)
def test_a_key_goes_to_one_community_and_only_with_its_people(
    old: dict[str, str], new: dict[str, int]
) -> None:
    changes = carry(old, new, 5)
    assert [one.label for one in changes[:5]] == list(range(5))
    keys = [one.key for one in changes if one.key]
    assert len(keys) == len(set(keys))
    assert set(keys) == set(old.values())
    for one in changes[:5]:
        assert (one.what is What.KEPT) == bool(one.key)
        if one.key:
            before = {person for person, key in old.items() if key == one.key and person in new}
            after = {person for person, label in new.items() if label == one.label and person in old}
            assert len(before & after) / len(before | after) >= SAME


def test_where_most_people_went_the_name_goes_and_the_rest_split_off() -> None:
    old = people(("nurses", range(100)))
    new = {str(one): 0 if one < 65 else 1 for one in range(100)}
    kept, split = carry(old, new, 2)
    assert (kept.what, kept.key) == (What.KEPT, "nurses")
    assert (split.what, split.others) == (What.SPLIT, ("nurses",))


def test_two_that_become_one_are_told_as_that() -> None:
    old = people(("nurses", range(60)), ("carers", range(60, 100)))
    kept, merged = carry(old, dict.fromkeys(old, 0), 1)
    assert (kept.what, kept.key) == (What.KEPT, "nurses")
    assert (merged.what, merged.key, merged.others) == (What.MERGED, "carers", ("nurses",))


def test_a_name_does_not_go_with_a_few() -> None:
    old = people(("nurses", range(90)), ("cooks", range(90, 100)))
    new = {str(one): one % 5 for one in range(100)}
    assert all(one.what is not What.KEPT for one in carry(old, new, 5)[:5])


def test_likeness_settles_ties_and_nothing_else() -> None:
    old = people(("a", range(10)), ("b", range(10, 20)))
    new = {str(one): one % 2 for one in range(20)}
    alike = {("a", 1): 1.0, ("b", 0): 1.0}
    assert [one.key for one in carry(old, new, 2, alike)[:2]] == ["b", "a"]
    assert (
        next(one.key for one in carry(old, {**new, "0": 0, "1": 0, "3": 0, "5": 0, "7": 0}, 2, alike)[:2])
        == "a"
    )


def test_a_trade_is_told_by_its_own_skills() -> None:
    sets = SkillSets.of(crowd(300, 2))
    label = np.array([of_trade(person) for person in sets.ids])
    for trade, skills in enumerate(distinctive_skills(sets, label, TRADES)):
        assert {one.slug.split("-")[0] for one in skills[:4]} == {f"t{trade}"}
        assert all(one.lift > 1 and one.share >= 0.15 for one in skills[:4])
        assert [one.z for one in skills] == sorted((one.z for one in skills), reverse=True)


def test_one_rare_skill_of_one_person_does_not_name_a_community() -> None:
    known = crowd(300, 2)
    known["p00000"] |= {"falconry"}
    sets = SkillSets.of(known)
    label = np.array([of_trade(person) for person in sets.ids])
    assert "falconry" not in {one.slug for one in distinctive_skills(sets, label, TRADES)[0]}


def test_a_long_name_is_cut() -> None:
    assert len(name_of("Nurse", ["x" * 80, "y" * 80])) == LONGEST


def test_drift_is_told_only_where_chance_could_not_do_it() -> None:
    before = {"sql": 400, "go": 300, "rust": 20}
    assert moved(before, before).verdict is Verdict.STEADY
    assert moved(before, {"sql": 30, "go": 300, "rust": 400}).verdict is Verdict.MOVED_FAR
    assert moved({"sql": 4, "go": 3}, {"sql": 1, "go": 6}).verdict is Verdict.UNKNOWN
    assert moved({}, before).verdict is Verdict.UNKNOWN
