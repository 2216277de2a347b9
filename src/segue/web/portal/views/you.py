"""You: what we hold about you and where it is from, what you saved, what you applied for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from segue.catalog.actions.facts import (
    Said,
    confirm_fact,
    correct_fact,
    retract_fact,
    state_facts,
    undo_fact,
)
from segue.catalog.models import Fact, FactSource, Person
from segue.catalog.queries.fact_stories import fact_stories
from segue.catalog.queries.people import facts_of, resumes_of
from segue.hire.actions.applications import settle_claim
from segue.hire.queries.applications import applications_of, pending_claims, timeline_of
from segue.hire.queries.pipelines import told
from segue.hire.queries.questions import with_all_they_sent
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotFound
from segue.learn.queries.segments.listing import segments_of
from segue.learn.queries.tastes import taste_export
from segue.recommend.queries.stances import saved_jobs
from segue.trust.queries.consent import consents_of
from segue.trust.queries.looks import looks_at
from segue.trust.queries.voluntary import own_voluntary
from segue.web.actors import candidates_only
from segue.web.portal.correcting import corrected
from segue.web.portal.doors import SeeOther, candidate_of, me, next_of
from segue.web.portal.profile import TYPED, export_of, lines_of, taken_out
from segue.web.portal.resume_file import ACCEPTED


@require_safe
@candidates_only
def you(request: HttpRequest) -> HttpResponse:
    """Show the profile, line by line, with where each line is from and what else is and was said."""
    return _page(request)


@require_POST
@candidates_only
def fact(request: HttpRequest, fact_id: int) -> HttpResponse:
    """Confirm a line, put it right, or take it out; each can be undone."""
    actor, person = me(request)
    found = next((row for row in facts_of(person, actor) if row.pk == fact_id), None)
    if found is None:
        raise NotFound(_("This line has changed since you looked."), remedy=_("Load the page again."))
    do = request.POST.get("do")
    try:
        if do == "confirm":
            done, said = confirm_fact(found, by=actor), _("Confirmed. Thank you.")
        elif do == "correct":
            value = corrected(found.kind, request.POST.dict())
            done, said = correct_fact(found, value=value, by=actor), _("Put right. Thank you.")
        else:
            done, said = retract_fact(found, by=actor), _("Taken out of your profile. It stays out.")
    except Invalid as refused:
        return _page(request, wrong=(fact_id, f"{refused.message} {refused.remedy}".strip()), status=422)
    _tell(request, said, done)
    place = f"#line-{done.pk}" if do in {"confirm", "correct"} else ""
    return SeeOther(reverse("portal:you") + place)


@require_POST
@candidates_only
def fact_undo(request: HttpRequest, fact_id: int) -> HttpResponse:
    """Take back a confirmation, a correction, something typed, or the taking out of something."""
    actor, person = me(request)
    words = (word for story in fact_stories(person, actor) for word in story.words)
    found = next((word.fact for word in words if word.fact.pk == fact_id), None)
    if found is None:
        raise NotFound(_("This line has changed since you looked."), remedy=_("Load the page again."))
    try:
        undo_fact(found, by=actor)
        messages.info(request, _("Taken back. It is as it was."))
    except Conflict as refused:
        messages.info(request, f"{refused.message} {refused.remedy}".strip())
    return SeeOther(next_of(request, reverse("portal:you")))


@require_POST
@candidates_only
def say(request: HttpRequest) -> HttpResponse:
    """Take a correction or something new, in the person's own words."""
    actor, person = me(request)
    kind, value = request.POST.get("kind", ""), request.POST.get("value", "").strip()
    if kind not in {name for name, _label in TYPED} or not value:
        raise Invalid(_("There was nothing to keep."), field="value", remedy=_("Write something, then save."))
    known = {row.pk for row in facts_of(person, actor)}
    (kept,) = state_facts(person, [Said(kind, value)], source=FactSource.CANDIDATE, by=actor)
    _tell(request, _("Kept."), kept if kept.pk not in known else None)
    return SeeOther(reverse("portal:you"))


def _tell(request: HttpRequest, said: str, done: Fact | None) -> None:
    undo = reverse("portal:fact_undo", args=[done.pk]) if done else ""
    messages.info(request, said, extra_tags=undo)


def _page(request: HttpRequest, wrong: tuple[int, str] = (0, ""), status: int = 200) -> HttpResponse:
    actor, person = me(request)
    stories = fact_stories(person, actor)
    context = {
        "person": person,
        "sections": lines_of(stories),
        "taken_out": taken_out(stories),
        "resumes": resumes_of(person, actor),
        "claims": list(pending_claims(person.pk, actor)),
        "segments": segments_of(person.pk, by=actor),
        "typed": TYPED,
        "accept": ACCEPTED,
        "wrong_id": wrong[0],
        "wrong": wrong[1],
    }
    return render(request, "portal/you.html", context, status=status)


@require_POST
@candidates_only
def claim(request: HttpRequest) -> HttpResponse:
    """Say whether an application sent under one's address, not signed in, was one's own."""
    actor, person_id = candidate_of(request)
    wanted = request.POST.get("claim", "")
    found = next((row for row in pending_claims(person_id, actor) if str(row.pk) == wanted), None)
    if found is not None:
        theirs = request.POST.get("theirs") == "yes"
        settle_claim(found, theirs=theirs, by=actor)
        messages.info(request, _("Added to your profile.") if theirs else _("Left out of your profile."))
    return SeeOther(reverse("portal:you"))


@require_safe
@candidates_only
def saved(request: HttpRequest) -> HttpResponse:
    """List what was saved for later."""
    actor, person_id = candidate_of(request)
    return render(request, "portal/saved.html", {"rows": saved_jobs(person_id, actor)})


@require_safe
@candidates_only
def applications(request: HttpRequest) -> HttpResponse:
    """List the person's applications, newest first."""
    actor, person_id = candidate_of(request)
    rows = list(applications_of(person_id, actor))
    return render(request, "portal/applications.html", {"rows": list(zip(rows, told(rows), strict=True))})


@require_safe
@candidates_only
def download(request: HttpRequest) -> HttpResponse:
    """Hand out what we hold about the person as one file."""
    actor, person = me(request)
    response = JsonResponse(
        _everything(actor, person), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def _everything(actor: Actor, person: Person) -> dict[str, object]:
    return export_of(
        person,
        facts=facts_of(person, actor),
        resumes=resumes_of(person, actor),
        applications=list(with_all_they_sent(applications_of(person.pk, actor))),
        voluntary=own_voluntary(person.pk, actor),
        consents=consents_of(person.pk, actor),
        timeline=timeline_of(person, actor),
        taste=taste_export(person.pk, by=actor),
        looks=list(looks_at(person.pk, actor).order_by("pk")),
    )
