"""Knowing again who asked to be forgotten without knowing anything of them: keyed digests of addresses.

Only sourcing is stopped (imports). Whoever was erased and applies by themselves is welcome, as a new person.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.conf import settings

from segue.catalog.models import ErasedMark, Fact, FactKind, Person
from segue.engine.same_person.contacts import mailbox
from segue.kit import clock


def digest_of_email(address: str) -> str:
    """Return the mark of an address; spellings of one mailbox have one mark."""
    return _digest("email", mailbox(address) or address.strip().lower())


def digest_of_id(source: str, external_id: str) -> str:
    """Return the mark of somebody's id in another system."""
    return _digest("id", f"{source}:{external_id}")


def leave_marks(person_id: UUID) -> None:
    """Note by what this person would be known again; called while they are being erased."""
    today = clock.now().date()
    rows = [ErasedMark(digest=digest, erased_on=today) for digest in sorted(set(_digests(person_id)))]
    ErasedMark.objects.bulk_create(rows, ignore_conflicts=True)


def marked(digests: Iterable[str]) -> frozenset[str]:
    """Return which of these belong to somebody erased."""
    found = ErasedMark.objects.filter(digest__in=list(digests))
    return frozenset(found.values_list("digest", flat=True))


def _digests(person_id: UUID) -> Iterator[str]:
    person = Person.objects.get(pk=person_id)
    if person.email:
        yield digest_of_email(person.email)
    if person.external_id:
        yield digest_of_id(person.external_source, person.external_id)
    for value in Fact.objects.filter(person_id=person_id, kind=FactKind.EMAIL).values_list(
        "value", flat=True
    ):
        yield digest_of_email(str(value))


def _digest(kind: str, word: str) -> str:
    key = hashlib.sha256(f"segue.catalog.erased\0{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, f"{kind}\0{word}".encode(), hashlib.sha256).hexdigest()
