"""What goes from our mail with somebody who is erased, beyond what is filed with them."""

from __future__ import annotations

from django.db import connection

from segue.kit.privacy import Traces, on_erasure


@on_erasure
def forget_held_mail(traces: Traces) -> dict[str, int]:
    """Held mail that comes from them or names them goes too, as far as its words are not encoded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM engage_arrival WHERE message_id IS NULL AND"
            " (from_address ILIKE ANY(%(words)s::text[]) OR subject ILIKE ANY(%(words)s::text[])"
            " OR encode(raw, 'escape') ILIKE ANY(%(words)s::text[]))",
            {"words": traces.patterns()},
        )
        return {"engage.Arrival": cursor.rowcount}
