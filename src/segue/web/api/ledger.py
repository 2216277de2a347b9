"""The ledger of signals over the API: in order, each once, by a cursor that never skips."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from segue.listen.queries.signals import readable_upto, signals_between
from segue.web.actors import actor_of
from segue.web.api.auth import BY_KEY_OR_SESSION
from segue.web.api.kinds import BIGGEST_ID, Size, Text
from segue.web.api.schemas import REFUSED

router = Router(auth=BY_KEY_OR_SESSION, tags=["signals"])


class SignalsIn(Schema):
    """Signals after this id, of one kind or of all."""

    after: Annotated[int, Field(ge=0, le=BIGGEST_ID)] = 0
    kind: Text = ""
    size: Size = 100


class SignalOut(Schema):
    """One signal. Behaviour without consent is nobody's: its person is empty."""

    id: int
    kind: str
    at: datetime
    person_id: uuid.UUID | None
    job_id: uuid.UUID | None
    tier: str
    props: dict[str, Any]


class SignalPage(Schema):
    items: list[SignalOut]
    next_after: int


@router.get("/signals", response={200: SignalPage, **REFUSED}, summary="Signals, oldest first")
def list_signals(request: HttpRequest, wanted: Query[SignalsIn]) -> SignalPage:
    """Return signals after an id up to where nothing can appear any more; ask again from `next_after`."""
    actor, upto = actor_of(request), readable_upto()
    rows = signals_between(actor, wanted.after, upto, kind=wanted.kind, limit=wanted.size)
    full = len(rows) == wanted.size
    next_after = rows[-1].pk if full else max(upto, wanted.after)
    return SignalPage(items=[SignalOut.from_orm(row) for row in rows], next_after=next_after)
