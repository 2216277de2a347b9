"""Who looked at my data: theirs to read, page by page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from segue.kit.paging import page_of
from segue.trust.models import Look
from segue.trust.queries.looks import looks_at, tells_names
from segue.web.actors import candidates_only
from segue.web.portal.doors import candidate_of
from segue.web.role_words import role_words

SIZE = 30


@require_safe
@candidates_only
def looks(request: HttpRequest) -> HttpResponse:
    """List the looks at one's own data, the latest first."""
    actor, person_id = candidate_of(request)
    page = page_of(looks_at(person_id, actor), after=request.GET.get("after", ""), size=SIZE)
    named = tells_names()
    rows = [(row, words_of(row, named=named)) for row in page.rows]
    return render(request, "portal/looks.html", {"rows": rows, "next_after": page.next_after})


def words_of(look: Look, *, named: bool) -> str:
    """Say in a sentence who looked at what: "Rosa, recruiter, opened your application for Nurse"."""
    role = role_words(look.actor_role)
    if named and look.actor_name:
        who = _("%(name)s, %(role)s,") % {"name": look.actor_name, "role": role}
    else:
        who = _("Somebody here (%s)") % role
    values = {"who": who, "what": look.get_what_display(), "job": look.job.title if look.job else ""}
    if look.job:
        return _("%(who)s opened %(what)s for %(job)s") % values
    if look.what == "export":
        return _("%(who)s took along %(what)s") % values
    return _("%(who)s opened %(what)s") % values
