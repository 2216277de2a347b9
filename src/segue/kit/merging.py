"""Moving rows from one person to another so that every one of them can be put back.

Plumbing that knows no table by name: it walks the privacy register. Whatever it changes it writes down as
`Change`s, and taking them back in reverse order restores each row to the byte, as far as nobody has changed
it since. Nothing is deleted; where a row cannot go along (both hold what may be held once), it stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction

from segue.kit.actor import Actor
from segue.kit.privacy import PersonalData, personal_data

_ADDED = "+"  # in place of a column: these rows were made by the merge


@dataclass(frozen=True, slots=True)
class Change:
    """One column of some rows of one table: what stood there, and what stands there now."""

    table: str
    column: str
    before: str | None
    after: str | None
    rows: tuple[str, ...]

    def as_json(self) -> list[Any]:
        return [self.table, self.column, self.before, self.after, list(self.rows)]

    @classmethod
    def from_json(cls, said: list[Any]) -> Change:
        table, column, before, after, rows = said
        return cls(table, column, before, after, tuple(rows))


@dataclass(slots=True)
class Merging:
    """A merge under way: whose rows go to whom, what stays behind, and the trail back.

    Rows registered for a purpose in `withheld` are not moved: the two people answered differently, and the
    stricter answer covers what the other's yes had brought in.
    """

    survivor_id: UUID
    merged_id: UUID
    by: Actor
    withheld: set[str] = field(default_factory=set)
    trail: list[Change] = field(default_factory=list)

    def put(self, row: models.Model, column: str, value: Any) -> None:
        """Set one column of one row, and remember what stood there."""
        found: Any = row._meta.get_field(column)
        before = getattr(row, found.attname)
        if before == value:
            return
        _rows_of(type(row)).filter(pk=row.pk).update(**{column: value})
        setattr(row, found.attname, value)
        self._note(type(row), column, as_text(found, before), as_text(found, value), [row.pk])

    def move(self, model: type[models.Model], column: str) -> None:
        """Let every row that points to the merged person point to the survivor, where that can be."""
        rows = _rows_of(model).filter(**{column: self.merged_id})
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        if not keys:
            return
        if not self._moves(model, column, keys):
            keys = [key for key in keys if self._moves(model, column, [key])]
        if keys and model._meta.pk is model._meta.get_field(column):
            keys = [self.survivor_id]
        self._note(model, column, str(self.merged_id), str(self.survivor_id), keys)

    def added(self, rows: Iterable[models.Model]) -> None:
        """Remember rows that are there only because of this merge; taking it back deletes them."""
        for row in rows:
            self._note(type(row), _ADDED, None, None, [row.pk])

    def _moves(self, model: type[models.Model], column: str, keys: list[Any]) -> bool:
        try:
            with transaction.atomic():
                _rows_of(model).filter(pk__in=keys).update(**{column: self.survivor_id})
        except IntegrityError:
            return False
        return True

    def _note(
        self, model: type[models.Model], column: str, before: str | None, after: str | None, keys: list[Any]
    ) -> None:
        if keys:
            rows = tuple(str(key) for key in keys)
            self.trail.append(Change(model._meta.label, column, before, after, rows))


Hearer = TypeVar("Hearer", bound=Callable[[Merging], None])
_before: list[Callable[[Merging], None]] = []
_after: list[Callable[[Merging], None]] = []
_undone: list[Callable[[Merging], None]] = []


def before_merging(hearer: Hearer) -> Hearer:
    """Register what a room settles before rows move; it may withhold purposes and add rows."""
    _before.append(hearer)
    return hearer


def after_merging(hearer: Hearer) -> Hearer:
    """Register what a room does, in the same transaction, when two people have become one."""
    _after.append(hearer)
    return hearer


def after_unmerging(hearer: Hearer) -> Hearer:
    """Register what a room does, in the same transaction, when they are two again."""
    _undone.append(hearer)
    return hearer


def move_everything(merging: Merging) -> None:
    """Ask the rooms, then walk the privacy register and move what may move."""
    for hearer in _before:
        hearer(merging)
    for entry in personal_data():
        if entry.on_merge == "move" and entry.purpose not in merging.withheld:
            for column in _columns_to_people(entry):
                merging.move(entry.model, column)


def tell_merged(merging: Merging) -> None:
    for hearer in _after:
        hearer(merging)


def tell_unmerged(merging: Merging) -> None:
    for hearer in _undone:
        hearer(merging)


def take_back(trail: Iterable[Change]) -> None:
    """Put back every column that still stands as the merge left it, the last change first."""
    for change in reversed(list(trail)):
        model = apps.get_model(change.table)
        rows = _rows_of(model).filter(pk__in=change.rows)
        if change.column == _ADDED:
            rows.delete()
            continue
        found = model._meta.get_field(change.column)
        before, after = from_text(found, change.before), from_text(found, change.after)
        still = {f"{change.column}__isnull": True} if after is None else {change.column: after}
        rows.filter(**still).update(**{change.column: before})


def _columns_to_people(entry: PersonalData) -> Iterator[str]:
    """Yield the register's column, where it is one of the table's own and leads to a person."""
    if not entry.person_path or "__" in entry.person_path:
        return  # rows reached through another row go where that row goes
    found = next((f for f in entry.model._meta.concrete_fields if f.name == entry.person_path), None)
    if isinstance(found, models.ForeignKey):
        yield found.name


def _rows_of(model: type[models.Model]) -> models.QuerySet[models.Model]:
    rows: models.QuerySet[models.Model] = model._base_manager.all()
    return rows


def as_text(column: Any, value: Any) -> str | None:
    """Return a column's value as text that gives it back exactly."""
    if value is None:
        return None
    if isinstance(value, float):
        return repr(value)
    holder = column.model(**{column.attname: value})
    return str(column.value_to_string(holder))


def from_text(column: Any, text: str | None) -> Any:
    return None if text is None else column.to_python(text)
