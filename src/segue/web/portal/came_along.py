"""What came along with an application, as its own page shows it: documents, answers, needs, how it felt."""

from __future__ import annotations

from typing import Any

from segue.hire.models import Application, Need, Outcome
from segue.hire.queries.accommodations import own_accommodations
from segue.hire.queries.holding import hold_on
from segue.hire.queries.impressions import own_impression
from segue.hire.queries.questions import answers_to
from segue.kit.actor import Actor
from segue.trust.queries.contacts import arranger_for
from segue.trust.queries.dials import voluntary_set_for
from segue.trust.voluntary import SETS

SCORES = (1, 2, 3, 4, 5)


def what_came_along(row: Application, actor: Actor) -> dict[str, Any]:
    """Return it for the page's template; a receipt shows nothing but its own words."""
    if row.is_receipt:
        return {}
    needs = [one for one in own_accommodations(row, actor) if one.confirmed]
    asked = [need for one in needs if one.withdrawn_at is None for need in one.needs]
    return {
        "answers": answers_to(row, actor),
        "resume": row.resume,
        "hold": hold_on(row),
        "accommodations": needs,
        "need_words": dict(Need.choices),
        "needs": [(value, label, value in asked) for value, label in Need.choices],
        "arranger": next((one.contact for one in needs if one.contact), None) or arranger_for(row.job_id),
        "impression": own_impression(row, actor),
        "scores": SCORES,
        "asks_impression": row.outcome != Outcome.OPEN,
        "asks_voluntary": bool(SETS[voluntary_set_for(row.job.country)]),
    }
