"""Erasure: a person asks to be forgotten, and every room's rows about them go as the register says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from segue.catalog.actions.erased_marks import leave_marks
from segue.catalog.erasure_list import note_erasure
from segue.catalog.models import Fact, FactKind, HeldRow, Merge, Person, SamePair
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.kit.privacy import (
    PersonalData,
    Traces,
    finds_traces,
    forgetters,
    on_erasure,
    personal_data,
    traces_of,
)

_STAYS = frozenset({"id", "erased_at", "created_at", "updated_at"})
_NAMING = (FactKind.NAME, FactKind.EMAIL, FactKind.PHONE)


@action("catalog.erase_person")
def erase_person(person: Person, *, by: Actor) -> dict[str, int]:
    """Delete or anonymise everything the privacy register lists; return how many rows of each model went.

    Every room is asked first for what else tells of them, and to forget it. Proofs that must be
    kept (consents, audit lines) stay, and name nobody. Raises NotAllowed for anybody but the talent
    team, a machine at their order, or the person themselves.
    """
    if not (by.is_talent_team or by.is_machine or by.person_id == person.pk):
        raise NotAllowed(_("Only the talent team and the person themselves may erase them."))
    Person.objects.select_for_update().get(pk=person.pk)
    gone: Counter[str] = Counter()
    for absorbed in Person.objects.filter(merged_into=person):  # they are this person too
        gone.update(erase_person(absorbed, by=by))
    leave_marks(person.pk)
    with connection.cursor() as cursor:  # append-only tables let go of rows for this reason alone
        cursor.execute("SELECT set_config('segue.erasing', %s, true)", [str(person.pk)])
    traces = traces_of(person.pk)
    for forget in forgetters():
        gone.update(forget(traces))
    for entry in personal_data():
        if entry.on_erase == "delete" and entry.person_path:
            gone[entry.model._meta.label] += (
                rows_about(entry, person.pk).delete()[1].get(entry.model._meta.label, 0)
            )
    if person.email:  # rows held for review belong to nobody yet, but may speak of this person
        held = HeldRow.objects.annotate(text=Cast("row", TextField())).filter(text__icontains=person.email)
        gone["catalog.HeldRow"] += held.delete()[0]
    _anonymise(person)
    transaction.on_commit(lambda: note_erasure(settings.ERASURES, person.pk, clock.now()))
    gone["catalog.Person"] += 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('segue.erasing', '', true)")
    return {label: count for label, count in sorted(gone.items()) if count}


@action("catalog.erase_again")
def erase_again(person_ids: Iterable[UUID], *, by: Actor) -> int:
    """Erase whom a restored backup has brought back; return how many. Who is not here is passed over."""
    back = Person.objects.filter(pk__in=list(person_ids), erased_at=None).order_by("pk")
    count = 0
    for person in back:
        person.refresh_from_db()  # a person absorbed by another went with them
        if person.erased_at is None:
            erase_person(person, by=by)
            count += 1
    return count


@on_erasure
def forget_pairs(traces: Traces) -> dict[str, int]:
    """The register follows one column to a person; a pair has two."""
    pairs = SamePair.objects.filter(second_id=traces.person_id).delete()[0]
    merges = Merge.objects.filter(merged_id=traces.person_id).delete()[0]
    return {"catalog.SamePair": pairs, "catalog.Merge": merges}


@finds_traces
def words_of(person_id: UUID) -> Iterator[str]:
    """Yield every name, address and number this person has had, and the ids they are known by."""
    yield str(person_id)
    for row in Person.objects.filter(pk=person_id).values_list("name", "email", "phone", "external_id"):
        yield from (word for word in row if word)
    facts = Fact.objects.filter(person_id=person_id, kind__in=_NAMING)
    for value, normalised in facts.values_list("value", "normalised"):
        yield from (word for word in (value, normalised) if isinstance(word, str))


def rows_about(entry: PersonalData, person_id: UUID) -> QuerySet[Model]:
    """Return one model's rows about one person, along the path the register gives."""
    rows: QuerySet[Model] = entry.model._default_manager.all()
    return rows.filter(**{entry.person_path: person_id})


def _anonymise(person: Person) -> None:
    """Empty every column; the bare row stays so that counts and proofs of consent still add up."""
    for column in Person._meta.concrete_fields:
        if column.name not in _STAYS:
            setattr(person, column.name, column.get_default())
    person.email = None
    person.erased_at = person.updated_at = clock.now()
    person.save()
