"""Who may open which page of the desk: a second lock, behind the matrix in web/permissions.py.

That both say the same is what tests/web/test_permissions.py asks of every cell. Rows are guarded again by the
queries below.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from segue.kit.actor import FINDERS, ON_THE_JOB, TALENT_TEAM, Role
from segue.web.actors import View, staff_only

HIRING_TEAM = TALENT_TEAM | ON_THE_JOB

any_colleague = staff_only()
talent_team = staff_only(*TALENT_TEAM)
finders = staff_only(*FINDERS)
hiring_team = staff_only(*HIRING_TEAM)
deciders = staff_only(*TALENT_TEAM, Role.HIRING_MANAGER)
readers_of_figures = staff_only(Role.ADMINISTRATOR, Role.ANALYST, Role.AUDITOR)
counters_of_people = staff_only(*TALENT_TEAM, Role.ANALYST)
readers_of_models = staff_only(Role.ADMINISTRATOR, Role.AUDITOR)
administrators = staff_only(Role.ADMINISTRATOR)


def page_above(path: str) -> str:
    """Return the page a verb's address belongs to: /desk/jobs/7/close belongs to /desk/jobs/7/."""
    return path.rsplit("/", 1)[0] + "/"


POSTS_ONLY = "segue.posts_only"  # in a request's META, where no visitor can put a name like this


def posts_only(view: View) -> View:
    """Take POST; whoever comes with GET (a reload, a bookmark) is shown the page the verb belongs to."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseRedirect(page_above(request.path))
        request.META[POSTS_ONLY] = True
        return view(request, *args, **kwargs)

    return guarded
