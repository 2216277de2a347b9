"""An action changes state: one transaction, one audit line, typed errors."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from typing import Any, ParamSpec, Protocol, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed

P = ParamSpec("P")
R = TypeVar("R")


class AuditSink(Protocol):
    """Where audit lines go; the trust room provides it, since plumbing knows no tables above it."""

    def __call__(self, *, verb: str, by: Actor, subject: object, detail: dict[str, Any]) -> None: ...


_sink: list[AuditSink] = []
_depth: ContextVar[int] = ContextVar("action_depth", default=0)
_only_looking: ContextVar[bool] = ContextVar("only_looking", default=False)


def set_audit_sink(sink: AuditSink) -> None:
    """Tell actions where to write their line; called once at start-up."""
    _sink[:] = [sink]


def in_action() -> bool:
    """Say whether an action is running here: state may change only then."""
    return _depth.get() > 0


@contextmanager
def looking_only() -> Iterator[None]:
    """Let nothing stay of what is done inside: a page shows itself as it would, and leaves no trace.

    Pages that deal cards or note who has read something do so; it is all taken back at the end.
    """
    token = _only_looking.set(True)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        _only_looking.reset(token)


def _refuse_borrowed_eyes(by: Actor) -> None:
    """Whoever looks with somebody else's eyes does nothing in their name."""
    if by.seen_by_id is not None and not _only_looking.get():
        raise NotAllowed(
            _("You only look as %s: nothing can be changed.") % by.name,
            remedy=_("Stop looking as somebody else, and do it in your own name."),
        )


def action(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action named `room.verb_noun`; it must take `by=` an Actor.

    The first positional argument is the subject of the audit line. Nested actions share
    the outer transaction and each leave their own line.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            by = kwargs.get("by")
            if not isinstance(by, Actor):
                raise TypeError(f"{verb} needs by=Actor, the one who acts")
            _refuse_borrowed_eyes(by)
            token = _depth.set(_depth.get() + 1)
            try:
                with transaction.atomic():
                    result = function(*args, **kwargs)
                    _write_line(verb, by, args[0] if args else result, kwargs)
                return result
            finally:
                _depth.reset(token)

        run.action_verb = verb  # type: ignore[attr-defined]
        return run

    return wrap


_UNSAID = object()  # the name of one of our classes would tell an auditor nothing


def _write_line(verb: str, by: Actor, subject: object, kwargs: dict[str, Any]) -> None:
    said = {k: _plain(v) for k, v in kwargs.items() if k != "by" and not k.startswith("secret")}
    detail = {k: v for k, v in said.items() if v is not _UNSAID}
    for sink in _sink:
        sink(verb=verb, by=by, subject=subject, detail=detail)


def _plain(value: object) -> object:
    """Keep an audit line short: scalars as they are, rows by key, the rest by size if it has one."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= 200 else f"({len(value)} characters)"
    key = getattr(value, "pk", None)
    if key is not None:
        return f"{type(value).__name__}:{key}"
    if isinstance(value, list | tuple | set | frozenset | dict):
        return f"({len(value)} items)"
    return str(value)[:200] if isinstance(value, Decimal | date | UUID) else _UNSAID
