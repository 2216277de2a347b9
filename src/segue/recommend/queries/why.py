"""The full answer to "why this?"."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from segue.kit.actor import Actor
from segue.kit.errors import NotFound
from segue.recommend.cards import Why, WhyFactor
from segue.recommend.models import Exposure
from segue.recommend.wording import factor_words, reason_text, shelf_title
from segue.trust.models import Purpose


def why_card(exposure_id: uuid.UUID, *, by: Actor) -> Why:
    """Explain one dealt card to the person it was dealt to (or to our own processes)."""
    row = (
        Exposure.objects.select_related("job", "slate__anchor_job", "slate__decision")
        .filter(pk=exposure_id)
        .first()
    )
    if row is None or (row.person_id != by.person_id and not by.is_machine):
        raise NotFound("There is no such card on your shelves.", field="card", remedy="Go back to your home.")
    anchor = row.slate.anchor_job if row.slate else None
    granted = row.slate.decision.inputs.get("granted", []) if row.slate else []
    return Why(
        job=row.job,
        reason=reason_text(row.reason_code, row.reason_args),
        factors=_factors(row.factors),
        score=row.score,
        shelf_title=shelf_title(row.shelf, anchor.title if anchor else ""),
        policy_id=row.policy_id,
        model_hash=row.model_hash,
        propensity=row.propensity,
        data_used=_data_used(granted),
    )


def _factors(rows: list[dict[str, float | str]]) -> list[WhyFactor]:
    """Largest first; factors that said nothing are left out, so the sum still holds."""
    spoken = [row for row in rows if row["contribution"]]
    largest = max((abs(float(row["contribution"])) for row in spoken), default=1.0)
    found = []
    for row in spoken:
        label, meaning = factor_words(str(row["name"]))
        part = float(row["contribution"])
        found.append(WhyFactor(label, meaning, part, part / largest))
    return found


def _data_used(granted: list[str]) -> list[str]:
    used = [_("When each job was posted")]
    if Purpose.PROFILE in granted:
        used.append(_("Your profile, résumé and wishes"))
    if Purpose.BEHAVIOUR in granted:
        used.append(_("What you opened, saved, liked, skipped or hid"))
    return used
