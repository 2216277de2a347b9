"""Reading a rule from JSON: strict, and plain about where something is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from segue.engine.query import Node as QueryNode
from segue.engine.query import QuerySyntax, Term, leaves, read_query
from segue.engine.segments.protected import protected_among, protected_by, protected_name
from segue.engine.segments.tree import All, AnyOf, Condition, Node, Not, Value
from segue.engine.segments.vocabulary import LONGEST, MOST_WORDS, VOCABULARY, Field, Kind

VERSION, DEEPEST, MOST_CONDITIONS = 1, 8, 60
LONGEST_QUERY = 1_000
Path = tuple[str | int, ...]


class RuleSyntax(ValueError):
    """What cannot be read: `code` says what is wrong, `at` where ("all.0.km"), `word` with what.

    Codes: not_a_rule, unknown_version, too_deep, too_many, unknown_kind, unknown_field, protected (`word` is
    what was said, `ground` what protects it), missing, missing_one_of, bad_text, bad_list, bad_choice,
    bad_number, out_of_order, bad_query.
    """

    def __init__(self, code: str, at: Path = (), word: str = "", ground: str = "") -> None:
        where = ".".join(map(str, at))
        super().__init__(f"{code} at {where or 'the rule'}: {word}")
        self.code, self.at, self.word, self.ground = code, where, word, ground


def read_rule(said: object) -> Node:
    """Read {"version": 1, "rule": …}; an empty mapping is `All()`, everybody. Raises RuleSyntax.

    >>> read_rule({"version": 1, "rule": {"kind": "seen", "days": 30}})
    Condition(kind='seen', values=(('days', 30),))
    """
    if not isinstance(said, Mapping):
        raise RuleSyntax("not_a_rule", (), type(said).__name__)
    if not said:
        return All()
    if said.get("version") != VERSION:
        raise RuleSyntax("unknown_version", ("version",), str(said.get("version"))[:LONGEST])
    _no_others(said, ("version", "rule"), ())
    reader = _Reader()
    return reader.node(said.get("rule", {}), (), 0)


def read_condition(said: object) -> Condition:
    """Read one condition alone, as a form sends it. Raises RuleSyntax."""
    found = _Reader().node(said, (), 0)
    if not isinstance(found, Condition):
        raise RuleSyntax("not_a_rule", (), "group")
    return found


class _Reader:
    def __init__(self) -> None:
        self.count = 0

    def node(self, said: object, at: Path, depth: int) -> Node:
        if depth > DEEPEST:
            raise RuleSyntax("too_deep", at, str(DEEPEST))
        if not isinstance(said, Mapping):
            raise RuleSyntax("not_a_rule", at, type(said).__name__)
        if "kind" in said:
            return self.condition(said, at)
        for name, group in (("all", All), ("any", AnyOf)):
            if name in said:
                _no_others(said, (name,), at)
                return group(self.parts(said[name], (*at, name), depth))
        if "not" in said:
            _no_others(said, ("not",), at)
            return Not(self.node(said["not"], (*at, "not"), depth + 1))
        if said:
            _no_others(said, ("all", "any", "not", "kind"), at)
        return All()

    def parts(self, said: object, at: Path, depth: int) -> tuple[Node, ...]:
        if not isinstance(said, list | tuple):
            raise RuleSyntax("not_a_rule", at, type(said).__name__)
        return tuple(self.node(part, (*at, number), depth + 1) for number, part in enumerate(said))

    def condition(self, said: Mapping[str, Any], at: Path) -> Condition:
        self.count += 1
        if self.count > MOST_CONDITIONS:
            raise RuleSyntax("too_many", at, str(MOST_CONDITIONS))
        name = said["kind"]
        kind = VOCABULARY.get(name) if isinstance(name, str) else None
        if kind is None:
            raise _unknown("unknown_kind", (*at, "kind"), str(name))
        _no_others(said, ("kind", *(field.name for field in kind.fields)), at)
        values = tuple(
            (field.name, _value(field, said[field.name], (*at, field.name)))
            for field in kind.fields
            if said.get(field.name) not in (None, "", [])
        )
        condition = Condition(kind.name, values)
        _whole(kind, condition, at)
        return condition


def _unknown(code: str, at: Path, word: str) -> RuleSyntax:
    ground = protected_name(word)
    return RuleSyntax("protected" if ground else code, at, word[:LONGEST], ground)


def _no_others(said: Mapping[str, Any], known: Iterable[str], at: Path) -> None:
    for name in said:
        if name not in known:
            raise _unknown("unknown_field", (*at, str(name)[:LONGEST]), str(name))


def _whole(kind: Kind, condition: Condition, at: Path) -> None:
    """What must hold between the fields of a condition."""
    said = {name for name, _ in condition.values}
    for field in kind.fields:
        if field.required and field.name not in said:
            raise RuleSyntax("missing", (*at, field.name), field.name)
    if kind.one_of and not said & set(kind.one_of):
        raise RuleSyntax("missing_one_of", at, ", ".join(kind.one_of))
    low, high = condition.number("at_least"), condition.number("at_most")
    if low is not None and high is not None and low > high:
        raise RuleSyntax("out_of_order", (*at, "at_most"), f"{high:g}")


def _value(field: Field, said: object, at: Path) -> Value:
    if field.type == "number":
        return _number(field, said, at)
    if field.type == "words":
        return _words(said, at)
    text = _text(said, at, LONGEST_QUERY if field.name == "query" else LONGEST)
    if field.type == "choice" and text not in field.choices:
        if ground := protected_by(text):
            raise RuleSyntax("protected", at, text, ground)
        raise RuleSyntax("bad_choice", at, text)
    if field.name == "query":
        _may_be_asked(text, at)
    return text


def _number(field: Field, said: object, at: Path) -> int | float:
    shown = str(said)[:40]
    if isinstance(said, bool) or not isinstance(said, int | float) or not isfinite(said):
        raise RuleSyntax("bad_number", at, shown)
    if not field.low <= said <= field.high or (field.whole and said != int(said)):
        raise RuleSyntax("bad_number", at, f"{field.low:g}–{field.high:g}")
    return int(said) if said == int(said) else float(said)


def _text(said: object, at: Path, longest: int) -> str:
    text = " ".join(said.replace("\x00", " ").split()) if isinstance(said, str) else ""
    if not text or len(text) > longest:
        raise RuleSyntax("bad_text", at, str(longest))
    word, ground = protected_among([text, text.partition(":")[2]])
    if ground:
        raise RuleSyntax("protected", at, word, ground)
    return text


def _words(said: object, at: Path) -> tuple[str, ...]:
    if not isinstance(said, list | tuple) or len(said) > MOST_WORDS:
        raise RuleSyntax("bad_list", at, str(MOST_WORDS))
    return tuple(dict.fromkeys(_text(word, (*at, number), LONGEST) for number, word in enumerate(said)))


def _may_be_asked(text: str, at: Path) -> None:
    """A search may not look for what is protected either, nor name it as its field."""
    try:
        tree = read_query(text)
    except QuerySyntax as wrong:
        raise RuleSyntax("bad_query", at, f"{wrong.code} {wrong.at}") from None
    word, ground = protected_among(_asked(tree))
    if ground:
        raise RuleSyntax("protected", at, word, ground)


def _asked(tree: QueryNode) -> Iterable[str]:
    for leaf in (*leaves(tree), *leaves(tree, wanted=False)):
        if isinstance(leaf, Term):
            yield leaf.text
            yield leaf.text.partition(":")[0]  # age:30 is one word, since `age` is no field
