"""The public figures this world is calibrated to, and the stage rates that follow from them.

Chain: of 86 candidates 17 % are screened, 32 % of those come on site, 1.5 offers follow and 69 % are
accepted (59 % among engineers). Hire rates by source: referral 1/16, agency 1/22, sourced 1/72,
applicant 1/152. Latencies: review within 7 days, interview at day 15, filled at day 40, with a median
time to hire of 38 days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segue.engine.world.people import SOURCE_SHARES

Floats = npt.NDArray[np.float64]

CANDIDATES, SCREENED, ONSITE, OFFERS = 86, 0.17, 0.32, 1.5
ACCEPTED, ACCEPTED_ENGINEERS = 0.69, 0.59
HIRE_RATE = np.array([1 / 16, 1 / 22, 1 / 72, 1 / 152])  # in the order of records.SOURCES
# (median days, log spread) from one stage to the next: review, interview, on site, offer, start agreed
STEP_DAYS = ((3.2, 0.70), (9.5, 0.40), (7.3, 0.40), (7.3, 0.40), (5.0, 0.50))
REJECT_DAYS = (6.0, 0.60)
UNREAD_SHARE = 0.28  # of applications that are not screened, those nobody opens before the job closes
WITHDRAW_SHARE = (
    0.03,
    0.12,
    0.15,
    0.15,
)  # of those who do not move on from applied, screen, interview, onsite


@dataclass(frozen=True, slots=True, eq=False)
class StageRates:
    """Chance to pass each stage given the one before, by source: arrays of shape (4,)."""

    screen: Floats
    interview: Floats
    onsite: Floats
    offer: Floats


def stage_rates() -> StageRates:
    """Rates by source that give both the chain and the hire rates at the world's mix of sources.

    The advantage of a source is spread over the stages: half on screening, a quarter on the way on
    site, the rest on the offer. Interviews sit between, dividing screen-to-onsite in equal parts.

    >>> rates = stage_rates()
    >>> round(float((rates.screen * rates.onsite * rates.interview * rates.offer)[-1] * ACCEPTED * 152), 6)
    1.0
    """
    share = np.array(SOURCE_SHARES)
    offers = HIRE_RATE / ACCEPTED
    advantage = offers / (share @ offers)
    screen = SCREENED * advantage**0.5 / (share @ advantage**0.5)
    flow = share * screen
    onsite = ONSITE * advantage**0.25 * flow.sum() / (flow @ advantage**0.25)
    offer = offers / (screen * onsite)
    return StageRates(screen, onsite**0.5, onsite**0.5, offer)
