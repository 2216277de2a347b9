from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.text import STOP_WORDS, Vocabulary, fold, terms_of, tokenise, word_spans

WORDS = st.lists(st.sampled_from(["nurse", "night", "driver", "c++", "cook", "Köln"]), max_size=8).map(
    " ".join
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C++, C# and .NET", ["c++", "c#", ".net"]),
        (
            "ASP.NET/C#.NET developer.Responsibilities",
            ["asp.net", "c#", ".net", "developer", "responsibilities"],
        ),
        ("Node.js or node.jsx", ["node.js", "node", "jsx"]),
        ("Crème brûlée in Łódź", ["creme", "brulee", "lodz"]),
        ("Straße", ["strasse"]),
        ("Йод и ёлка", ["иод", "и", "елка"]),
        ("看護師募集", ["看護", "護師", "師募", "募集"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("room #12", ["room", "12"]),
        ("", []),
        ("—•…", []),
    ],
)
def test_words_survive_their_alphabet(text: str, words: list[str]) -> None:
    assert tokenise(text) == words


def test_accents_meet_however_they_are_typed() -> None:
    assert fold("Zu\u0308rich") == fold("Z\u00fcrich") == "zurich"


def test_stop_words_are_few_and_hold_no_skill() -> None:
    assert len(STOP_WORDS) < 100
    assert not STOP_WORDS & {"c", "r", "go", "net", "care"}


@given(st.text(max_size=200))
def test_spans_point_at_their_words(text: str) -> None:
    for word, start, end in word_spans(text):
        assert fold(text[start:end]) == word


@given(st.lists(WORDS, max_size=6))
def test_a_vocabulary_survives_its_bytes(documents: list[str]) -> None:
    fitted = Vocabulary.fit(documents, min_df=1)
    again = Vocabulary.from_bytes(fitted.to_bytes())
    assert again.to_bytes() == fitted.to_bytes()
    assert again.digest == fitted.digest
    assert (again.tfidf(documents) != fitted.tfidf(documents)).nnz == 0


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_tfidf_rows_have_length_one_or_zero(documents: list[str]) -> None:
    rows = Vocabulary.fit(documents, min_df=1).tfidf(documents).toarray()
    length = np.linalg.norm(rows, axis=1)
    filled = np.array([bool(tokenise(document)) for document in documents])
    np.testing.assert_allclose(length, filled.astype(float))


def test_the_order_of_documents_changes_nothing() -> None:
    documents = ["night nurse", "nurse", "truck driver"]
    assert Vocabulary.fit(documents, min_df=1).digest == Vocabulary.fit(documents[::-1], min_df=1).digest


def test_rare_terms_stay_out_and_the_commonest_win() -> None:
    documents = ["nurse night", "nurse day", "nurse day", "cook"]
    assert Vocabulary.fit(documents, min_df=2, bigrams=False).terms == ("day", "nurse")
    assert Vocabulary.fit(documents, min_df=1, max_terms=1).terms == ("nurse",)


def test_rarer_terms_weigh_more() -> None:
    fitted = Vocabulary.fit(["nurse night", "nurse"], min_df=1, bigrams=False)
    idf = dict(zip(fitted.terms, fitted.idf, strict=True))
    assert idf["night"] > idf["nurse"] == 1.0


def test_bigrams_keep_neighbours_together() -> None:
    assert "project manager" in terms_of("Senior project manager", bigrams=True)


@pytest.mark.parametrize("wrong", [{"min_df": 0}, {"max_terms": 0}])
def test_limits_start_at_one(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="start at 1"):
        Vocabulary.fit(["nurse"], **wrong)


def test_no_documents_give_an_empty_vocabulary() -> None:
    empty = Vocabulary.fit([])
    assert empty.tfidf(["nurse"]).shape == (1, 0)
