"""Interviews of the invented company: kits for its stages, cards that are in, and cards that are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from segue.hire.actions.kits import KitWords, pin_kit, save_kit
from segue.hire.models import Application, Competency, Debrief, Kit, Outcome, Panelist, Scorecard
from segue.hire.queries.pipelines import default_template
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.trust.models import Account, JobMember

MOST = 24
INTERVIEWED = ("interview", "onsite")

TALKING = Competency("", "Working with others", "Ask for a disagreement, and how it ended.", (
    "Blames others, or has no example.",
    "Names a conflict, and waited for somebody else to end it.",
    "Heard the other side, and found a way both could live with.",
    "Changed their own mind in it, and the other would say the same.",
))  # fmt: skip
CRAFT = Competency("", "Craft", "Let them walk through a piece of work they know well.", (
    "Cannot say what was theirs, or why it was done so.",
    "Knows the steps, and not what they were weighed against.",
    "Names what they weighed, and what they would do otherwise today.",
    "Teaches us something, and says where it stops being true.",
))  # fmt: skip
LEARNING = Competency("", "Learning", "What did they not know a year ago?", (
    "Nothing comes to mind.",
    "Was sent to a course.",
    "Saw a gap, and closed it with a plan of their own.",
    "Closed it, and took others along.",
))  # fmt: skip
WANTING = Competency("", "Why this job", "What do they hope for, and what would make them leave?", (
    "Any job would do.",
    "Knows the title, and little of the work.",
    "Names what in this work they look for.",
    "Has looked into it, and asks what only somebody who wants it would.",
))  # fmt: skip
DAILY = Competency("", "The days as they are", "Shifts, places, start: say how it is, and hear.", (
    "Could not do these days as they are.",
    "Could for a while, at a cost.",
    "These days suit them.",
    "They are the reason to come.",
))  # fmt: skip

KITS: dict[str, KitWords] = {
    "screen": KitWords(
        "Whether both sides want to go on: twenty minutes by phone.",
        ("What made you stop at this job?", "How would a good week here look for you?"),
        (WANTING, DAILY),
        due_hours=24,
    ),
    "interview": KitWords(
        "How they work, from things they did. Everybody is asked the same.",
        (
            "Tell us about a piece of work you are proud of.",
            "When did you last disagree with somebody you work with?",
            "What did you not know a year ago?",
        ),
        (CRAFT, TALKING, LEARNING),
    ),
    "onsite": KitWords(
        "A day’s work together: a task close to the real one, with those they would work with.",
        ("Here is something we are stuck on: how would you begin?", "What do you want to ask of us?"),
        (CRAFT, TALKING),
        decide_hours=24,
    ),
}
EVIDENCE: dict[str, tuple[str, str, str, str]] = {
    "craft": (
        "Asked twice what was theirs in it; the answer stayed “we”.",
        "Knew each step, and said it is done so because it always was.",
        "Weighed two ways aloud, chose the plainer one, and said what it costs.",
        "Drew the whole on one page, named its weak point first, and what would prove it wrong.",
    ),
    "working-with-others": (
        "Asked three times; no example came, and in the end a colleague was to blame.",
        "Told of a quarrel about shifts, and that a manager settled it.",
        "Went to see the other team for a day, and found why they had refused.",
        "Said what they had got wrong themselves, and how the other half was better.",
    ),
    "learning": (
        "Said that there was nothing to learn in the last place.",
        "Was sent to a course, and could name one thing from it.",
        "Built a small thing at home to understand what went wrong at work.",
        "Learnt it, wrote it down for the team, and showed two others.",
    ),
}
SUMMARY = {
    "strong_yes": "I would like to learn from this person.",
    "yes": "Steady, honest about the gaps, and good to talk to.",
    "no": "Kind, and not yet far enough for this work on their own.",
    "strong_no": "Twice said what was not so, and held on to it.",
}


@dataclass(frozen=True, slots=True)
class Story:
    """How one panel stands: what each handed in (None: not yet), and when cards and decision are due."""

    cards: tuple[tuple[str, tuple[int, ...]] | None, ...]
    due_in_h: int
    decide_in_h: int = 0


STORIES = (
    Story((("yes", (3, 3, 4)), ("strong_yes", (4, 3, 3))), -30, 20),
    Story((("yes", (3, 4, 3)), None), 26),
    Story((("strong_yes", (4, 4, 3)), ("no", (2, 1, 3))), -60, -10),
    Story((None, None), -5),
    Story((None, ("no", (2, 3, 2))), 40),
)


def settle_interviews(staff: dict[str, Account]) -> None:
    """Write the template's kits, and let some people of the company be interviewed by them."""
    template, recruiter = default_template(), _first(staff, Role.RECRUITER)
    interviewers = [one for one in staff.values() if one.role == Role.INTERVIEWER.value]
    if template is None or recruiter is None or len(interviewers) < 2:
        return
    by = Actor(role=Role.RECRUITER, name=recruiter.name, account_id=recruiter.pk)
    for step, words in KITS.items():
        save_kit(template, step=step, words=words, by=by)
    managers = _managers()
    for at, application in enumerate(_interviewed(managers, staff)):
        manager = managers.get(application.job_id)
        others = [interviewers[1 + at % (len(interviewers) - 1)], *([manager] if manager else [])]
        _tell(STORIES[at % len(STORIES)], application, (interviewers[0], others[at % len(others)]), recruiter)


def _first(staff: dict[str, Account], role: Role) -> Account | None:
    return next((one for one in staff.values() if one.role == role.value), None)


def _managers() -> dict[object, Account]:
    rows = JobMember.objects.filter(duty="hiring_manager").select_related("account")
    return {row.job_id: row.account for row in rows}


def _interviewed(managers: dict[object, Account], staff: dict[str, Account]) -> list[Application]:
    """Return whom the panels are about: those of the standing manager's jobs first."""
    manager = _first(staff, Role.HIRING_MANAGER)
    rows = Application.objects.filter(outcome=Outcome.OPEN, step__in=INTERVIEWED).select_related("job")
    newest = rows.order_by("-moved_at", "external_id")[: 40 * MOST]
    return sorted(newest, key=lambda row: managers.get(row.job_id) != manager)[:MOST]


def _tell(story: Story, application: Application, panel: Sequence[Account], recruiter: Account) -> None:
    kit, now = pin_kit(application.job_id, application.step), clock.now()
    due = now + timedelta(hours=story.due_in_h)
    asked = min(due, now) - timedelta(hours=50)
    Panelist.objects.bulk_create(
        [
            Panelist(
                application=application,
                step=application.step,
                account=account,
                due_at=due,
                asked_at=asked,
                asked_by=recruiter,
            )
            for account in panel
        ]
    )
    for account, said in zip(panel, story.cards, strict=True):
        if said is not None:
            _hand_in(application, kit, account, said, at=min(due, now) - timedelta(hours=3))
    if all(story.cards):
        ready = min(due, now) - timedelta(hours=3)
        decide = now + timedelta(hours=story.decide_in_h)
        Debrief.objects.create(application=application, step=application.step, ready_at=ready, due_at=decide)


def _hand_in(
    application: Application,
    kit: Kit | None,
    account: Account,
    said: tuple[str, tuple[int, ...]],
    *,
    at: datetime,
) -> None:
    recommendation, ratings = said
    asked = kit.looked_for if kit else []
    Scorecard.objects.create(
        application=application,
        step=application.step,
        kit=kit,
        author=account,
        ratings={
            each.key: {"rating": rating, "notes": EVIDENCE[each.key][rating - 1]}
            for each, rating in zip(asked, ratings, strict=False)
        },
        recommendation=recommendation,
        summary=SUMMARY[recommendation],
        revision=1,
        begun_at=at - timedelta(minutes=20),
        saved_at=at,
        submitted_at=at,
    )
