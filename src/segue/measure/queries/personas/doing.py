"""What they respond to and how far they come: from the ledger, by those who allow it, and applications."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from django.db import connection
from django.utils.translation import gettext as _

from segue.hire.models import Stage, StageEntry
from segue.kit import clock
from segue.measure.queries.personas.crowds import Crowds
from segue.measure.queries.personas.figures import LEAST, MOST, Figure

WITHIN_DAYS = 180
OPENED, SAVED, SKIPPED = "card.clicked", "card.saved", "card.skipped"
SHOWN, DISMISSED, APPLIED = "card.shown", "card.dismissed", "application.submitted"
TURNED_AWAY = (SKIPPED, "card.less", "card.hidden")
_PARTS = {OPENED: "opened", SAVED: "saved", SKIPPED: "skipped"}
# Who did what with which department's jobs; what was taken back did not happen.
_DONE = """
SELECT s.person_id, s.kind, j.department, s.props ->> 'reason' FROM listen_signal s
LEFT JOIN catalog_job j ON j.id = s.job_id
WHERE s.kind = ANY(%(kinds)s) AND s.tier IN ('A', 'B') AND s.received_at >= %(since)s
  AND s.person_id IS NOT NULL AND s.undoes_id IS NULL AND NOT EXISTS (
    SELECT 1 FROM listen_signal u WHERE u.undoes_id = s.id AND u.received_at >= %(since)s)
GROUP BY 1, 2, 3, 4
"""
_STAGES = ("interview", "offer", "hired")


@dataclass
class Done:
    """By person: departments whose cards they saw, opened, saved, skipped; reasons given; steps reached."""

    families: dict[str, dict[uuid.UUID, set[str]]] = field(default_factory=lambda: defaultdict(dict))
    reasons: dict[uuid.UUID, set[str]] = field(default_factory=dict)
    steps: dict[str, set[uuid.UUID]] = field(default_factory=lambda: defaultdict(set))


def read_done(crowds: Crowds) -> Done:
    """Read what those who allow it did in the last WITHIN_DAYS, and how far applications came ever."""
    done = Done()
    kinds = [SHOWN, OPENED, SAVED, *TURNED_AWAY, DISMISSED]
    with connection.cursor() as cursor:
        cursor.execute(_DONE, {"kinds": kinds, "since": clock.now() - timedelta(days=WITHIN_DAYS)})
        for person, kind, department, reason in cursor:
            if person not in crowds.behaviour:
                continue
            if kind == DISMISSED:
                done.reasons.setdefault(person, set()).update([reason] if reason else [])
                continue
            part = SKIPPED if kind in TURNED_AWAY else kind
            done.steps[part].add(person)
            if department:
                done.families[part].setdefault(person, set()).add(department)
    stages = StageEntry.objects.values_list("application__person_id", "stage", "outcome").distinct()
    for person, stage, _outcome in stages.iterator(5_000):
        done.steps[APPLIED].add(person)
        for step in _reached(stage):
            done.steps[step].add(person)
    return done


def responses(done: Done, crowds: Crowds) -> dict[str, list[Figure]]:
    """For each job family: of the people who were shown its jobs, how many opened, saved, skipped one."""
    saw = done.families[SHOWN]
    seen = _tally(saw, crowds)
    found: dict[str, list[Figure]] = {}
    for family in sorted(seen[0], key=lambda one: (-seen[0][one], one)):
        for kind, part in _PARTS.items():
            acted = {p: {family} for p, families in done.families[kind].items() if family in families}
            both = {p: v for p, v in acted.items() if family in saw.get(p, ())}
            inside, outside = _tally(both, crowds)
            figure = Figure(
                f"{part}-{family}", family, inside[family], seen[0][family], outside[family], seen[1][family]
            )
            found.setdefault(part, []).append(figure)
    return {part: figures[:MOST] for part, figures in found.items()}


def reasons(done: Done, crowds: Crowds) -> list[Figure]:
    """Of the people who gave a reason for putting a card away, how many gave each."""
    gave = {person: said for person, said in done.reasons.items() if said}
    inside, outside = _tally(gave, crowds)
    n, other_n = crowds.split(gave)
    every = sorted(inside.keys() | outside.keys(), key=lambda one: (-inside[one], one))
    return [Figure(f"reason-{one}", one, inside[one], n, outside[one], other_n) for one in every]


def funnel(done: Done, crowds: Crowds) -> list[Figure]:
    """How many of them came how far, and of everybody else.

    Shown, opened and saved are counted of those who allow their behaviour to be used; from the application on
    of everybody, since that is what was asked of us.
    """
    base = crowds.split(crowds.behaviour)
    all_of_them = crowds.split(crowds.everybody)
    found = []
    for step, label in _steps():
        n, other_n = base if step in (SHOWN, OPENED, SAVED) else all_of_them
        inside, outside = crowds.split(done.steps[step] & crowds.everybody)
        found.append(Figure(f"funnel-{step}", label, inside, n, outside, other_n))
    return found


def passages(done: Done, crowds: Crowds) -> list[Figure]:
    """Of those who came to a step of hiring, how many came to the next."""
    found = []
    for (step, label), (after, next_label) in pairwise(_steps()[3:]):
        here = done.steps[step] & crowds.everybody
        inside, outside = crowds.split(here)
        further, further_outside = crowds.split(done.steps[after] & here)
        words = _("from %(here)s to %(next)s") % {"here": label, "next": next_label}
        found.append(Figure(f"passage-{after}", words, further, inside, further_outside, outside))
    return [one for one in found if one.n >= LEAST]


def _steps() -> tuple[tuple[str, str], ...]:
    return (
        (SHOWN, _("Shown a job")),
        (OPENED, _("Opened one")),
        (SAVED, _("Saved one")),
        (APPLIED, _("Applied")),
        (_STAGES[0], _("Interview")),
        (_STAGES[1], _("Offer")),
        (_STAGES[2], _("Hired")),
    )


def _reached(stage: str) -> list[str]:
    """The steps of a card that being in a stage means."""
    order = list(Stage.values)
    first = {"interview": Stage.INTERVIEW, "offer": Stage.OFFER, "hired": Stage.HIRED}
    return [step for step, begin in first.items() if order.index(stage) >= order.index(begin)]


def _tally(values: Mapping[uuid.UUID, Iterable[str]], crowds: Crowds) -> tuple[Counter[str], Counter[str]]:
    return crowds.tally(values, crowds.behaviour)
