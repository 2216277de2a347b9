"""Bringing in a classification or a gazetteer, as often as one likes: its terms are kept once, by code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.skill_gazetteer import read_gazetteer
from segue.catalog.actions.importing.taxonomy_files import ReadTerm, read_esco, read_onet
from segue.catalog.models import GAZETTEER, TaxonomyTerm
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid

READERS: dict[str, Callable[[Path], Iterator[ReadTerm]]] = {"esco": read_esco, "onet": read_onet}
INSTALLED: dict[str, Callable[[], Iterator[ReadTerm]]] = {GAZETTEER: read_gazetteer}  # needs no file
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class TaxonomyReport:
    """Counts that conserve: read = created + updated + unchanged; a term counts once for each language."""

    read: int
    created: int
    updated: int
    unchanged: int


@action("catalog.import_taxonomy")
def import_taxonomy(name: str, path: Path | None = None, *, by: Actor) -> TaxonomyReport:
    """Read a classification from its publisher's files, or a gazetteer from its installed package.

    Raises Invalid, MalformedFile, PackageMissing.
    """
    counts = [0, 0, 0]
    for batch in _batches(_read(name, path)):
        for at, number in enumerate(_keep(name, batch)):
            counts[at] += number
    return TaxonomyReport(sum(counts), *counts)


def _read(name: str, path: Path | None) -> Iterator[ReadTerm]:
    if name in INSTALLED and path is None:
        return INSTALLED[name]()
    if name in READERS and path is not None:
        return READERS[name](path)
    if name in INSTALLED:
        raise Invalid(
            _("“%s” is read from its installed package.") % name,
            field="path",
            remedy=_("Leave the path out."),
        )
    if name in READERS:
        raise Invalid(
            _("“%s” is read from its publisher's files.") % name,
            field="path",
            remedy=_("Name the zip, or its folder."),
        )
    raise Invalid(
        _("There is no classification “%s” here.") % name,
        field="taxonomy",
        remedy=_("Use one of: %s.") % ", ".join([*READERS, *INSTALLED]),
    )


def _batches(terms: Iterator[ReadTerm]) -> Iterator[list[ReadTerm]]:
    while batch := list(islice(terms, _BATCH)):
        yield batch


def _keep(name: str, batch: Iterable[ReadTerm]) -> tuple[int, int, int]:
    """Write what is new of a batch; what another language calls a term becomes a name of it."""
    terms = list(batch)
    known = {
        term.code: term
        for term in TaxonomyTerm.objects.filter(taxonomy=name, code__in=[t.code for t in terms])
    }
    fresh: dict[str, TaxonomyTerm] = {}
    changed: dict[str, TaxonomyTerm] = {}
    for term in terms:
        row = known.get(term.code) or fresh.get(term.code)
        if row is None:
            fresh[term.code] = TaxonomyTerm(
                taxonomy=name, kind=term.kind, code=term.code, label=term.label, names=list(term.names)
            )
        elif more := _lacking(row, term):
            row.names = [*row.names, *more]
            changed[term.code] = row
    TaxonomyTerm.objects.bulk_create(fresh.values())
    updated = [row for code, row in changed.items() if code in known]
    TaxonomyTerm.objects.bulk_update(updated, ["names"])
    return len(fresh), len(changed), len(terms) - len(fresh) - len(changed)


def _lacking(row: TaxonomyTerm, term: ReadTerm) -> list[str]:
    have = {row.label.casefold(), *(name.casefold() for name in row.names)}
    return [name for name in (term.label, *term.names) if name.casefold() not in have]
