"""Which words of our postings and résumés are skills of ours: a person says so, and can take it back."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.actions.skills import add_skill, ignore_skill, join_skill, reopen_skill
from segue.catalog.queries.skills import all_skills, proposal_counts, proposals_for, skill_called
from segue.kit.paging import offset_page
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.pages import PAGE_SIZE, desk_page, next_page
from segue.web.desk.toast import Toast, do_and_return
from segue.web.quoting import Piece, Span, cut

STATES = {
    "open": gettext_lazy("To decide"),
    "added": gettext_lazy("Added"),
    "joined": gettext_lazy("Other words"),
    "ignored": gettext_lazy("Not skills"),
}


@talent_team
def skills_page(request: HttpRequest) -> HttpResponse:
    """List what waits, what most postings ask for first; or what was decided, the latest first."""
    actor = actor_of(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else "open"
    page = offset_page(proposals_for(actor, state), after=request.GET.get("after", ""), size=PAGE_SIZE)
    counts = proposal_counts(actor)
    return desk_page(
        request,
        "skills",
        "people",
        rows=[(row, _example(row.example, row.written)) for row in page.rows],
        state=state,
        states=[(key, title, counts.get(key, 0)) for key, title in STATES.items()],
        skills=all_skills() if state == "open" and page.rows else [],
        known=len(all_skills()),
        next_page=next_page(request, page.next_after),
    )


@talent_team
@posts_only
def skill_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a term as a skill of ours."""

    def deed() -> str:
        skill = add_skill(slug, by=actor_of(request))
        return _("“%s” is a skill of yours now. Résumés are read again for it.") % skill.label

    return _settle(request, slug, deed)


@talent_team
@posts_only
def skill_join(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a term as another word for a skill we have, by slug or by name."""

    def deed() -> str:
        wanted = request.POST.get("skill", "")
        skill = join_skill(slug, skill_called(wanted) or wanted, by=actor_of(request))
        return _("Taken as another word for “%s”. Résumés are read again for it.") % skill.label

    return _settle(request, slug, deed)


@talent_team
@posts_only
def skill_ignore(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that a term is no skill."""

    def deed() -> str:
        return _("“%s” is not proposed again.") % ignore_skill(slug, by=actor_of(request)).label

    return _settle(request, slug, deed)


@talent_team
@posts_only
def skill_reopen(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a decision back."""

    def deed() -> Toast:
        return Toast(_("“%s” waits again.") % reopen_skill(slug, by=actor_of(request)).label)

    return do_and_return(request, reverse("desk:skills"), deed)


def _example(text: str, written: str) -> list[Piece]:
    """The posting's words with the term marked."""
    found = re.search(rf"(?<!\w){re.escape(written)}(?!\w)", text) if written else None
    return cut(text, [Span(*found.span())] if found else [])


def _settle(request: HttpRequest, slug: str, verb: Callable[[], str]) -> HttpResponse:
    def deed() -> Toast:
        return Toast(verb(), reverse("desk:skill_reopen", args=[slug]))

    return do_and_return(request, reverse("desk:skills"), deed)
