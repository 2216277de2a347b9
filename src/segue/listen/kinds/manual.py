"""The manual of signals, written from the registry: docs/signals.md is this, and a test compares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from segue.listen.kinds import KINDS
from segue.listen.kinds.asked import SERVICE
from segue.listen.kinds.calls import CALLS
from segue.listen.kinds.cards import CARDS
from segue.listen.kinds.kind import Kind

_HEAD = """\
# Signals

Written by `segue signals`; do not edit it here. The kinds live in `src/segue/listen/kinds/`.

A kind needs the consent named as its purpose. Without it a signal is still counted, and is nobody's: it keeps
its kind, job and time, and of its props only those marked *clear*, which are numbers and choices from a list.
`service` kinds run what somebody asked for and need no switch. The weight is what one such act counts in a
taste. Props are checked when they are heard: a prop nobody named, or one of the wrong type, is refused and
kept among the rejected events with the field and the remedy. An event of an older version is brought up to
the present shape.
"""
_WHO = {
    (True, False): "our own code",
    (True, True): "our own code, and our pages (`track`, with the page's token)",
    (False, False): "every source",
    (False, True): "every source",
}
_GROUPS = (
    ("Cards, jobs, stories, videos", CARDS),
    ("Service", SERVICE),
    ("Calls of the common analytics libraries", CALLS),
)


def manual() -> str:
    """Return the text of docs/signals.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    yield f"{len(KINDS)} kinds."
    for title, kinds in _GROUPS:
        yield f"\n## {title}"
        for kind in kinds:
            yield from _of(kind)


def _of(kind: Kind) -> Iterator[str]:
    yield f"\n### `{kind.name}`\n\n{kind.note}\n"
    weight = f"weight {kind.weight:+g}" if kind.weight else "no weight"
    who = _WHO[kind.own_only, kind.beacon]
    yield f"Version {kind.version} · purpose *{kind.purpose}* · {weight} · said by {who}.\n"
    schema = kind.props.model_json_schema()
    if not schema.get("properties"):
        yield "Any props; they are the sender's." if kind.is_open else "No props."
        return
    if kind.is_open:
        yield "Any props; these are usual:\n"
    yield "| prop | type | |\n|---|---|---|"
    for name, field in schema["properties"].items():
        marks = ["required"] * (name in kind.required_fields) + ["*clear*"] * (name in kind.clear_fields)
        yield f"| `{name}` | {_type_of(field, schema)} | {', '.join(marks)} |"


def _type_of(field: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in field:
        return _type_of(schema["$defs"][field["$ref"].rpartition("/")[2]], schema)
    if "anyOf" in field:
        parts = [_type_of(part, schema) for part in field["anyOf"]]
        return " or ".join("nothing" if part == "null" else part for part in parts)
    if "enum" in field:
        return "one of " + ", ".join(f"`{word}`" for word in field["enum"])
    said = str(field.get("format") or field.get("type") or "anything")
    low, high = field.get("minimum"), field.get("maximum")
    if low is not None and high is not None:
        said += f", {low:g} to {high:g}"
    if "maxLength" in field:
        said += f", up to {field['maxLength']} characters"
    if said == "object":
        said = "object: " + ", ".join(f"`{name}`" for name in field.get("properties", {}))
    return said
