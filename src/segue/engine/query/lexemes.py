"""Texts and trees as PostgreSQL's tsvector and tsquery, both written by hand.

The database's own configurations fold one language each. Here words are folded by `engine.text.fold`, runs
without spaces are cut into pairs, and a word of a field stands there twice: as itself, and behind the field's
mark, which no word can begin with. So one index answers "anywhere" and "in the title" alike, and a whole
Boolean query is one tsquery that the index decides without looking at a row, unless it holds a phrase.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from segue.engine.query.tree import All, AnyOf, Node, Not, Term, all_of, any_of, negated
from segue.engine.text import UNSPACED, fold, word_spans

EVERYBODY = "/all"
MARKS = {
    "name": "/n/", "title": "/t/", "skill": "/k/", "city": "/c/", "country": "/l/", "employer": "/e/",
    "school": "/s/", "source": "/o/", "remote": "/r/",
}  # fmt: skip
TAGS = frozenset({"skill", "country", "remote"})  # one value, not words: /k/machine-learning
GLUE = frozenset({"a", "the", "of", "in", "for", "at", "with", "to", "on", "by", "from", "who", "is"})
LAST_POSITION, MOST_POSITIONS, GAP, LONGEST = 16_383, 255, 8, 200

# Readers of Arabic write these letters either way, and its vowel signs or not.
_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None}
    | {chr(sign): None for sign in (*range(0x064B, 0x0656), 0x0670)}
)


@lru_cache(maxsize=65_536)
def met(word: str) -> str:
    """Fold a word so that its spellings meet, in Arabic too.

    >>> met("Łódź"), met("أحمد") == met("احمد")
    ('lodz', True)
    """
    return fold(word).translate(_ARABIC)[:LONGEST]


def words_at(text: str) -> list[tuple[str, int]]:
    """Every word of a text and where it stands, counted from 0 in words. None is left out: Will is a name,
    IT a trade.

    >>> words_at("Head of IT"), words_at("看護師")
    ([('head', 0), ('of', 1), ('it', 2)], [('看護', 0), ('護師', 1)])
    """
    pieces = (piece for word, _start, _end in word_spans(text) for piece in pieces_of(word))
    return [(word, at) for at, piece in enumerate(pieces) if (word := met(piece))]


def pieces_of(word: str) -> Sequence[str]:
    if len(word) < 3 or not UNSPACED.fullmatch(word):
        return (word,)
    return [a + b for a, b in pairwise(word)]


def vector_of(passages: Iterable[tuple[str, str, str]], tags: Iterable[tuple[str, str]] = ()) -> str:
    """A tsvector's text from passages (text, field or "", weight A to D) and tags (field, value).

    >>> vector_of([("Head nurse", "title", "A")], [("skill", "icu")])
    "'/all' '/k/icu' '/t/head':1A '/t/nurse':2A 'head':1A 'nurse':2A"
    """
    places: dict[str, list[str]] = defaultdict(list)
    at = 1
    for text, field, weight in passages:
        last = at
        for word, offset in words_at(text):
            last = at + offset
            for lexeme in (word, MARKS[field] + word) if field else (word,):
                if len(places[lexeme]) < MOST_POSITIONS:
                    places[lexeme].append(f"{min(last, LAST_POSITION)}{weight}")
        at = last + GAP
    for field, value in (*tags, ("", EVERYBODY)):
        places.setdefault(MARKS.get(field, "") + value, [])
    return " ".join(
        _quoted(lexeme) + (":" + ",".join(dict.fromkeys(where)) if where else "")
        for lexeme, where in sorted(places.items())
    )


def findable(node: Node) -> Node:
    """A tree without what no index can answer: a term without a word in it, a bare "of".

    >>> findable(All((Term("head"), Term("of"), Term("…"))))
    Term(text='head', field='', quoted=False, begins=False)
    """
    if isinstance(node, Not):
        part = findable(node.part)
        return All() if part == All() else negated(part)
    if isinstance(node, All):
        return all_of(map(findable, node.parts))
    if isinstance(node, AnyOf):
        return any_of(part for part in map(findable, node.parts) if part != All())
    if isinstance(node, Term) and node.field not in TAGS:
        glue = not (node.field or node.quoted or node.begins) and node.text.lower() in GLUE
        return All() if glue or not words_at(node.text) else node
    return node


def query_of(node: Node, skills: Mapping[Term, Sequence[str]]) -> str:
    """A tsquery's text for a findable tree without `Near`; `skills`: which skills a term names.

    "" for `All()`. What somebody's lack of a word answers is tied to everybody's lexeme, since no index can
    find what is not there.

    >>> query_of(All((Term("nurse"), Not(Term("head of", quoted=True)))), {})
    "'nurse' & !('head' <1> 'of')"
    >>> query_of(Not(Term("agency")), {})
    "'/all' & !'agency'"
    """
    if node == All() or needs_a_word(node):
        return _written(node, skills)
    return f"'{EVERYBODY}' & {_inside(node, skills)}"


def needs_a_word(node: Node) -> bool:
    """Say whether only somebody with some lexeme can match."""
    if isinstance(node, All):
        return any(map(needs_a_word, node.parts))
    return all(map(needs_a_word, node.parts)) if isinstance(node, AnyOf) else isinstance(node, Term)


def _written(node: Node, skills: Mapping[Term, Sequence[str]]) -> str:
    if isinstance(node, Not):
        return f"!{_inside(node.part, skills)}"
    if isinstance(node, All | AnyOf):
        parts = [_inside(part, skills) for part in node.parts]
        return (" & " if isinstance(node, All) else " | ").join(parts)
    return term_query(node, skills.get(node, ())) if isinstance(node, Term) else ""


def _inside(node: Node, skills: Mapping[Term, Sequence[str]]) -> str:
    """A part as it may stand beside others: only NOT binds more tightly than what is around it."""
    written = _written(node, skills)
    return written if isinstance(node, Not) else _bracketed(written)


def _bracketed(written: str) -> str:
    return f"({written})" if " " in written else written


def term_query(term: Term, skills: Sequence[str]) -> str:
    """The words of a term next to each other, behind its field's mark, or one of the skills it names."""
    mark = MARKS.get(term.field, "")
    if term.field in TAGS:
        values = skills or [term.text]
        either = [_quoted(mark + value) + (":*" if term.begins else "") for value in values]
    else:
        either = [words] if (words := _side_by_side(term, mark)) else []
        either += [_quoted(MARKS["skill"] + slug) for slug in skills]
    return " | ".join(map(_bracketed, either)) if len(either) > 1 else "".join(either)


def _side_by_side(term: Term, mark: str) -> str:
    words = words_at(term.text)
    lexemes = [_quoted(mark + word) for word, _ in words]
    if not lexemes:
        return ""
    short = len(words) == 1 and len(words[0][0]) == 1 and UNSPACED.fullmatch(words[0][0])
    lexemes[-1] += ":*" if term.begins or short else ""
    gaps = [f" <{after - before}> " for (_, before), (_, after) in pairwise(words)]
    return lexemes[0] + "".join(gap + lexeme for gap, lexeme in zip(gaps, lexemes[1:], strict=True))


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
