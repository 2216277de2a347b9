"""What the room keeps of somebody erased: proofs that something happened, which name nobody."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import connection
from django.db.models import Q

from segue.kit.privacy import Traces, finds_traces, on_erasure
from segue.trust.models import Account, AuditLine, Consent

_SCRUB = """
UPDATE trust_auditline SET detail = (
    SELECT COALESCE(jsonb_object_agg(key, CASE WHEN value::text ILIKE ANY(%(words)s::text[])
                                               THEN '"(erased)"'::jsonb ELSE value END), '{}')
    FROM jsonb_each(detail))
WHERE detail <> '{}' AND detail::text ILIKE ANY(%(words)s::text[])
"""


@finds_traces
def words_of_accounts(person_id: UUID) -> Iterator[str]:
    """Yield the addresses and names this person signs in with."""
    for row in Account.objects.filter(person_id=person_id).values_list("email", "name"):
        yield from row


@on_erasure
def unname_proofs(traces: Traces) -> dict[str, int]:
    """Strike the name from consents and audit lines; that they acted, and on what, stays by id."""
    accounts = Account.objects.filter(person_id=traces.person_id).values_list("pk", flat=True)
    acted = Q(actor_id=traces.person_id) | Q(actor_id__in=list(accounts))
    AuditLine.objects.filter(acted).exclude(actor_name="").update(actor_name="")
    Consent.objects.filter(person_id=traces.person_id, by__in=traces.words).update(by="")
    words = Traces(traces.person_id, traces.words - {str(traces.person_id)})
    with connection.cursor() as cursor:
        cursor.execute(_SCRUB, {"words": words.patterns()})
    return {}
