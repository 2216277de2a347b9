"""Evidence is marked where it stands, and no letter of the text is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from segue.web.quoting import Piece, Span, cut, quote

spans = st.builds(Span, st.integers(-5, 60), st.integers(-5, 60), st.text(max_size=5))


@given(text=st.text(max_size=50), spans=st.lists(spans, max_size=8))
def test_the_pieces_are_the_text(text: str, spans: list[Span]) -> None:
    assert "".join(piece.text for piece in cut(text, spans)) == text


def test_overlapping_evidence_keeps_the_earlier_and_longer() -> None:
    pieces = cut("SQL Server", [Span(0, 3, "SQL"), Span(0, 10, "SQL Server"), Span(4, 10, "Server")])
    assert pieces == [Piece("SQL Server", "SQL Server")]


def test_a_quote_begins_and_ends_at_words() -> None:
    text = "Ten years of writing Python for a bank in Lisbon"
    words = "".join(piece.text for piece in quote(text, Span(21, 27, "Python"), around=12))
    assert words == "… of writing Python for a bank …"


@given(text=st.text(min_size=1, max_size=80), at=st.data())
def test_a_quote_always_holds_its_evidence(text: str, at: st.DataObject) -> None:
    start = at.draw(st.integers(0, len(text) - 1))
    end = at.draw(st.integers(start + 1, len(text)))
    marked = [piece.text for piece in quote(text, Span(start, end, "it")) if piece.label]
    assert marked == [text[start:end]]
