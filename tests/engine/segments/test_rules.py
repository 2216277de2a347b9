"""Rules as JSON: what is written is read as it was, and what cannot be read says where and with what."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.segments import (
    PROTECTED,
    PROXIES,
    VOCABULARY,
    All,
    AnyOf,
    Condition,
    Field,
    Node,
    Not,
    RuleSyntax,
    conditions,
    protected_by,
    protected_name,
    proxies_in,
    read_condition,
    read_rule,
    said,
    write_rule,
)
from segue.engine.segments.reading import DEEPEST, MOST_CONDITIONS

WORDS = st.text("abcdefgh äß中", min_size=1, max_size=12).map(lambda t: " ".join(t.split())).filter(
    lambda t: bool(t) and not protected_by(t)
)  # fmt: skip


def values_of(field: Field) -> st.SearchStrategy[Any]:
    if field.type == "choice":
        return st.sampled_from(field.choices)
    if field.type == "number":
        whole = st.integers(int(field.low), int(field.high))
        return whole if field.whole else st.one_of(whole, st.floats(field.low, field.high, width=16))
    if field.type == "words":
        return st.lists(WORDS, min_size=1, max_size=4, unique=True)
    return st.just("nurse -agency") if field.name == "query" else WORDS


@st.composite
def any_condition(draw: st.DrawFn) -> dict[str, Any]:
    kind = VOCABULARY[draw(st.sampled_from(sorted(VOCABULARY)))]
    found: dict[str, Any] = {"kind": kind.name}
    for field in kind.fields:
        if field.required or field.name in kind.one_of[:1] or draw(st.booleans()):
            found[field.name] = draw(values_of(field))
    if "at_least" in found and "at_most" in found and found["at_least"] > found["at_most"]:
        del found["at_most"]
    return found


ANY_RULE = st.recursive(
    any_condition(),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=8,
).filter(lambda node: _depth(node) <= DEEPEST)


def _depth(node: dict[str, Any]) -> int:
    parts = node.get("all", node.get("any", [])) or ([node["not"]] if "not" in node else [])
    return 1 + max(map(_depth, parts), default=-1)


@given(ANY_RULE)
def test_what_is_read_is_written_as_it_was(node: dict[str, Any]) -> None:
    rule = {"version": 1, "rule": node}
    tree = read_rule(rule)
    assert read_rule(write_rule(tree)) == tree
    assert all(one.kind in VOCABULARY for one in conditions(tree))
    words = said(tree, one=lambda c: c.kind, both=" & ".join, either=" | ".join, no=lambda w: f"!{w}")
    assert all(one.kind in words for one in conditions(tree))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.sampled_from(["all", "any", "not", "kind", "days", "version", "rule"]), st.text()),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=12,
)


@given(JSON)
def test_anything_at_all_is_read_or_refused_by_name(anything: object) -> None:
    for rule in (anything, {"version": 1, "rule": anything}):
        with suppress(RuleSyntax):
            tree = read_rule(rule)
            assert read_rule(write_rule(tree)) == tree


@pytest.mark.parametrize(
    ("node", "code", "at"),
    [
        ({"kind": "luck"}, "unknown_kind", "kind"),
        ({"all": [{"kind": "seen"}]}, "missing", "all.0.days"),
        ({"all": [{"kind": "seen", "days": 0}]}, "bad_number", "all.0.days"),
        ({"kind": "seen", "days": 2.5}, "bad_number", "days"),
        ({"kind": "seen", "days": True}, "bad_number", "days"),
        ({"kind": "years"}, "missing_one_of", ""),
        ({"kind": "years", "at_least": 9, "at_most": 3}, "out_of_order", "at_most"),
        ({"not": {"kind": "remote", "mode": "moon"}}, "bad_choice", "not.mode"),
        ({"kind": "country", "countries": "DE"}, "bad_list", "countries"),
        ({"kind": "text", "query": "nurse ("}, "bad_query", "query"),
        ({"kind": "seen", "days": 3, "hours": 2}, "unknown_field", "hours"),
        ({"all": [], "any": []}, "unknown_field", "any"),
        ({"all": {"kind": "seen"}}, "not_a_rule", "all"),
        ({"kind": "gender", "is": "f"}, "protected", "kind"),
        ({"kind": "seen", "days": 3, "date_of_birth": 1990}, "protected", "date_of_birth"),
        ({"kind": "title", "titles": ["nurse", "Frau"]}, "protected", "titles.1"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(node: dict[str, Any], code: str, at: str) -> None:
    with pytest.raises(RuleSyntax) as refused:
        read_rule({"version": 1, "rule": node})
    assert (refused.value.code, refused.value.at) == (code, at)


def test_rules_have_an_end() -> None:
    deep: dict[str, Any] = {"kind": "seen", "days": 1}
    for _ in range(DEEPEST + 1):
        deep = {"not": deep}
    wide = {"all": [{"kind": "seen", "days": 1}] * (MOST_CONDITIONS + 1)}
    for node, code in ((deep, "too_deep"), (wide, "too_many")):
        with pytest.raises(RuleSyntax, match=code):
            read_rule({"version": 1, "rule": node})
    with pytest.raises(RuleSyntax, match="unknown_version"):
        read_rule({"version": 2, "rule": {}})
    assert read_rule({}) == All()


def test_nothing_protected_is_in_the_vocabulary() -> None:
    names = [kind.name for kind in VOCABULARY.values()]
    names += [field.name for kind in VOCABULARY.values() for field in kind.fields]
    names += [choice for kind in VOCABULARY.values() for field in kind.fields for choice in field.choices]
    assert not [name for name in names if protected_name(name)]
    assert set(VOCABULARY["consent"].fields[0].choices) >= {"profile", "behaviour"}


@given(ANY_RULE, st.sampled_from(sorted(word for words in PROTECTED.values() for word in words)), st.data())
def test_a_protected_word_is_refused_wherever_a_rule_says_it(
    node: dict[str, Any], word: str, data: st.DataObject
) -> None:
    """Planted as a kind, a field or a value anywhere in any rule."""
    planted: dict[str, Any] = data.draw(
        st.sampled_from(
            [
                {"kind": word},
                {"kind": "seen", "days": 1, word: 2},
                {"kind": "skills", "which": "any", "skills": ["python", word.title()]},
                {"kind": "text", "query": f'nurse OR "{word}"'},
            ]
        )
    )
    wrapped = data.draw(st.sampled_from([{"all": [planted, node]}, {"not": planted}, {"any": [planted]}]))
    with pytest.raises(RuleSyntax) as refused:
        read_rule({"version": 1, "rule": wrapped})
    assert refused.value.code == "protected"
    assert refused.value.ground in PROTECTED


def test_every_proxy_is_of_a_kind_there_is_and_says_why() -> None:
    for proxy in PROXIES:
        assert proxy.kind in VOCABULARY
        assert proxy.ground in PROTECTED
        assert proxy.reason
    near: Node = All((AnyOf((Not(_place(5)), _place(100))), _place(2)))
    assert [(number, proxy.code) for number, proxy in proxies_in(near)] == [
        (0, "small_radius"),
        (2, "small_radius"),
    ]


def test_a_year_in_a_search_may_tell_an_age() -> None:
    told = [
        proxy.code for _number, proxy in proxies_in(read_condition({"kind": "text", "query": "MIT 1999"}))
    ]
    assert told == ["year"]
    assert not list(proxies_in(read_condition({"kind": "text", "query": "ISO 9001 90210"})))


def _place(km: int) -> Condition:
    return read_condition({"kind": "place", "near": "Berlin", "km": km})
