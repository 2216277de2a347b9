"""No protected word is a condition, a field or a value of a rule, in any of its spellings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from segue.engine.segments import PROTECTED
from segue.engine.segments.proxies import PROXIES
from segue.kit.errors import Invalid
from segue.learn.queries.segments.leaning_words import GROUNDS, REASONS
from segue.learn.queries.segments.rules import understand_rule

pytestmark = pytest.mark.django_db
Rule = dict[str, Any]


def rule_of(node: Rule) -> Rule:
    return {"version": 1, "rule": node}


@pytest.mark.parametrize("word", sorted({word for words in PROTECTED.values() for word in words}))
def test_no_protected_word_is_a_condition_a_field_or_a_value(word: str) -> None:
    tries: list[Callable[[], Rule]] = [
        lambda: {"kind": word},
        lambda: {"kind": "seen", "days": 3, word: 1},
        lambda: {"kind": "title", "titles": ["nurse", word]},
        lambda: {"kind": "text", "query": f'nurse "{word}"'},
        lambda: {"kind": "source", "sources": [word.upper()]},
    ]
    for one in tries:
        with pytest.raises(Invalid, match="Nobody is grouped by that here"):
            understand_rule(rule_of({"all": [one()]}))


def test_what_the_tables_say_can_be_translated() -> None:
    assert set(GROUNDS) == {*PROTECTED, *(proxy.ground for proxy in PROXIES)}
    assert set(REASONS) == {proxy.reason for proxy in PROXIES}
