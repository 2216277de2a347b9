"""JSON, and JSON-LD inside web pages: one item at a time, each with the line it starts on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.problems import MalformedFile

_SPACE = re.compile(r"[\s\ufeff]*")
_KEY = re.compile(r'"((?:[^"\\]|\\.)*)"\s*:')
# Keys under which exports wrap their list of records.
_WRAPPERS = ("@graph", "itemListElement", "jobs", "jobPostings", "people", "candidates", "resumes", "data",
             "items", "results", "records")  # fmt: skip


def items_of(text: str, *, first_line: int = 1) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line, object) for each object of a JSON text: a list, a wrapped list, or one object.

    Raises MalformedFile where the text is not JSON or an item is not an object.
    """
    start = _skip(text, 0)
    if text[start : start + 1] == "[":
        yield from _list_items(text, start, first_line)
        return
    whole, end = _decode(text, start, first_line)
    if _skip(text, end) < len(text):
        raise _malformed(text, _skip(text, end), first_line, _("There is more after the end of the JSON."))
    wrapper = next(
        (key for key in _WRAPPERS if isinstance(whole, dict) and _holds_objects(whole.get(key))), None
    )
    if wrapper is None:
        yield _line(text, start, first_line), _an_object(whole, text, start, first_line)
        return
    opening = re.compile(rf'"{re.escape(wrapper)}"\s*:\s*\[').search(text, start)
    if opening:
        yield from _list_items(text, opening.end() - 1, first_line, to_the_end=False)


def _holds_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _list_items(
    text: str, opening: int, first_line: int, *, to_the_end: bool = True
) -> Iterator[tuple[int, dict[str, Any]]]:
    position = _skip(text, opening + 1)
    line, counted = first_line, 0
    if text[position : position + 1] != "]":
        while True:
            line, counted = line + text.count("\n", counted, position), position
            item, end = _decode(text, position, first_line)
            yield line, _an_object(item, text, position, first_line)
            position = _skip(text, end)
            if text[position : position + 1] != ",":
                break
            position = _skip(text, position + 1)
    if text[position : position + 1] != "]":
        raise _malformed(text, position, first_line, _("The list is not closed here."))
    rest = _skip(text, position + 1)
    if to_the_end and rest < len(text):
        raise _malformed(text, rest, first_line, _("There is more after the end of the list."))


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _decode(text: str, position: int, first_line: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, position)
    except json.JSONDecodeError as error:
        raise _malformed(text, error.pos, first_line, _("This is not JSON: %s.") % error.msg) from error
    except (ValueError, RecursionError) as error:
        reason = _("it is nested too deeply") if isinstance(error, RecursionError) else str(error)
        raise _malformed(text, position, first_line, _("This is not JSON: %s.") % reason) from error


def _an_object(item: Any, text: str, position: int, first_line: int) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise _malformed(text, position, first_line, _("A record must be an object in braces."))
    return item


def _malformed(text: str, position: int, first_line: int, message: str) -> MalformedFile:
    keys = _KEY.findall(text, max(0, position - 20_000), position)
    return MalformedFile(
        "bad_json",
        message,
        line=_line(text, position, first_line),
        field=keys[-1] if keys else "",
        remedy=_("Export the file again, or check this place for a missing quote, comma or bracket."),
    )


def _line(text: str, position: int, first_line: int) -> int:
    return first_line + text.count("\n", 0, position)


class _Scripts(HTMLParser):
    """Collect the JSON-LD blocks of a page, with the line each starts on."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.blocks: list[tuple[int, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = (
            tag == "script" and (dict(attrs).get("type") or "").lower().strip() == "application/ld+json"
        )

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside and data.strip():
            self.blocks.append((self.getpos()[0], data))


def postings_in_page(page: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line, object) for each JobPosting in a page's JSON-LD; other kinds of data there are not ours.

    Raises MalformedFile for a page without any.
    """
    scripts = _Scripts()
    scripts.feed(page)
    scripts.close()
    found = 0
    for first_line, block in scripts.blocks:
        for line, item in items_of(block, first_line=first_line):
            if is_a(item, "JobPosting"):
                found += 1
                yield line, item
    if not found:
        raise MalformedFile(
            "no_job_posting",
            _("This page holds no JobPosting in JSON-LD."),
            remedy=_("Save the page of the job itself, or export JSON."),
        )


def is_a(item: dict[str, Any], kind: str) -> bool:
    """Say whether an item is of a schema.org type, however that is written."""
    types = item.get("@type", "")
    return any(
        str(name).rpartition("/")[2] == kind for name in (types if isinstance(types, list) else [types])
    )
