"""The interface this room wants from whoever knows of applications, so that people are found by them.

The room that keeps them is above this one. It says what may be asked, and answers for one actor at a time: a
condition is made of the applications that actor may see, so nobody learns a status by filtering.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from segue.engine.query import Applied
from segue.kit.actor import Actor


class ApplicationsKnown(Protocol):
    """Answers what is asked of people's applications."""

    def settled(self, asked: Applied) -> Applied:
        """Write a status and a stage as they are kept. Raises Invalid for one that nobody knows."""
        ...

    def condition(self, asked: Applied, actor: Actor, person: str) -> tuple[str, list[Any]]:
        """SQL, with its values, that is true where the person of this column has such an application.

        Of those the actor may see, and false otherwise; never unknown.
        """
        ...

    def seen(self, asked: Applied, actor: Actor, person_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, str]:
        """Say in words which application it is, the latest, for each of these people who has one."""
        ...

    def words(self, asked: Applied) -> str:
        """Say in words what is asked."""
        ...


@lru_cache(maxsize=1)
def applications_known() -> ApplicationsKnown:
    """Return the room the settings name."""
    known: ApplicationsKnown = import_string(settings.APPLICATIONS_KNOWN)()
    return known
