"""What the audit lines can answer."""

from __future__ import annotations

from django.db.models import Model

from segue.kit.actor import Actor
from segue.trust.models import AuditLine


def has_done(verb: str, subject: Model, *, by: Actor) -> bool:
    """Say whether this very account has done `verb` to this row before."""
    if by.account_id is None:
        return False
    return AuditLine.objects.filter(
        subject_type=type(subject).__name__, subject_id=str(subject.pk), verb=verb, actor_id=by.account_id
    ).exists()
