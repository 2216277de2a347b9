"""What a recruiter types: any text is read or refused in words; what is written is read as it was."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segue.engine.query import (
    All,
    AnyOf,
    Applied,
    Near,
    Node,
    Not,
    QuerySyntax,
    Term,
    all_of,
    any_of,
    leaves,
    negated,
    read_query,
    write_query,
)
from segue.engine.query.lexemes import findable, query_of, vector_of, words_at
from segue.engine.query.reading import DEEPEST
from segue.engine.query.standing import stands_at

PIECES = st.sampled_from(
    [
        *'() "-*:&|',
        " OR ",
        " and ",
        " NOT ",
        "nurse",
        "icu*",
        "title:",
        "skill:",
        "near:",
        "within:5km ",
        "status:rejected ",
        "job:",
        "é",
        "看護師",
    ]
)
TYPED = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join))

WORDS = st.sampled_from(["nurse", "c++", ".net", "front-end", "Łódź", "محمد", "x:y", "it"])
TERMS = st.one_of(
    st.builds(
        Term, WORDS, st.sampled_from(["", "title", "skill", "city"]), st.just(value=False), st.booleans()
    ),
    st.builds(
        Term,
        st.sampled_from(["head nurse", "or", "a (b"]),
        st.sampled_from(["", "title"]),
        st.just(value=True),
    ),
    st.builds(
        Applied,
        st.sampled_from(["", "rejected", "in progress"]),
        st.sampled_from(["", "interview"]),
        st.sampled_from(["Ward nurse", "or"]),
    ),
    st.builds(
        Near,
        st.sampled_from(["Berlin", "New York"]),
        st.sampled_from([0.5, 50.0, 120.0]),
        st.sampled_from(["km", "mi"]),
    ),
)
TREES: st.SearchStrategy[Node] = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(all_of),
        st.lists(inner, min_size=1, max_size=3).map(any_of),
        inner.map(negated),
    ),
    max_leaves=8,
)


@given(TYPED)
@example("-" * 1000)
@example("NOT NOT AND")
@example("NOT AND nurse")
@example("NOT NOT AND nurse")
@example("(" * 999)
@example("near:Berlin within:0km")
@example("title:(nurse OR title:(a OR b)) -(")
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        tree = read_query(text)
    except QuerySyntax as wrong:
        at = wrong.at
    else:
        at = 1
        assert read_query(write_query(tree)) == tree
        query_of(_without_places(findable(tree)), {})
    assert 1 <= at <= max(len(text), 1)


@given(TREES)
def test_writing_a_tree_and_reading_it_gives_it_back(tree: Node) -> None:
    assert read_query(write_query(tree)) == tree


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", All()),
        ("nurse icu", All((Term("nurse"), Term("icu")))),
        ("nurse AND icu", All((Term("nurse"), Term("icu")))),
        ("a b OR c", AnyOf((All((Term("a"), Term("b"))), Term("c")))),
        ("nurse -agency", All((Term("nurse"), Not(Term("agency"))))),
        ("NOT (a OR b)", Not(AnyOf((Term("a"), Term("b"))))),
        ("“head nurse”", Term("head nurse", quoted=True)),
        ("Title: nurs*", Term("nurs", "title", begins=True)),
        ("company:Acme", Term("Acme", "employer")),
        ("title:(nurse OR carer)", AnyOf((Term("nurse", "title"), Term("carer", "title")))),
        ("remote:yes", Term("remote", "remote")),
        ("near:Berlin", Near("Berlin", 50.0, "km")),
        ('near:"New York" within:30 miles', Near("New York", 30.0, "mi")),
        ("within:5km near:Bonn", Near("Bonn", 5.0, "km")),
        ("10:30 https://x.example", All((Term("10:30"), Term("https://x.example")))),
        ("nurse !!! -", Term("nurse")),
        ("status:rejected", Applied("rejected")),
        ('status:rejected job:"Ward nurse" x', All((Applied("rejected", job="Ward nurse"), Term("x")))),
        ("stage:interview AND applied:nurse", All((Applied(stage="interview"), Applied(job="nurse")))),
        ("-status:rejected job:nurse", Not(Applied("rejected", job="nurse"))),
        ("status:(rejected OR hired)", AnyOf((Applied("rejected"), Applied("hired")))),
        ("status:open status:hired", All((Applied("open"), Applied("hired")))),
    ],
)
def test_what_was_typed_is_what_was_meant(typed: str, meant: Node) -> None:
    assert read_query(typed) == meant


@pytest.mark.parametrize(
    ("typed", "code", "at"),
    [
        ("nurse (icu", "open_bracket", 7),
        ("nurse)", "stray_bracket", 6),
        ("nurse ()", "empty_brackets", 7),
        ('say "head', "open_quote", 5),
        ("nurse OR", "nothing_after", 7),
        ("OR nurse", "nothing_before", 1),
        ("nurse NOT", "nothing_after", 7),
        ("title:", "no_value", 1),
        ("near:Berlin within:far", "bad_distance", 20),
        ("within:5km", "within_alone", 1),
        ("remote:maybe", "bad_remote", 8),
        ("a" * 1001, "too_long", 1000),
        ("a " * 61, "too_many", 121),
        ("(" * (DEEPEST + 1), "too_deep", DEEPEST + 1),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(typed: str, code: str, at: int) -> None:
    with pytest.raises(QuerySyntax) as refused:
        read_query(typed)
    assert (refused.value.code, refused.value.at) == (code, at)


def test_leaves_are_what_is_asked_for_and_what_is_not() -> None:
    tree = read_query("nurse -(agency OR -icu)")
    assert [one.text for one in leaves(tree) if isinstance(one, Term)] == ["nurse", "icu"]
    assert list(leaves(tree, wanted=False)) == [Term("agency")]


def test_a_skill_is_found_by_its_words_or_as_a_skill() -> None:
    k8s = Term("k8s")
    assert query_of(k8s, {k8s: ["kubernetes"]}) == "'k8s' | '/k/kubernetes'"
    assert query_of(Not(k8s), {k8s: ["kubernetes"]}) == "'/all' & !('k8s' | '/k/kubernetes')"


def test_two_that_must_not_be_there_stay_in_their_brackets() -> None:
    tree = read_query("nurse (-icu OR -ward)")
    assert query_of(tree, {}) == "'nurse' & (!'icu' | !'ward')"


def test_quotes_and_backslashes_stay_inside_a_lexeme() -> None:
    assert query_of(Term("it's \\ x", "skill"), {}) == "'/k/it''s \\\\ x'"


def test_what_holds_no_word_asks_nothing() -> None:
    assert findable(read_query("head of sales")) == All((Term("head"), Term("sales")))
    assert findable(All((Term("the"), Not(Term("of"))))) == All()


def test_words_of_one_passage_do_not_run_into_the_next() -> None:
    assert vector_of([("a b", "", "A"), ("c", "", "C")]) == "'/all' 'a':1A 'b':2A 'c':10C"


MIXED = st.text(st.sampled_from("nu rse.+#-_jst é\u0301看護"), max_size=30)


@given(
    MIXED,
    st.sampled_from(["nu", "rse", "nu rse", "c++", "js", "net", "né", "看", "看護", "n.js"]),
    st.booleans(),
)
@example(text="x.net net", typed="net", begins=False)
@example(text="nurse.js", typed="nurse", begins=False)
@example(text="n#", typed="n", begins=True)
def test_a_term_is_shown_where_the_index_finds_it(text: str, typed: str, begins: bool) -> None:
    term = Term(typed, begins=begins)
    wanted, there = [word for word, _ in words_at(typed)], [word for word, _ in words_at(text)]

    def same(some: list[str]) -> bool:
        last = some[-1].startswith(wanted[-1]) if begins else some[-1] == wanted[-1]
        return some[:-1] == wanted[:-1] and last

    runs = [there[at : at + len(wanted)] for at in range(len(there) - len(wanted) + 1)]
    assert (stands_at(term, text) is not None) == any(map(same, runs))


@given(st.text(max_size=60))
def test_words_stand_in_order(text: str) -> None:
    places = [at for _, at in words_at(text)]
    assert places == sorted(set(places))


def _without_places(node: Node) -> Node:
    if isinstance(node, All | AnyOf):
        return type(node)(tuple(_without_places(part) for part in node.parts))
    if isinstance(node, Not):
        return Not(_without_places(node.part))
    return Term("there") if isinstance(node, Near | Applied) else node
