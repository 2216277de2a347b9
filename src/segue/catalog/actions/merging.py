"""Two records become one person, and two again: rows move with a trail, and nothing is deleted.

Of the merged person remains a bare record that points to the survivor, so that links, sign-ins and imports
which know it lead there. Whatever both hold and only one may (an open application to the same job) stays with
that record, visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from segue.catalog.actions.settling import UNVERIFIED, kinds_known, settled_columns
from segue.catalog.models import Fact, FactKind, Merge, PairState, Person, Resume, SamePair
from segue.catalog.queries.precedence import shut_by
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.bus import announce
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.kit.merging import Change, Merging, move_everything, take_back, tell_merged, tell_unmerged

REVERSIBLE_DAYS = 30
BY_A_PERSON = "person"  # the rule of a merge somebody decided
_ITS_OWN = frozenset({
    "id", "email", "external_source", "external_id", "source", "imported_sha256", "created_at", "updated_at",
    "erased_at", "merged_into",
})  # fmt: skip
Evidence = Sequence[dict[str, Any]]


@action("catalog.merge_people")
def merge_people(
    survivor: Person, merged: Person, *, evidence: Evidence, by: Actor, rule: str = BY_A_PERSON
) -> Merge:
    """Make `merged` the same person as `survivor`, reversibly for 30 days.

    Raises NotAllowed unless the talent team or our own process asks, Invalid for one person twice, Conflict
    where either was erased or merged already.
    """
    _team_only(by)
    if survivor.pk == merged.pk:
        raise Invalid(_("This is one person already."), field="merged")
    _lock([survivor, merged])
    for person in (survivor, merged):
        _refuse_gone(person)
    at = clock.now()
    merge = Merge.objects.create(
        survivor=survivor,
        merged=merged,
        rule=rule,
        evidence=list(evidence),
        by=by.name or by.role.value,
        merged_at=at,
        reversible_until=at + timedelta(days=REVERSIBLE_DAYS),
    )
    _apply(merge, by)
    return merge


@action("catalog.unmerge")
def unmerge(merge: Merge, *, by: Actor, ask_again: bool = False) -> Merge:
    """Make two of one again: every row that moved goes back as it was, unless somebody changed it since.

    The pair is remembered as two people, unless `ask_again` puts it back into the list (a slip of the hand).
    Raises NotAllowed for anybody but the talent team and our own processes, Conflict where the merge was
    undone before, is older than 30 days, or the survivor has been merged into somebody since.
    """
    _team_only(by)
    Merge.objects.select_for_update().get(pk=merge.pk)
    merge.refresh_from_db()
    _lock([merge.survivor, merge.merged])
    _refuse_late(merge)
    later = list(
        Merge.objects.filter(survivor=merge.survivor, undone_at=None, merged_at__gt=merge.merged_at).order_by(
            "merged_at", "pk"
        )
    )
    for one in (*reversed(later), merge):
        take_back(trail_of(one))
    merge.undone_at, merge.undone_by, merge.changes = clock.now(), by.name or by.role.value, []
    merge.save(update_fields=["undone_at", "undone_by", "changes"])
    for one in later:
        _lock([one.survivor, one.merged])
        _apply(one, by)
    _remember_two(merge, by, ask_again)
    tell_unmerged(Merging(merge.survivor_id, merge.merged_id, by))
    for person_id in (merge.survivor_id, merge.merged_id):
        announce("profile.changed", person_id=person_id)
    _lock([merge.survivor, merge.merged])
    return merge


@action("catalog.settle_merges")
def settle_merges(*, by: Actor) -> list[Merge]:
    """Close the way back of merges older than 30 days: their trails are let go of. Returns which."""
    _team_only(by)
    due = Merge.objects.filter(undone_at=None, settled_at=None, reversible_until__lt=clock.now())
    merges = list(due.select_for_update().defer("changes"))
    due.filter(pk__in=[merge.pk for merge in merges]).update(settled_at=clock.now(), changes=[])
    return merges


def _remember_two(merge: Merge, by: Actor, ask_again: bool) -> None:
    first, second = sorted((merge.survivor_id, merge.merged_id))
    state = PairState.OPEN if ask_again else PairState.DIFFERENT
    said: dict[str, Any] = {"state": state, "state_at": clock.now(), "by": by.name or by.role.value}
    made = {**said, "evidence": merge.evidence, "reason": "undone"}
    SamePair.objects.update_or_create(first_id=first, second_id=second, defaults=said, create_defaults=made)


def trail_of(merge: Merge) -> list[Change]:
    """Return what a merge changed, in order."""
    return [Change.from_json(said) for said in merge.changes]


def _apply(merge: Merge, by: Actor) -> None:
    survivor, merged = merge.survivor, merge.merged
    merging = Merging(survivor.pk, merged.pk, by)
    _renumber_resumes(merging)
    move_everything(merging)
    merging.move(Person, "merged_into")  # whoever was merged into the merged one
    merging.put(merged, "merged_into", survivor.pk)
    _settle(merging, survivor, merged)
    tell_merged(merging)
    merge.changes = [change.as_json() for change in merging.trail]
    merge.save(update_fields=["changes"])
    announce("profile.changed", person_id=survivor.pk)


def _renumber_resumes(merging: Merging) -> None:
    """Versions go on counting after the survivor's; the same text twice stays with the merged record."""
    held = Resume.objects.filter(person_id=merging.survivor_id)
    last = held.aggregate(Max("version"))["version__max"] or 0
    texts = set(held.values_list("sha256", flat=True))
    ours = Resume.objects.filter(person_id=merging.merged_id).exclude(sha256__in=texts).defer("text")
    top = Resume.objects.filter(person_id=merging.merged_id).aggregate(Max("version"))["version__max"] or 0
    step = max(last, top)  # beyond both, so that no two rows meet on the way
    for resume in ours.order_by("version"):
        merging.put(resume, "version", step + resume.version)


def _settle(merging: Merging, survivor: Person, merged: Person) -> None:
    every = list(Fact.objects.filter(person=survivor))
    for fact in every:  # what either of them took out, the other's sources do not bring back
        denial = shut_by(fact, every) if fact.superseded_at is None else None
        if denial:
            merging.put(fact, "superseded_at", denial.superseded_at)
    current = [fact for fact in every if fact.superseded_at is None]
    columns = settled_columns(survivor, current, once_known=kinds_known(every))
    _share_addresses(merging, survivor, merged, current)
    for name, value in (_gaps(survivor, merged, columns) | columns).items():
        if name != "email":
            merging.put(survivor, name, value)
    merging.put(survivor, "updated_at", clock.now())


def _gaps(survivor: Person, merged: Person, settled: Iterable[str]) -> dict[str, Any]:
    """Columns nobody ever stated a fact for, filled from the merged record where the survivor's are empty."""
    columns = (column.name for column in Person._meta.concrete_fields)
    return {
        name: getattr(merged, name)
        for name in columns
        if name not in _ITS_OWN and name not in settled and getattr(survivor, name) in (None, "", [])
    }


def _share_addresses(merging: Merging, survivor: Person, merged: Person, facts: Sequence[Fact]) -> None:
    """The address the strongest word names is the survivor's; the other one stays, and leads there."""
    if not merged.email:
        return
    ours, theirs = survivor.email, merged.email
    stated = [fact for fact in facts if fact.kind == FactKind.EMAIL and fact.method != UNVERIFIED]
    strongest = settled_columns(survivor, stated).get("email")
    if ours and str(strongest).lower() != theirs.lower():
        return
    merging.put(merged, "email", None)
    merging.put(survivor, "email", theirs)
    if ours:
        merging.put(merged, "email", ours)


def _lock(people: Sequence[Person]) -> None:
    """Lock in one order, whoever asks; then read what is there now."""
    list(Person.objects.select_for_update().filter(pk__in=[p.pk for p in people]).order_by("pk"))
    for person in people:
        person.refresh_from_db()


def _team_only(by: Actor) -> None:
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed(_("Only the talent team says who is the same person."))


def _refuse_gone(person: Person) -> None:
    if person.erased_at is not None:
        raise Conflict(_("This person was erased at their request."))
    if person.merged_into_id is not None:
        raise Conflict(_("This person was merged a moment ago."), remedy=_("Load the page again."))


def _refuse_late(merge: Merge) -> None:
    if merge.undone_at is not None:
        raise Conflict(_("These are two people again already."), remedy=_("Load the page again."))
    if merge.reversible_until < clock.now() or merge.settled_at is not None:
        raise Conflict(_("A merge can be undone for 30 days."), remedy=_("Enter the second person anew."))
    if merge.survivor.merged_into_id is not None:
        raise Conflict(
            _("The survivor has been merged into somebody else since."), remedy=_("Undo that merge first.")
        )
