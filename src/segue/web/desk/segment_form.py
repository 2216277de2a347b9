"""The rule builder: a rule as nested groups of form fields, and back, one button at a time.

Every node has a path, "0-1" for the second part of the first; its fields are named after it. What is posted
need not be whole: a builder is mostly looked at while it is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from segue.engine.segments import VOCABULARY, Field, Kind
from segue.kit.errors import Invalid
from segue.learn.queries.segments.wording import (
    FIELD_WORDS,
    LEVEL_WORDS,
    PURPOSE_WORDS,
    SIGNAL_WORDS,
    STAGE_WORDS,
)

Rule = dict[str, Any]
KINDS: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...] = (
    (_("What they can do"), (
        ("skills", _("Skills")), ("title", _("Job titles")), ("years", _("Years in work")),
        ("education", _("Education")), ("licences", _("Licences")),
    )),
    (_("Where and how"), (
        ("place", _("Near a place")), ("country", _("Country")), ("remote", _("Remote work")),
        ("language", _("Language of our pages")), ("wish", _("What they wish for")),
    )),
    (_("What they did"), (
        ("did", _("Did something so often")), ("seen", _("Was here lately")), ("applied", _("Applied")),
        ("stage", _("Reached a stage")),
    )),
    (_("Everything else"), (
        ("text", _("A search")), ("consent", _("What they allow")), ("source", _("Where they came from")),
        ("known", _("Came to us lately")), ("fresh", _("Changed their profile lately")),
        ("segment", _("In another segment")),
    )),
)  # fmt: skip
TITLES = {name: title for _group, kinds in KINDS for name, title in kinds}
_CHOICES = {
    "which": {"all": _("all of"), "any": _("any of"), "none": _("none of")},
    "level": LEVEL_WORDS,
    "mode": {"onsite": _("on site"), "hybrid": _("hybrid"), "remote": _("remote")},
    "stance": {"for": _("for"), "against": _("against")},
    "purpose": PURPOSE_WORDS,
    "signal": SIGNAL_WORDS,
    "stage": STAGE_WORDS,
}
_HINTS = {
    "skills": "Python, SQL",
    "titles": "nurse, carer",
    "countries": "DE, AT",
    "languages": "de",
    "what": "skill:python",
    "query": 'nurse (icu OR "intensive care")',
    "near": "Berlin",
}
_STARTS: dict[str, Rule] = {
    "place": {"km": 50},
    "skills": {"which": "all"},
    "licences": {"which": "all"},
    "did": {"signal": "card.saved", "at_least": 1, "days": 30},
    "applied": {"at_least": 1},
    "seen": {"days": 30},
    "fresh": {"days": 90},
    "known": {"days": 90},
    "years": {"at_least": 2},
    "consent": {"purpose": "contact"},
    "wish": {"stance": "for"},
}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One input: its name in the form, what stands in it, and of a choice what it may be."""

    name: str
    label: Any
    type: str
    value: str
    options: list[tuple[str, Any]] = field(default_factory=list)
    hint: str = ""
    low: float = 0
    high: float = 0
    step: str = "1"
    required: bool = False
    wrong: bool = False
    list: str = ""


@dataclass(frozen=True, slots=True)
class ConditionView:
    path: str
    title: Any
    kind: str
    denied: bool
    fields: list[FieldView]
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of parts: all, any or none of them hold."""

    path: str
    mode: str
    parts: list[ConditionView | GroupView]
    depth: int = 0

    @property
    def is_group(self) -> bool:
        return True


def rule_posted(posted: Mapping[str, str]) -> Rule:
    """Return the rule the form holds, as JSON, whole or not."""
    return {"version": 1, "rule": _node(posted, "")}


def _node(posted: Mapping[str, str], path: str) -> Rule:
    kind = posted.get(f"kind{path}", "")
    if kind:
        said = _said(posted, path, VOCABULARY.get(kind))
        node = {"kind": kind, **said}
        return {"not": node} if posted.get(f"not{path}") else node
    parts, number = [], 0
    while f"node{path}-{number}" in posted:
        parts.append(_node(posted, f"{path}-{number}"))
        number += 1
    mode = posted.get(f"mode{path}", "all")
    return {"not": {"any": parts}} if mode == "none" else {"any" if mode == "any" else "all": parts}


def _said(posted: Mapping[str, str], path: str, kind: Kind | None) -> Rule:
    found: Rule = {}
    for one in kind.fields if kind else ():
        text = posted.get(f"{one.name}{path}", "").strip()
        if text:
            found[one.name] = _value(one, text)
    return found


def _value(one: Field, text: str) -> Any:
    if one.type == "words":
        return [word for part in re.split(r"[,;\n]", text) if (word := " ".join(part.split()))]
    if one.type == "number":
        try:
            return float(text) if "." in text else int(text)
        except ValueError:
            return text  # the reader of rules says what is wrong with it
    return text


def acted(rule: Rule, do: str, posted: Mapping[str, str]) -> Rule:
    """Return the rule after a button: "add -0" (a condition of the chosen kind), "group -0", "drop -0-1"."""
    deed, _space, path = do.partition(" ")
    keys = [int(part) for part in path.split("-") if part.isdecimal()]
    if deed == "drop" and keys:
        group = _parts(rule["rule"], keys[:-1])
        if keys[-1] < len(group):
            group.pop(keys[-1])
    elif deed == "group":
        _parts(rule["rule"], keys).append({"any": []})
    elif deed == "add":
        kind = posted.get(f"add{path}", "")
        if kind in VOCABULARY:
            _parts(rule["rule"], keys).append({"kind": kind, **_STARTS.get(kind, {})})
    return rule


def _parts(node: Rule, keys: list[int]) -> list[Rule]:
    """The parts of the group at a path; none for a path that leads nowhere."""
    node = node.get("not", node)
    parts: list[Rule] = node["all"] if "all" in node else node.setdefault("any", [])
    if not keys:
        return parts
    return _parts(parts[keys[0]], keys[1:]) if keys[0] < len(parts) else []


def view_of(rule: Rule, *, wrong: Invalid | None = None, segments: list[tuple[str, str]]) -> GroupView:
    """Return a rule as the builder draws it; `wrong`: what was refused, whose place is marked."""
    node = rule.get("rule", {}) if rule else {}
    bare = node.get("not", node) if isinstance(node, dict) else {}
    if "kind" in bare:
        node = {"all": [node]}
    at = re.sub(r"\.(all|any|not)\b", "", "." + wrong.field) if wrong else ""
    return _group(node, "", at.replace(".", "-"), segments, 0)


def _group(node: Rule, path: str, wrong: str, segments: list[tuple[str, str]], depth: int) -> GroupView:
    denied, inner = "not" in node, node.get("not", node)
    mode = "none" if denied else "any" if "any" in inner else "all"
    given = inner.get("all", inner.get("any", []))
    if denied and "all" in inner:  # not all of them: only the reader of files writes it so
        mode, given = "none", [{"all": given}]
    parts: list[ConditionView | GroupView] = []
    for number, part in enumerate(given):
        here = f"{path}-{number}"
        bare = part.get("not", part)
        parts.append(
            _condition(part, here, wrong, segments)
            if "kind" in bare
            else _group(part, here, wrong, segments, depth + 1)
        )
    return GroupView(path, mode, parts, depth)


def _condition(node: Rule, path: str, wrong: str, segments: list[tuple[str, str]]) -> ConditionView:
    denied, said = "not" in node, node.get("not", node)
    kind = VOCABULARY.get(str(said["kind"]))
    fields = [_field(one, said.get(one.name), path, wrong, segments) for one in (kind.fields if kind else ())]
    title = TITLES.get(str(said["kind"]), said["kind"])
    return ConditionView(path, title, str(said["kind"]), denied, fields, wrong.startswith(path + "-"))


def _field(one: Field, value: Any, path: str, wrong: str, segments: list[tuple[str, str]]) -> FieldView:
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
    text = "0" if value == 0 else text
    options = [(key, _CHOICES.get(one.name, {}).get(key, key)) for key in one.choices]
    named = one.name == "segment"
    return FieldView(
        name=f"{one.name}{path}",
        label=FIELD_WORDS.get(one.name, one.name),
        type="choice" if named else one.type,
        value=text,
        options=[("", "–"), *segments] if named else options,
        hint=_HINTS.get(one.name, ""),
        low=one.low,
        high=one.high,
        step="1" if one.whole else "any",
        required=one.required,
        wrong=wrong == f"{path}-{one.name}" or wrong.startswith(f"{path}-{one.name}-"),
        list="skills" if one.name == "skills" else "",
    )
