"""Writing interview kits: every change is a version, and a job's own begins as its template's."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from segue.catalog.models import Job
from segue.hire.actions.deciding import named_human
from segue.hire.models import Competency, Kit, Pipeline
from segue.hire.queries.kits import (
    FIRST_HOURS,
    KitPlace,
    kit_at,
    stage_of_job,
    stage_of_template,
    template_kit,
)
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, Invalid, NotAllowed

MOST_COMPETENCIES = 12
MOST_QUESTIONS = 40
LONGEST = 2_000
LONGEST_NAME = 80
LONGEST_WAIT_HOURS = 24 * 60


@dataclass(frozen=True, slots=True)
class KitWords:
    """What a kit says. Without a competency and a purpose the stage has no kit."""

    purpose: str = ""
    questions: Sequence[str] = ()
    competencies: Sequence[Competency] = ()
    due_hours: int = FIRST_HOURS
    decide_hours: int = FIRST_HOURS

    @property
    def says_nothing(self) -> bool:
        return not (self.purpose or self.questions or self.competencies)


@action("hire.save_kit")
def save_kit(place: Job | Pipeline, *, step: str, words: KitWords, by: Actor) -> Kit:
    """Write the kit of a stage of a job, or of a template, as its next version; nothing new changes nothing.

    Cards that are begun keep the version they were begun with. A kit that says nothing is taken away.
    Raises NotAllowed, NotFound for an unknown stage, Invalid.
    """
    where = _place(place, step, by)
    before = _newest(where)
    said = checked_kit(words, known=before.looked_for if before else ())
    if before is not None and _same(before, said):
        return before
    return _next_version(where, before, said, by=by)


@action("hire.undo_kit")
def undo_kit(kit: Kit, *, by: Actor) -> Kit:
    """Say again what a kit said before this version. Raises NotAllowed, Conflict if it was changed since."""
    place: Job | Pipeline | None = kit.job
    if place is None:
        place = Pipeline.objects.filter(job=None, name=kit.template).order_by("-version").first()
    if place is None:
        raise Conflict(_("This template is not there any more."))
    where = _place(place, kit.step, by)
    newest = where.versions.select_for_update().first()
    if newest is None or newest.pk != kit.pk:
        raise Conflict(_("The kit has been changed again since."), remedy=_("Load the page again."))
    earlier = where.versions.filter(version=kit.version - 1).first()
    earlier = earlier or template_kit(where)  # before its first own version it followed the template
    return _next_version(where, newest, _words_of(earlier) if earlier else KitWords(), by=by)


def pin_kit(job_id: uuid.UUID, step: str) -> Kit | None:
    """Give a job its own copy of the kit it followed, from the first use on; call it in a transaction.

    Later changes of the template are then no surprise for people who are already asked.
    """
    found = kit_at(job_id, step)
    if found is None or found.job_id:
        return found
    where = KitPlace(job_id, "", step)
    copy = _version_of(where, _words_of(found), version=1)
    Kit.objects.bulk_create([copy], ignore_conflicts=True)  # two may be asked at once
    return kit_at(job_id, step)


def checked_kit(words: KitWords, known: Sequence[Competency] = ()) -> KitWords:
    """Return a kit's words tidied, new competencies with a key of their own. Raises Invalid."""
    questions = [line for line in map(_line, words.questions) if line]
    taken = {each.key for each in (*words.competencies, *known)}
    tidy: list[Competency] = []
    for each in words.competencies:
        one = _tidied(each, taken)
        taken.add(one.key)
        tidy.append(one)
    wrong = ""
    if len(questions) > MOST_QUESTIONS or len(tidy) > MOST_COMPETENCIES:
        wrong = _("These are more than an interview can hold.")
    elif len({each.name.casefold() for each in tidy}) < len(tidy):
        wrong = _("Two competencies have the same name.")
    elif max(map(len, [words.purpose, *questions])) > LONGEST:
        wrong = _("This is longer than somebody reads before an interview.")
    elif not all(0 < hours <= LONGEST_WAIT_HOURS for hours in (words.due_hours, words.decide_hours)):
        wrong = _("A clock needs between one hour and 60 days.")
    if wrong:
        raise Invalid(wrong, field="kit", remedy=_("Take up to 12 competencies and 40 questions, in short."))
    purpose = words.purpose.strip().replace("\r\n", "\n").replace("\x00", "")
    return replace(words, purpose=purpose, questions=questions, competencies=tidy)


def _tidied(each: Competency, taken: set[str]) -> Competency:
    name = _line(each.name)
    first, second, third, fourth = map(_line, each.anchors)
    anchors = (first, second, third, fourth)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(
            _("Every competency needs a name."), field="competencies", remedy=_("Use up to 80 characters.")
        )
    if not all(anchors) or max(map(len, anchors)) > LONGEST:
        raise Invalid(
            _("“%s” needs an anchor for each rating.") % name,
            field="competencies",
            remedy=_("Say in a sentence what 1, 2, 3 and 4 look like, so that all mean the same."),
        )
    guidance = _line(each.guidance)[:LONGEST]
    return Competency(_line(each.key) or _new_key(name, taken), name, guidance, anchors)


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _new_key(name: str, taken: set[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30] or "competency"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def _place(place: Job | Pipeline, step: str, by: Actor) -> KitPlace:
    named_human(by)
    if isinstance(place, Job):
        manages = by.role is Role.HIRING_MANAGER and place.pk in by.job_ids
        if not (by.is_talent_team or manages):
            raise NotAllowed(
                _("Only the talent team and this job's hiring manager write its kits."),
                remedy=_("Ask a recruiter."),
            )
        return KitPlace(place.pk, "", stage_of_job(place.pk, step).key)
    if not by.is_talent_team:
        raise NotAllowed(_("Only the talent team writes templates."), remedy=_("Ask a recruiter."))
    return KitPlace(None, place.name, stage_of_template(place, step).key)


def _newest(where: KitPlace) -> Kit | None:
    """Return the version that is in force, a job's own or the template's it follows."""
    own = where.versions.select_for_update().first()
    return own or template_kit(where)


def _next_version(where: KitPlace, before: Kit | None, words: KitWords, *, by: Actor) -> Kit:
    own = before is not None and before.job_id == where.job_id
    version = before.version + 1 if before is not None and own else 1
    kit = _version_of(where, words, version=version)
    kit.made_by_id = by.account_id
    kit.save(force_insert=True)
    return kit


def _version_of(where: KitPlace, words: KitWords, *, version: int) -> Kit:
    return Kit(
        job_id=where.job_id,
        template=where.template,
        step=where.step,
        version=version,
        purpose=words.purpose,
        questions=list(words.questions),
        competencies=[each.as_json() for each in words.competencies],
        due_hours=words.due_hours,
        decide_hours=words.decide_hours,
        is_retired=words.says_nothing,
    )


def _words_of(kit: Kit) -> KitWords:
    return KitWords(kit.purpose, kit.questions, kit.looked_for, kit.due_hours, kit.decide_hours)


def _same(kit: Kit, words: KitWords) -> bool:
    return _words_of(kit) == words and kit.is_retired == words.says_nothing
