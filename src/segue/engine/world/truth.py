"""What is true of this world and can be seen by nobody in it.

No model, feature, query or page may read these columns. They exist so that measurements can be checked
against what really holds: a simulator draws from them, an evaluation compares with them, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Hidden columns: n people, m jobs and k applications, in the order of the visible rows.

    weights (n, 10): taste over `choice.ATTRIBUTES`. person_fit (n, 6) and job_fit (m, 6): chemistry.
    skill_levels (n, skills): float16 in [0, 1] in the order of the visible skills. reservation_usd (n,):
    the yearly pay below which they decline. interest (n,): how much they look for work, in logs.
    acceptance (n,): readiness to accept, in logits. job_traits (m, 5) over `choice.TRAITS`.
    job_pay_usd (m,): yearly midpoint. application_utility, application_quality (k,): worth of the job to
    the person, and of the person to the job, standardised. outcome_draws (k, 4): the chance part of screen,
    interview, offer and acceptance.
    """

    attributes: tuple[str, ...]
    weights: Floats
    person_fit: Floats
    skill_levels: npt.NDArray[np.float16]
    reservation_usd: Floats
    interest: Floats
    acceptance: Floats
    job_traits: Floats
    job_fit: Floats
    job_pay_usd: Floats
    application_utility: Floats
    application_quality: Floats
    outcome_draws: Floats
