"""Two records became one person, or two again: the ledger says so, and their pseudonyms are one's."""

from __future__ import annotations

from segue.kit.merging import Merging, after_merging, after_unmerging
from segue.listen.actions.record import record
from segue.listen.models import Subject


@after_merging
def tell_merged(merging: Merging) -> None:
    """Record the survivor, in the merge's own transaction; both pseudonyms now stand for one."""
    kept = Subject.objects.filter(person_id=merging.survivor_id).first()
    other = Subject.objects.filter(person_id=merging.merged_id).first()
    if kept is not None and other is not None:
        merging.put(other, "same_as", kept.pseudonym)
    _record("person.merged", merging)


@after_unmerging
def tell_unmerged(merging: Merging) -> None:
    """Record that they are two again."""
    _record("person.unmerged", merging)


def _record(kind: str, merging: Merging) -> None:
    record(
        kind,
        by=merging.by,
        person_id=merging.survivor_id,
        survivor_id=str(merging.survivor_id),
        merged_id=str(merging.merged_id),
    )
