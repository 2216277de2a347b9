"""Kits and panels for stories about interviews."""

from __future__ import annotations

from collections.abc import Sequence

from segue.hire.actions.kits import KitWords, save_kit
from segue.hire.actions.panels import ask_interviewer
from segue.hire.actions.pipelines import choose_default_template, save_template
from segue.hire.actions.scorecards import CardWords, submit_scorecard
from segue.hire.models import Application, Competency, Panelist, Pipeline, Scorecard
from segue.hire.models.pipelines import FIRST_STAGES
from segue.trust.models import Account
from tests.factories import cast
from tests.factories.rows import make_application

ANCHORS = ("Talks over people", "Waits to talk", "Asks and hears", "Brings out what others meant")
EVIDENCE = "Asked twice, then said it back in her words."


def kit_words(*names: str, keys: Sequence[str] = ()) -> KitWords:
    """Return a kit that looks for these competencies."""
    known = dict(enumerate(keys))
    return KitWords(
        purpose="To hear how they work with others.",
        questions=["When did you last change your mind?"],
        competencies=[
            Competency(known.get(at, ""), name, "Listen for it.", ANCHORS) for at, name in enumerate(names)
        ],
    )


def make_template() -> Pipeline:
    """Make the template new jobs follow: the one that came with the tables may have been emptied."""
    by = cast.actor(cast.rosa())
    return choose_default_template(save_template("Ours", stages=FIRST_STAGES, by=by), by=by)


def make_panel(
    *accounts: Account, application: Application | None = None, names: Sequence[str] = ("Listening",)
) -> list[Panelist]:
    """Ask these colleagues about somebody who stands at the interview, with a kit of these competencies."""
    by = cast.actor(cast.rosa())
    row = application or make_application(stage="interview")
    row.refresh_from_db()
    save_kit(row.job, step=row.step, words=kit_words(*names), by=by)
    return [ask_interviewer(row, account=account, by=by) for account in accounts]


def submit(place: Panelist, *, rating: int = 3, recommendation: str = "yes", seen: int = 0) -> Scorecard:
    """Hand in a card that rates everything alike, with evidence."""
    kit = place.application.job.kits.filter(step=place.step).latest("version")
    keys = [each.key for each in kit.looked_for]
    words = CardWords(
        dict.fromkeys(keys, rating), dict.fromkeys(keys, EVIDENCE), recommendation, EVIDENCE, seen
    )
    return submit_scorecard(place, words=words, by=cast.actor(place.account))
