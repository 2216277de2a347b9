"""The rule builder: each button is a form's, so it works without a script; with one, the count follows."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.catalog.queries.people import people_visible_to
from segue.catalog.queries.skills import all_skills
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid
from segue.learn.actions.segments.editing import edit_segment, make_segment
from segue.learn.models import Segment, SegmentKind
from segue.learn.queries.segments.counting import count_rule, preview, sample
from segue.learn.queries.segments.listing import segment_for, segments_visible_to
from segue.learn.queries.segments.rules import understand_rule
from segue.learn.queries.segments.wording import Unfilled, in_words, warnings_of
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.pages import desk_page
from segue.web.desk.segment_form import KINDS, Rule, acted, rule_posted, view_of
from segue.web.desk.toast import SeeOther, Toast, do_and_return, leave_toast

DEEPEST = 5  # groups a form is worth drawing


@talent_team
def segment_new(request: HttpRequest) -> HttpResponse:
    """Build a rule and keep it under a name."""
    return _build(request, None)


@talent_team
def segment_edit(request: HttpRequest, segment_id: uuid.UUID) -> HttpResponse:
    """Change a segment's name and rule; what that does to its people is shown before it is kept."""
    return _build(request, segment_for(actor_of(request), segment_id))


def _build(request: HttpRequest, segment: Segment | None) -> HttpResponse:
    actor, posted = actor_of(request), request.POST
    if request.method != "POST":
        rule = dict(segment.rule) if segment else {"version": 1, "rule": {"all": []}}
        typed = {"name": segment.name, "description": segment.description} if segment else {}
        return _page(request, segment, rule, {**typed, "version": segment.version if segment else 1})
    rule, do = rule_posted(posted), posted.get("do", "look")
    if do != "save":
        return _page(request, segment, acted(rule, do, posted), posted.dict())
    try:
        kept = _keep(segment, rule, posted.dict(), actor)
    except (Invalid, Conflict) as error:
        return _page(request, segment, rule, posted.dict(), refused=error)
    back = {"name": segment.name, "description": segment.description, "rule": json.dumps(segment.rule)} if (
        segment
    ) else {"archived": "1"}  # fmt: skip
    verb = "segment_restore" if segment else "segment_archive"
    leave_toast(request, Toast(_("Kept “%s”.") % kept.name, reverse(f"desk:{verb}", args=[kept.pk]), back))
    return SeeOther(reverse("desk:segment", args=[kept.pk]))


def _keep(segment: Segment | None, rule: Rule, typed: dict[str, str], actor: Actor) -> Segment:
    name, description = typed.get("name", ""), typed.get("description", "")
    if segment is None:
        return make_segment(name=name, rule=rule, description=description, by=actor)
    version = typed.get("version", "")
    new = rule if segment.kind == SegmentKind.RULE else None
    seen = int(version) if version.isdecimal() else None
    return edit_segment(segment, name=name, rule=new, description=description, version=seen, by=actor)


@talent_team
@posts_only
def segment_restore(request: HttpRequest, segment_id: uuid.UUID) -> HttpResponse:
    """Put back the name, the words and the rule from before an edit."""
    actor, posted = actor_of(request), request.POST

    def deed() -> Toast:
        segment = segment_for(actor, segment_id)
        try:
            rule = json.loads(posted.get("rule", "{}"))
        except ValueError:
            raise Invalid(_("There is nothing to put back."), remedy=_("Edit it by hand.")) from None
        ruled = rule if segment.kind == SegmentKind.RULE else None
        name, words = posted.get("name", ""), posted.get("description", "")
        edit_segment(segment, name=name, description=words, rule=ruled, by=actor)
        return Toast(_("It is as it was."))

    return do_and_return(request, reverse("desk:segment", args=[segment_id]), deed)


def _page(
    request: HttpRequest,
    segment: Segment | None,
    rule: Rule,
    typed: dict[str, Any],
    *,
    refused: Invalid | Conflict | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    others = [
        (str(one.pk), one.name)
        for one in segments_visible_to(actor)
        if segment is None or one.pk != segment.pk
    ]
    skills = all_skills()
    looked = _looked_at(rule, segment, actor, {slug for slug, _label in skills})
    wrong = refused if isinstance(refused, Invalid) else looked.get("wrong")
    if isinstance(wrong, Unfilled) and not refused:
        wrong = None  # a condition just added is no mistake yet
    return desk_page(
        request,
        "segment_edit",
        "segments",
        segment=segment,
        ruled=segment is None or segment.kind == SegmentKind.RULE,
        root=view_of(rule, wrong=wrong, segments=others),
        kinds=KINDS,
        deepest=DEEPEST,
        typed=typed,
        refused=refused,
        looked=looked,
        skills=skills,
        status=422 if refused else 200,
    )


def _looked_at(rule: Rule, segment: Segment | None, actor: Actor, skills: Collection[str]) -> dict[str, Any]:
    """What a rule comes to: its words, how many, five of them, what saving would change; or what is wrong."""
    try:
        asked = understand_rule(rule, of=segment.pk if segment else None)
    except Invalid as wrong:
        return {"wrong": wrong, "unfilled": isinstance(wrong, Unfilled)}
    ids = sample(asked, by=actor)
    people = people_visible_to(actor).in_bulk(ids)
    ruled = segment is not None and segment.kind == SegmentKind.RULE
    change = preview(segment, asked, by=actor) if segment is not None and ruled else None
    return {
        "count": change.size if change else count_rule(asked, by=actor),
        "change": change,
        "people": [people[pk] for pk in ids if pk in people],
        "words": in_words(asked.tree),
        "leanings": warnings_of(asked.tree),
        "strange": [name for name, slug in asked.skills.items() if slug not in skills],
    }
