"""What each person has said yes to. No answer is a no."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.kit.prepared import fetch
from segue.trust.models import Consent

IMPORTED_TEXT = "Imported: they sent their profile in to be considered for jobs."  # nobody was shown anything

# Asked by nearly every request: written out, so that it is planned once a connection.
_LATEST = """
SELECT DISTINCT ON (person_id, purpose) person_id, purpose, granted FROM trust_consent
WHERE person_id = ANY(%s::uuid[]) ORDER BY person_id, purpose, at DESC, id DESC
"""


def purposes_granted(person_id: uuid.UUID) -> frozenset[str]:
    """Return the purposes this person has granted and not withdrawn."""
    return purposes_granted_to([person_id]).get(person_id, frozenset())


def answers_of(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, bool]]:
    """Return the latest answer of each of these people to each purpose they were asked about."""
    found: dict[uuid.UUID, dict[str, bool]] = {}
    for person_id, purpose, granted in fetch(_LATEST, [list(person_ids)]):
        found.setdefault(person_id, {})[purpose] = granted
    return found


def purposes_granted_to(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, frozenset[str]]:
    """Return granted purposes for many people in one query; people with none are left out."""
    found: dict[uuid.UUID, set[str]] = {}
    for person_id, purpose, granted in fetch(_LATEST, [list(person_ids)]):
        if granted:
            found.setdefault(person_id, set()).add(purpose)
    return {person_id: frozenset(purposes) for person_id, purposes in found.items()}


def consents_of(person_id: uuid.UUID, by: Actor) -> list[Consent]:
    """Return every answer a person has given, latest first, to themselves or to our own processes."""
    if by.person_id != person_id and not by.is_machine:
        raise NotAllowed("These answers belong to somebody else.", field="person")
    return list(Consent.objects.filter(person_id=person_id).order_by("-at", "-id"))
