"""Watch whether the cards dealt lately score as those did that were dealt first."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.learn.actions.drift import measure_drift
from segue.learn.models import Drift, Model, Reign
from segue.learn.queries.lexicon import LEXICON, champion_hash
from segue.recommend.models import Exposure

LATELY = timedelta(days=7)
MOST = 20_000


@action("recommend.watch_cards")
def watch_cards(*, by: Actor) -> int:
    """Compare scores and features of the week's cards with the first dealt under this lexicon.

    Returns how many measures could be compared; the first time there are enough cards they become the
    reference.
    """
    hash_ = champion_hash(LEXICON)
    if not hash_:
        return 0
    model = Model.objects.defer("blob").get(pk=hash_)
    since = clock.now() - LATELY
    reign = Reign.objects.filter(kind=LEXICON).order_by("-id").first()
    taken = Drift.objects.filter(model=model, measure="score").values_list("reference_at", flat=True).first()
    starts = [since, *([reign.began_at] if reign else []), *([taken] if taken else [])]
    return measure_drift(model, measures=_measures(max(starts)), by=by)


def _measures(since: object) -> dict[str, list[float]]:
    cards = Exposure.objects.filter(dealt_at__gt=since).order_by("-pk").values_list("score", "factors")[:MOST]
    found: dict[str, list[float]] = defaultdict(list)
    for score, factors in cards.iterator():
        found["score"].append(score)
        for one in factors:
            found[f"feature {one['name']}"].append(one["value"])
    return dict(found)
