"""Names compared as people write them: accents, scripts, nicknames, order, slips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.same_person.letters import distance, plain
from segue.engine.same_person.names import Agree, compare_names, name_key, read_name, split_name

WORDS = st.text(st.characters(categories=["L"]), min_size=1, max_size=10)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Róża", "Chromy"), ("Roza", "Chromy")),
        (("Jürgen", "Müller"), ("Juergen", "Mueller")),
        (("Дмитрий", "Иванов"), ("Dmitry", "Ivanov")),
        (("Γιώργος", "Παπαδόπουλος"), ("Giorgos", "Papadopoulos")),
        (("Noud", "van Dijk"), ("Noud", "Van  Dijk")),
        (("Bob", "Camus"), ("Robert", "Camus")),
        (("Katarzyna", "Nowak"), ("Kasia", "Nowak")),
        (("Sofía", "García López"), ("Sofia", "Garcia Lopez")),
        (("Crystal", "Lopez"), ("Lopez", "Crystal")),
        (("محمد", "حسن"), ("Mohamed", "Hassan")),
        (("Dr. Ada", "Lindqvist"), ("Ada", "Lindqvist")),
    ],
)
def test_one_name_in_two_spellings(one: tuple[str, str], other: tuple[str, str]) -> None:
    match = compare_names(read_name(*one), read_name(*other))
    assert (match.given, match.family) == (Agree.SAME, Agree.SAME)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Crystal", "Lopez"), ("Crstal", "Lopez")),
        (("Claudine", "Brun"), ("Claudine", "Burn")),
        (("Briada", "Bali"), ("Bali", "Brinda")),
        (("J.", "Hunter"), ("Jessica", "Hunter")),
        (("Maria", "Júlia Andrade"), ("Maria", "Andrade")),
    ],
)
def test_a_slip_an_initial_and_one_name_of_several_are_close(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    match = compare_names(read_name(*one), read_name(*other))
    assert Agree.DIFFERENT not in (match.given, match.family)
    assert Agree.CLOSE in (match.given, match.family)


@pytest.mark.parametrize(
    ("one", "other"), [("Robert", "Karin"), ("Anna", "Boris"), ("Jan", "Ute"), ("Lisa", "Yves")]
)
def test_other_first_names_are_different(one: str, other: str) -> None:
    assert compare_names(read_name(one, "Camus"), read_name(other, "Camus")).given is Agree.DIFFERENT


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Ana van den Berg", ("Ana", "van den Berg")),
        ("Berg, Ana", ("Ana", "Berg")),
        ("John Smith Jr.", ("John", "Smith Jr.")),
        ("Cher", ("Cher", "")),
        ("", ("", "")),
    ],
)
def test_a_whole_name_is_taken_apart(full: str, parts: tuple[str, str]) -> None:
    assert split_name(full) == parts


def test_generations_are_read_and_not_compared_as_words() -> None:
    senior, junior = read_name("John", "Smith Sr."), read_name("John", "Smith Junior")
    assert (senior.generation, junior.generation) == ("sr", "jr")
    assert compare_names(senior, junior).family is Agree.SAME


@given(WORDS, WORDS)
def test_comparing_is_the_same_both_ways_and_any_name_is_itself(a: str, b: str) -> None:
    one, other = read_name(a, b), read_name(b, a)
    assert name_key(one) == name_key(other)
    back = compare_names(other, one)
    assert compare_names(one, other)[:2] in {back[:2], back[1::-1]}
    assert compare_names(one, one).given in {Agree.SAME, Agree.UNKNOWN}


@given(WORDS, WORDS)
def test_plain_letters_stay_plain(a: str, b: str) -> None:
    assert plain(plain(a)) == plain(a)
    assert distance(a, b, 2) == distance(b, a, 2)
    assert distance(a, a + "x", 2) == 1
