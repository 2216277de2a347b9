"""Public classifications of skills and occupations, as their publishers hand them out: ESCO and O*NET.

ESCO: the CSV download, as a zip or its folder, in any language (`skills_en.csv`, `occupations_en.csv`);
languages of one concept share its URI. O*NET: the folder of tab-separated texts (`Occupation Data.txt`,
`Alternate Titles.txt`, `Technology Skills.txt`), as a zip or a folder.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, TextIO, TypedDict

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.problems import MalformedFile

SKILL, OCCUPATION = "skill", "occupation"
_LONGEST = 200  # characters of a name; what is longer is a sentence
_BIGGEST = 200_000_000  # bytes of one file unpacked


@dataclass(frozen=True, slots=True)
class ReadTerm:
    """A skill or an occupation as a classification tells it: `names` are its other names, in order."""

    kind: str
    code: str
    label: str
    names: tuple[str, ...]


Opener = Callable[[], TextIO]


class Form(TypedDict):
    """How cells are set apart."""

    delimiter: str
    quoting: Literal[0, 3]


def read_esco(path: Path) -> Iterator[ReadTerm]:
    """Skills, then occupations, of every language there is. Raises MalformedFile."""
    files = _files(path)
    for stem, kind in (("skills_", SKILL), ("occupations_", OCCUPATION)):
        for name in sorted(name for name in files if name.startswith(stem) and name.endswith(".csv")):
            for row in _rows(files[name], ",", ("conceptUri", "preferredLabel"), name):
                if term := _esco_term(row, kind):
                    yield term
    if not any(name.startswith("skills_") for name in files):
        raise _missing("skills_en.csv", "https://esco.ec.europa.eu")


def _esco_term(row: dict[str, str], kind: str) -> ReadTerm | None:
    label = row["preferredLabel"].strip()
    names = [*_lines(row.get("altLabels")), *_lines(row.get("hiddenLabels"))]
    return _term(kind, row["conceptUri"].strip(), label, names)


def read_onet(path: Path) -> Iterator[ReadTerm]:
    """Technology skills, then occupations with their other titles. Raises MalformedFile."""
    files = _files(path)
    others: dict[str, list[str]] = defaultdict(list)
    for row in _onet_rows(files, "Alternate Titles.txt", ("O*NET-SOC Code", "Alternate Title")):
        others[row["O*NET-SOC Code"]].append(row["Alternate Title"])
    for tool in dict.fromkeys(
        row["Example"].strip() for row in _onet_rows(files, "Technology Skills.txt", ("Example",))
    ):
        if term := _term(SKILL, f"technology:{tool}", tool, []):
            yield term
    for row in _onet_rows(files, "Occupation Data.txt", ("O*NET-SOC Code", "Title")):
        code = row["O*NET-SOC Code"].strip()
        if term := _term(OCCUPATION, code, row["Title"].strip(), others[code]):
            yield term


def _onet_rows(files: dict[str, Opener], name: str, needed: tuple[str, ...]) -> Iterator[dict[str, str]]:
    if name not in files:
        raise _missing(name, "https://www.onetcenter.org/database.html")
    return _rows(files[name], "\t", needed, name)


def _term(kind: str, code: str, label: str, names: list[str]) -> ReadTerm | None:
    """None for a row without code or with a label too long to be a name."""
    if not code or not label or len(label) > _LONGEST:
        return None
    others: dict[str, str] = {}
    for name in (one.strip() for one in names):
        if name and len(name) <= _LONGEST:
            others.setdefault(name.casefold(), name)
    others.pop(label.casefold(), None)
    return ReadTerm(kind, code, label, tuple(others.values()))


def _lines(cell: str | None) -> list[str]:
    return (cell or "").split("\n")


def _files(path: Path) -> dict[str, Opener]:
    """Texts by name without folders, from a zip or a folder."""
    if path.is_dir():
        return {file.name: _opener_of(file) for file in sorted(path.rglob("*")) if file.is_file()}
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise MalformedFile(
            "unreadable", _("This is neither a folder nor a zip file."), remedy=_("Check the path.")
        ) from error
    return {PurePosixPath(info.filename).name: _unpacker_of(archive, info) for info in archive.infolist()}


def _opener_of(file: Path) -> Opener:
    return lambda: file.open(encoding="utf-8-sig", newline="")


def _unpacker_of(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Opener:
    def unpack() -> TextIO:
        if info.file_size > _BIGGEST:
            raise MalformedFile(
                "too_big", _("%s is too big to be a classification.") % info.filename, remedy=""
            )
        return io.TextIOWrapper(archive.open(info), encoding="utf-8-sig", newline="")

    return unpack


def _rows(opened: Opener, delimiter: str, needed: tuple[str, ...], name: str) -> Iterator[dict[str, str]]:
    form: Form = {"delimiter": ",", "quoting": csv.QUOTE_MINIMAL}
    if delimiter != ",":
        form = {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}
    with _wide_cells(), opened() as file:
        try:
            reader = csv.DictReader(file, **form)
            lacking = [column for column in needed if column not in (reader.fieldnames or ())]
            if lacking:
                raise MalformedFile(
                    "missing_column",
                    _("%(file)s has no column “%(column)s”.") % {"file": name, "column": lacking[0]},
                    field=lacking[0],
                    remedy=_("Download it again, unchanged."),
                )
            for row in reader:
                yield {key: value or "" for key, value in row.items() if key}
        except (UnicodeDecodeError, csv.Error) as error:
            raise MalformedFile(
                "not_text",
                _("%s cannot be read as text.") % name,
                remedy=_("Download it again, unchanged."),
            ) from error


@contextmanager
def _wide_cells() -> Iterator[None]:
    before = csv.field_size_limit(10_000_000)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _missing(name: str, where: str) -> MalformedFile:
    return MalformedFile(
        "missing_file",
        _("There is no %s in it.") % name,
        remedy=_("Download the classification from %s and hand over the zip or its folder.") % where,
    )
