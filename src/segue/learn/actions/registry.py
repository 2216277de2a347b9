"""The registry's verbs: an artefact is registered, stands as challenger, reigns, and is given up or retired.

    candidate → challenger → champion → retired, and back to the champion before by `roll_back_model`

One champion a kind, which the database sees to. Every change leaves an audit line; every coming into force
leaves a `Reign` with who settled it and why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.learn.communities import COMMUNITIES
from segue.learn.models import Model, ModelState, Reign
from segue.learn.queries.lexicon import LEXICON
from segue.trust.queries.decisions import refers_to

LONGEST_REASON = 500
KEPT_DAYS = 30


@action("learn.register_model")
def register_model(
    *,
    kind: str,
    blob: bytes,
    card: Mapping[str, Any],
    by: Actor,
    owner: str = "",
    parent: str = "",
) -> Model:
    """Keep an artefact under the hash of its bytes, as candidate; the same bytes again are the same artefact.

    The card says what a reader must know: data up to when, settings, evaluation figures. `parent` is the
    hash it was made from. Bytes that had been retired come back as candidate, with the new card.
    Raises NotAllowed, Invalid (no kind, no bytes, bytes known under another kind), NotFound (the parent).
    """
    _governs(by)
    if not kind or not blob:
        raise Invalid("An artefact has a kind and bytes.", field="kind" if not kind else "blob")
    hash_ = hashlib.sha256(blob).hexdigest()
    known = Model.objects.select_for_update().filter(pk=hash_).defer("blob").first()
    if known is not None and known.kind != kind:
        raise Invalid(f"These bytes are a {known.kind} already.", field="kind", remedy="Register them once.")
    if parent and not Model.objects.filter(pk=parent).exists():
        raise NotFound("There is no such parent.", field="parent", remedy="Register it first.")
    row = known or Model(pk=hash_, kind=kind, parent_id=parent or None)
    if known is not None and known.state != ModelState.RETIRED:
        return known
    row.blob, row.card, row.made_at, row.swept_at = blob, dict(card), clock.now(), None
    row.owner = owner or by.name or by.role.value
    row.state, row.state_at = ModelState.CANDIDATE, clock.now()
    row.save()
    return row


@action("learn.challenge_model")
def challenge_model(model: Model, *, by: Actor) -> Model:
    """Let a candidate stand beside the champion. Raises NotAllowed, NotFound, Conflict."""
    _governs(by)
    row = _locked(model.pk)
    _must_be(row, ModelState.CANDIDATE, remedy="Register it anew.")
    return _set_state(row, ModelState.CHALLENGER)


@action("learn.promote_model")
def promote_model(model: Model, *, by: Actor, reason: str = "") -> Model:
    """Put a challenger in force; the champion before is retired, with its bytes, for a roll-back.

    Raises NotAllowed, NotFound, Conflict for anything but a challenger, Invalid for a reason too long.
    """
    _governs(by)
    row = _locked(model.pk)
    _must_be(row, ModelState.CHALLENGER, remedy="Let it stand as challenger first.")
    return _crown(row, before=_latest(row.kind), by=by, reason=reason)


@action("learn.install_model")
def install_model(model: Model, *, by: Actor, reason: str) -> Model:
    """Take a candidate or challenger all the way: for what the product fits and puts in force itself."""
    if model.state == ModelState.CANDIDATE:
        challenge_model(model, by=by)
    return promote_model(model, by=by, reason=reason)


@action("learn.roll_back_model")
def roll_back_model(*, kind: str, reason: str, by: Actor) -> Model:
    """Return to the champion before this one, one step; what is given up is retired and stays given up.

    Raises NotAllowed, Invalid without a reason, NotFound where nothing reigns, Conflict where nothing
    reigned before or its bytes are gone.
    """
    _governs(by)
    if not reason.strip():
        raise Invalid("A roll-back needs a reason.", field="reason", remedy="Say what went wrong.")
    _lock_kind(kind)
    reign = _latest(kind)
    if reign is None:
        raise NotFound(f"No {kind} is in force.", field="kind", remedy="See `segue models list`.")
    if reign.before is None:
        raise Conflict("Nothing was in force before it.", field="kind", remedy="Promote another one.")
    old = _locked(reign.before.model_id)
    if old.swept_at is not None:
        raise Conflict("The bytes of the one before are gone.", field="kind", remedy="Fit it anew.")
    return _crown(old, before=reign.before.before, by=by, reason=reason, gave_up=reign.model_id)


@action("learn.retire_model")
def retire_model(model: Model, *, by: Actor, reason: str = "") -> Model:
    """Take a candidate or challenger out of the running. Raises NotAllowed, NotFound, Conflict for others."""
    _governs(by)
    row = _locked(model.pk)
    if row.state == ModelState.CHAMPION:
        raise Conflict("It is in force.", field="hash", remedy="Promote another one, or roll back.")
    if row.state == ModelState.RETIRED:
        raise Conflict("It is retired already.", field="hash")
    return _set_state(row, ModelState.RETIRED)


@action("learn.sweep_models")
def sweep_models(*, by: Actor) -> int:
    """Let go the bytes of what is long retired and no decision refers to; rows and cards stay.

    The champion before the present one keeps its bytes, for a roll-back. Returns how many were let go.
    """
    _governs(by)
    at = clock.now()
    old = Model.objects.filter(
        state=ModelState.RETIRED, swept_at__isnull=True, state_at__lt=at - timedelta(days=KEPT_DAYS)
    )
    swept = [
        row.pk
        for row in old.select_for_update().defer("blob")
        if not _may_return(row) and not refers_to(row.pk)
    ]
    return Model.objects.filter(pk__in=swept).update(blob=b"", swept_at=at)


def _may_return(row: Model) -> bool:
    latest = _latest(row.kind)
    return latest is not None and latest.before is not None and latest.before.model_id == row.pk


def _governs(by: Actor) -> None:
    if by.role is not Role.ADMINISTRATOR and not by.is_machine:
        raise NotAllowed("Models are for administrators to settle.", field="model")


def _locked(hash_: str) -> Model:
    """One row for us alone, after its kind's others: so two promotions follow each other."""
    row = Model.objects.filter(pk=hash_).only("kind").first()
    if row is None:
        raise NotFound("There is no such artefact.", field="hash", remedy="See `segue models list`.")
    return next(one for one in _lock_kind(row.kind) if one.pk == hash_)


def _lock_kind(kind: str) -> list[Model]:
    return list(Model.objects.select_for_update().filter(kind=kind).defer("blob").order_by("pk"))


def _must_be(row: Model, state: ModelState, *, remedy: str) -> None:
    if row.state != state:
        raise Conflict(f"It is {row.state}, not {state.value}.", field="hash", remedy=remedy)


def _latest(kind: str) -> Reign | None:
    return Reign.objects.filter(kind=kind).select_related("before").order_by("-id").first()


def _crown(row: Model, *, before: Reign | None, by: Actor, reason: str, gave_up: str | None = None) -> Model:
    if len(reason) > LONGEST_REASON:
        raise Invalid("That reason is long.", field="reason", remedy=f"Up to {LONGEST_REASON} letters.")
    at = clock.now()
    Model.objects.filter(kind=row.kind, state=ModelState.CHAMPION).update(
        state=ModelState.RETIRED, state_at=at
    )
    Reign.objects.create(
        kind=row.kind,
        model=row,
        before=before,
        gave_up_id=gave_up,
        began_at=at,
        by=by.name or by.role.value,
        reason=reason.strip(),
    )
    _set_state(row, ModelState.CHAMPION)
    if row.kind == LEXICON:  # what jobs and people are to the models is its reading
        from segue.learn.actions.fitting import read_all  # which registers what it fits: a circle otherwise

        read_all(row.pk)
    if row.kind == COMMUNITIES:  # who is where is its reading of people
        from segue.learn.actions.communities.settling import put_in_force  # a circle otherwise

        put_in_force(row.pk, by=by)
    return row


def _set_state(row: Model, state: ModelState) -> Model:
    row.state, row.state_at = state, clock.now()
    row.save(update_fields=["state", "state_at"])
    return row
