"""From a file's headers to our fields: given, remembered, known, or worked out from the names."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping as Dict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.fields import CONSTANTS, FIELDS, MANY_HEADERS, plain_header
from segue.catalog.actions.importing.values import BLANKS
from segue.catalog.actions.refusals import refusal
from segue.catalog.models import ImportMapping

_BLANKS_OF = {"country": frozenset({""}), "permit_country": frozenset({""})}  # NA is Namibia
_DATE_ORDERS = frozenset({"", "day_first", "month_first"})


@dataclass(frozen=True)
class Mapping:
    """Which columns fill which field, what holds for every row, and which of two equal ids to prefer.

    `origin` tells how it was found: "file", "saved", "built in", or "worked out".
    """

    name: str = ""
    origin: str = "worked out"
    fields: dict[str, list[str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    prefer: dict[str, str] = field(default_factory=dict)  # {column: value}
    dates: str = ""
    source: str = ""

    def apply(self, row: Dict[str, Any]) -> dict[str, str]:
        """Return our fields as this row states them, constants filling what it leaves out."""
        found = {
            name: _joined(row, headers, blanks=_BLANKS_OF.get(name, BLANKS))
            for name, headers in self.fields.items()
        }
        stated = {name: text for name, text in found.items() if text}
        return {**dict.fromkeys(self.fields, ""), **self.constants, **stated}

    def prefers(self, row: Dict[str, Any]) -> bool:
        return any(
            str(row.get(column, "")).casefold() == value.casefold() for column, value in self.prefer.items()
        )

    def with_constants(self, given: Dict[str, str]) -> Mapping:
        """Return it with what the command line says about every row."""
        return Mapping(**{**asdict(self), "constants": {**self.constants, **given}})

    def as_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value and key not in {"name", "origin"}}


def _joined(row: Dict[str, Any], headers: list[str], *, blanks: frozenset[str]) -> str:
    """Join several columns, each under its own name, as the sections of one text."""
    texts = [(header, str(row.get(header) or "").strip()) for header in headers]
    said = [(header, text) for header, text in texts if text.lower() not in blanks]
    if len(headers) == 1 or not said:
        return said[0][1] if said else ""
    first, *rest = said
    lead = first[1] if first[0] == headers[0] else f"{_heading(first[0])}\n{first[1]}"
    return "\n\n".join([lead, *(f"{_heading(header)}\n{text}" for header, text in rest)])


def _heading(header: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_.]+", " ", header)
    return words[:1].upper() + words[1:]


BUILT_IN: dict[str, dict[str, Mapping]] = {
    "jobs": {
        "nyc-open-data": Mapping(
            name="nyc-open-data",
            origin="built in",
            source="nyc",
            fields={
                "external_id": ["Job ID"],
                "title": ["Business Title"],
                "department": ["Agency"],
                "occupation": ["Civil Service Title"],
                "description": [
                    "Job Description", "Minimum Qual Requirements", "Preferred Skills", "Job Category",
                    "Division/Work Unit",
                ],
                "address": ["Work Location"],
                "pay_min": ["Salary Range From"],
                "pay_max": ["Salary Range To"],
                "pay_period": ["Salary Frequency"],
                "employment_type": ["Full-Time/Part-Time indicator"],
                "posted_at": ["Posting Date"],
            },
            constants={"pay_currency": "USD", "country": "US", "city": "New York"},
            prefer={"Posting Type": "External"},
        )
    },
    "people": {},
}  # fmt: skip


def choose_mapping(kind: str, columns: tuple[str, ...], wanted: str) -> Mapping:
    """Return the mapping asked for: "auto", a saved or built-in name, or a JSON file. Raises Invalid.

    "auto" takes one saved for these very headers, else a built-in that fits, else works it out.
    """
    if wanted == "auto":
        return _saved_for(kind, columns) or _built_in_for(kind, columns) or work_out(kind, columns)
    if wanted.endswith(".json") or Path(wanted).is_file():
        return _from_file(kind, Path(wanted))
    saved = ImportMapping.objects.filter(kind=kind, name=wanted).first()
    if saved is not None:
        return read_mapping(kind, saved.mapping, name=saved.name, origin="saved")
    if wanted in BUILT_IN[kind]:
        return BUILT_IN[kind][wanted]
    known = [*BUILT_IN[kind], *ImportMapping.objects.filter(kind=kind).values_list("name", flat=True)]
    raise refusal(
        "unknown_mapping", "--map", _("There is no mapping named “%s”.") % wanted,
        _("Known: auto, %s; or give a JSON file.") % ", ".join(known or ["—"]),
    )  # fmt: skip


def fingerprint(columns: tuple[str, ...]) -> str:
    """Return what tells one set of headers from another, whatever their order or spelling of case."""
    return hashlib.sha256("\n".join(sorted(map(plain_header, columns))).encode()).hexdigest()


def _saved_for(kind: str, columns: tuple[str, ...]) -> Mapping | None:
    if not columns:
        return None
    rows = ImportMapping.objects.filter(kind=kind, header_fingerprint=fingerprint(columns)).order_by(
        "-saved_at"
    )
    saved = rows.first()
    return read_mapping(kind, saved.mapping, name=saved.name, origin="saved") if saved else None


def _built_in_for(kind: str, columns: tuple[str, ...]) -> Mapping | None:
    for mapping in BUILT_IN[kind].values():
        if {header for headers in mapping.fields.values() for header in headers} <= set(columns):
            return mapping
    return None


def work_out(kind: str, columns: tuple[str, ...]) -> Mapping:
    """Match headers to fields by their names: each field takes its best header, each header one field."""
    plain = {header: plain_header(header) for header in columns}
    fields: dict[str, list[str]] = {}
    taken: set[str] = set()
    for name, synonyms in FIELDS[kind].items():
        ranked = synonyms.split("|")
        hits = [
            header for word in ranked for header in columns if plain[header] == word and header not in taken
        ]
        chosen = hits if name in MANY_HEADERS else hits[:1]
        if chosen:
            fields[name] = chosen
            taken.update(chosen)
    return Mapping(fields=fields)


def _from_file(kind: str, path: Path) -> Mapping:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise refusal(
            "bad_mapping", "--map", _("%s is not a mapping.") % f"{path.name} ({error})",
            _('Write {"fields": {"title": "Job Title"}, "constants": {"pay_currency": "EUR"}}.'),
        ) from error  # fmt: skip
    return read_mapping(kind, stored, name=path.stem, origin="file")


def read_mapping(kind: str, stored: Any, *, name: str, origin: str) -> Mapping:
    """Read a mapping from its JSON form, checking that it names our fields. Raises Invalid."""
    if not isinstance(stored, dict) or not isinstance(stored.get("fields", {}), dict):
        raise _bad(_("A mapping is an object with “fields”."), "fields")
    fields = {
        key: [value] if isinstance(value, str) else value for key, value in stored.get("fields", {}).items()
    }
    for key, headers in fields.items():
        if key not in FIELDS[kind]:
            raise _bad(_("“%s” is not one of our fields.") % key, key)
        if not isinstance(headers, list) or not all(isinstance(header, str) for header in headers):
            raise _bad(_("“%s” must name a column, or a list of columns.") % key, key)
    rest = {key: stored.get(key, {}) for key in ("constants", "prefer")}
    if any(not isinstance(part, dict) for part in rest.values()) or set(rest["constants"]) - set(
        FIELDS[kind]
    ):
        raise _bad(_("“constants” and “prefer” are objects; constants name our fields."), "constants")
    if stored.get("dates", "") not in _DATE_ORDERS:
        raise _bad(_("“dates” is day_first or month_first."), "dates")
    texts = {key: {str(k): str(v) for k, v in part.items()} for key, part in rest.items()}
    source, dates = str(stored.get("source", "")), str(stored.get("dates", ""))
    return Mapping(name=name, origin=origin, fields=fields, dates=dates, source=source, **texts)


def _bad(message: str, where: str) -> Exception:
    return refusal("bad_mapping", where, message, _("Correct the mapping file."))


def save_mapping(kind: str, name: str, columns: tuple[str, ...], mapping: Mapping) -> None:
    """Remember a mapping under a name, and for files with these headers; a name used again is replaced."""
    stored = {"header_fingerprint": fingerprint(columns), "mapping": mapping.as_json()}
    ImportMapping.objects.update_or_create(kind=kind, name=name[:120], defaults=stored)


def constants_from(kind: str, given: Dict[str, str]) -> dict[str, str]:
    """Keep what may hold for every row of this kind of file."""
    return {name: value for name, value in given.items() if value and name in CONSTANTS[kind]}
