"""What the registry can answer: which artefact reigns, which reigned before, and who stands beside it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from segue.engine.drift import Verdict, verdict_of
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed, NotFound
from segue.learn.models import Drift, Model, ModelState, Reign

LATEST = 10
SHORTEST = 6


@dataclass(frozen=True, slots=True)
class DriftLine:
    """One measure of a champion: how far it has moved since the reference, if that can be said."""

    measure: str
    index: float | None
    noise: float | None
    verdict: Verdict
    reference_at: datetime
    measured_at: datetime | None


@dataclass(slots=True)
class KindView:
    """A kind of artefacts: the one in force, those that would be, what was before, and how it drifts."""

    kind: str
    champion: Model | None = None
    previous: Model | None = None
    waiting: list[Model] = field(default_factory=list)  # challengers first, then candidates
    retired: list[Model] = field(default_factory=list)
    retired_count: int = 0
    reigns: list[Reign] = field(default_factory=list)
    drift: list[DriftLine] = field(default_factory=list)


def sees_models(by: Actor) -> bool:
    """Say whether this actor may read the registry."""
    return by.role in {Role.ADMINISTRATOR, Role.AUDITOR} or by.is_machine


def registry(by: Actor) -> list[KindView]:
    """Return every kind with its champion, challengers, latest reigns and drift, in four queries."""
    _readers_only(by)
    kinds: dict[str, KindView] = {}
    for row in Model.objects.defer("blob").order_by("kind", "-made_at"):
        _place(kinds.setdefault(row.kind, KindView(row.kind)), row)
    _add_reigns(kinds)
    champions = {view.champion.pk: view for view in kinds.values() if view.champion is not None}
    for drift in Drift.objects.filter(model_id__in=champions).order_by("measure"):
        champions[drift.model_id].drift.append(_line(drift))
    return list(kinds.values())


def _place(view: KindView, row: Model) -> None:
    if row.state == ModelState.CHAMPION:
        view.champion = row
    elif row.state == ModelState.RETIRED:
        view.retired_count += 1
        view.retired += [row] if len(view.retired) < LATEST else []
    elif row.state == ModelState.CHALLENGER:
        view.waiting.insert(sum(one.state == ModelState.CHALLENGER for one in view.waiting), row)
    else:
        view.waiting.append(row)


def _add_reigns(kinds: dict[str, KindView]) -> None:
    """The latest reigns of each kind, and the champion a roll-back would return to."""
    by_kind: dict[str, list[Reign]] = defaultdict(list)
    rows = Reign.objects.select_related("before__model").defer("before__model__blob").order_by("-id")
    for reign in rows:
        if len(by_kind[reign.kind]) < LATEST:
            by_kind[reign.kind].append(reign)
    for kind, reigns in by_kind.items():
        kinds[kind].reigns = reigns
        before = reigns[0].before
        kinds[kind].previous = before.model if before is not None else None


def _line(drift: Drift) -> DriftLine:
    said = verdict_of(drift.index, drift.noise)
    return DriftLine(drift.measure, drift.index, drift.noise, said, drift.reference_at, drift.measured_at)


def model_named(by: Actor, hash_: str) -> Model:
    """Return an artefact (without its bytes) by its hash or the unmistakable beginning of one."""
    _readers_only(by)
    found = (
        list(Model.objects.filter(pk__startswith=hash_).defer("blob")[:2]) if len(hash_) >= SHORTEST else []
    )
    if len(found) != 1:
        remedy = f"Give at least {SHORTEST} characters, and enough to tell it from others."
        raise NotFound("No one artefact is called that.", field="hash", remedy=remedy)
    return found[0]


def drift_of(by: Actor, hash_: str) -> list[DriftLine]:
    """Return what is known of an artefact's drift."""
    _readers_only(by)
    return [_line(drift) for drift in Drift.objects.filter(model_id=hash_).order_by("measure")]


def blob_of(hash_: str) -> bytes:
    """Return an artefact's bytes. Raises NotFound where they are unknown or swept."""
    row = Model.objects.filter(pk=hash_, swept_at__isnull=True).only("blob").first()
    if row is None:
        raise NotFound("These bytes are not kept.", field="hash", remedy="See `segue models list`.")
    return bytes(row.blob)


def card_of(hash_: str) -> dict[str, Any]:
    """Return an artefact's card; an empty one where it is unknown."""
    card: dict[str, Any] | None = Model.objects.filter(pk=hash_).values_list("card", flat=True).first()
    return card or {}


def was_given_up(hash_: str) -> bool:
    """Say whether a colleague rolled back from this artefact: then only a colleague may bring it back."""
    return Reign.objects.filter(gave_up_id=hash_).exists()


def _readers_only(by: Actor) -> None:
    if not sees_models(by):
        raise NotAllowed("The registry is for administrators and auditors.", field="model")
