"""Looking at a person leaves a line too."""

from __future__ import annotations

from django.db.models import Model

from segue.kit.action import action
from segue.kit.actor import Actor


@action("trust.note_access")
def note_access(subject: Model, *, why: str, by: Actor) -> None:
    """Write down that somebody looked at a row about a person, and in what connection.

    The line itself is the deed: the person concerned can ask who has looked.
    """
