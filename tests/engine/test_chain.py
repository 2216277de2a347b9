"""Whatever is done to a chain of records is found, and the first place where it shows is named."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from segue.engine.chain import (
    BEGINNING,
    STRIKES,
    Link,
    content_digest,
    link_hash,
    read_chain,
    remainder_digest,
)

WORDS = st.text(max_size=12)
DEEDS = st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=12)


def chained(deeds: list[tuple[str, str]]) -> list[Link]:
    """Seal some deeds."""
    made: list[Link] = []
    for position, (verb, words) in enumerate(deeds, 1):
        made.append(sealed(made, (position, verb), words))
    return made


def sealed(before: list[Link], skeleton: tuple[int | str, ...], words: str, **more: dict[str, str]) -> Link:
    position = len(before) + 1
    salt = f"{position:032x}"
    digest = content_digest(words, salt)
    last = before[-1].hash if before else BEGINNING
    hashed = link_hash(last, position, skeleton, digest)
    return Link(position, skeleton, words, salt, digest, hashed, **more)


@given(DEEDS)
def test_what_nobody_touched_holds(deeds: list[tuple[str, str]]) -> None:
    chain = chained(deeds)
    reading = read_chain(chain)
    assert (reading.broken, reading.length, reading.head) == (None, len(deeds), chain[-1].hash)


@given(DEEDS, st.data(), st.sampled_from(["words", "verb", "salt", "digest", "hash"]))
def test_an_edit_is_found_where_it_was_made(
    deeds: list[tuple[str, str]], data: st.DataObject, what: str
) -> None:
    chain = chained(deeds)
    at = data.draw(st.integers(0, len(chain) - 1))
    link = chain[at]
    edits = {
        "words": replace(link, content=link.content + "!"),
        "verb": replace(link, skeleton=(link.position, f"{link.skeleton[1]}!")),
        "salt": replace(link, salt="f" * 32),
        "digest": replace(link, digest="0" * 64),
        "hash": replace(link, hash="0" * 64),
    }
    chain[at] = edits[what]
    broken = read_chain(chain).broken
    assert broken is not None
    assert broken.position == at + 1


@given(DEEDS, st.data())
def test_a_line_taken_out_is_found(deeds: list[tuple[str, str]], data: st.DataObject) -> None:
    chain = chained(deeds)
    at = data.draw(st.integers(0, len(chain) - 2))
    del chain[at]
    broken = read_chain(chain).broken
    assert broken is not None
    assert broken.position == at + 1


@given(DEEDS, st.data())
def test_lines_that_changed_places_are_found(deeds: list[tuple[str, str]], data: st.DataObject) -> None:
    chain = chained(deeds)
    first = data.draw(st.integers(0, len(chain) - 2))
    chain[first], chain[first + 1] = chain[first + 1], chain[first]
    broken = read_chain(chain).broken
    assert broken is not None
    assert broken.position == first + 1
    # with their numbers changed too they stand in the wrong order still
    renumbered = [replace(link, position=place) for place, link in enumerate(chain, 1)]
    assert read_chain(renumbered).broken is not None


@given(DEEDS, st.data())
def test_a_line_put_in_is_found(deeds: list[tuple[str, str]], data: st.DataObject) -> None:
    chain = chained(deeds)
    at = data.draw(st.integers(0, len(chain) - 1))
    forged = sealed(chain[:at], (99, "forged"), "never was")
    after = [replace(link, position=link.position + 1) for link in chain[at:]]
    assert read_chain([*chain[:at], forged, *after]).broken is not None


@given(DEEDS, st.data())
def test_what_is_cut_off_the_end_or_made_anew_is_found_by_whoever_noted_a_head(
    deeds: list[tuple[str, str]], data: st.DataObject
) -> None:
    chain = chained(deeds)
    noted = {len(chain): chain[-1].hash}
    cut = chain[: data.draw(st.integers(0, len(chain) - 1))]
    assert read_chain(cut).broken is None, "by itself it cannot be missed"
    assert read_chain(cut, known=noted).broken is not None
    anew = chained([(verb, f"{words}!") for verb, words in deeds])
    assert read_chain(anew).broken is None, "nor can a whole new chain"
    assert read_chain(anew, known=noted).broken is not None


@given(DEEDS, st.data())
def test_words_go_where_a_strike_says_so_and_nowhere_else(
    deeds: list[tuple[str, str]], data: st.DataObject
) -> None:
    chain = chained(deeds)
    at = data.draw(st.integers(0, len(chain) - 1))
    chain[at] = replace(chain[at], content="(erased)", salt="")
    silent = read_chain(chain).broken
    assert silent is not None
    assert silent.position == at + 1
    said = {str(at + 1): remainder_digest(at + 1, "(erased)")}
    told = [*chain, sealed(chain, (len(chain) + 1, STRIKES), "", struck=said)]
    reading = read_chain(told)
    assert (reading.broken, reading.struck) == (None, 1)
    told[at] = replace(told[at], content="something else")
    assert read_chain(told).broken is not None, "what is left may not change either"
