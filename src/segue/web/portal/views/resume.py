"""Your résumé: hand it in, see what was read and where it says so, and put right what is wrong."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from segue.catalog.actions.facts import confirm_fact, correct_fact, retract_fact
from segue.catalog.actions.people import take_resume_file
from segue.catalog.models import Fact
from segue.catalog.queries.people import facts_of
from segue.catalog.queries.precedence import is_denial
from segue.catalog.queries.resumes import latest_resume, read_from, troubles_in
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.kit.htmx import wants_fragment
from segue.web.actors import candidates_only
from segue.web.portal.correcting import corrected
from segue.web.portal.doors import SeeOther, me
from segue.web.portal.profile import in_full
from segue.web.portal.reading import read_line, trouble_in_words
from segue.web.portal.resume_file import ACCEPTED, content_of, name_of


@require_safe
@candidates_only
def reading(request: HttpRequest) -> HttpResponse:
    """Show what was read from the newest résumé, line by line."""
    return _page(request)


@require_POST
@candidates_only
def upload(request: HttpRequest) -> HttpResponse:
    """Take a résumé as a file and show what it was read as; a file we cannot read says why, in place."""
    actor, person = me(request)
    file = request.FILES.get("resume_file")
    try:
        if file is None:
            raise Invalid(_("There is no file yet."), field="resume_file", remedy=_("Choose one."))
        _resume, is_new = take_resume_file(person, content=content_of(file), name=name_of(file), by=actor)
    except Invalid as refused:
        return _page(request, error=f"{refused.message} {refused.remedy}".strip(), status=422)
    known = _("We have this one already. This is how we read it.")
    messages.info(request, _("This is what we read. Is it right?") if is_new else known)
    return SeeOther(reverse("portal:resume"))


@require_POST
@candidates_only
def settle(request: HttpRequest, fact_id: int) -> HttpResponse:
    """Confirm a line, correct it, or take it out."""
    actor, person = me(request)
    fact = next((row for row in facts_of(person, actor) if row.pk == fact_id and row.resume_id), None)
    if fact is None:
        raise NotFound(_("This line has changed since you looked."), remedy=_("Load the page again."))
    try:
        settled = _settle(request, fact, actor)
    except Invalid as refused:
        return _line(request, fact, actor, error=f"{refused.message} {refused.remedy}".strip())
    if not wants_fragment(request):
        undo = reverse("portal:fact_undo", args=[settled.pk])
        messages.info(request, _("Taken out. It stays out.") if is_denial(settled) else _("Kept."), undo)
        return SeeOther(reverse("portal:resume"))
    if is_denial(settled):
        return render(
            request,
            "portal/_read_gone.html",
            {"id": settled.pk, "value": in_full(settled.kind, settled.value)},
        )
    return _line(request, settled, actor)


def _settle(request: HttpRequest, fact: Fact, actor: Actor) -> Fact:
    """Return the fact that stands now, or the denial that keeps it out."""
    do = request.POST.get("do")
    if do == "confirm":
        return confirm_fact(fact, by=actor)
    if do == "correct":
        return correct_fact(fact, value=corrected(fact.kind, request.POST.dict()), by=actor)
    return retract_fact(fact, by=actor)


def _line(request: HttpRequest, fact: Fact, actor: Actor, error: str = "") -> HttpResponse:
    """Answer with one line for htmx to swap in, or the whole page with what is wrong."""
    if not wants_fragment(request):
        return _page(request, error=error, status=422)
    shown = [row for row in read_from(fact.resume, actor) if row.fact.pk == fact.pk] if fact.resume else []
    if not shown:
        return HttpResponse("")
    context = {"line": read_line(shown[0]), "line_error": error}
    return render(request, "portal/_read_line.html", context)  # htmx swaps nothing in for a 422


def _page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    actor, person = me(request)
    resume = latest_resume(person, actor)
    context = {
        "person": person,
        "resume": resume,
        "lines": [read_line(row) for row in read_from(resume, actor)] if resume else [],
        "troubles": [trouble_in_words(row) for row in troubles_in(resume, actor)] if resume else [],
        "accept": ACCEPTED,
        "error": error,
    }
    return render(request, "portal/resume.html", context, status=status)
