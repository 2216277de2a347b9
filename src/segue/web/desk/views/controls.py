"""The machine's controls, for administrators."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.learn.queries.lexicon import active_hash
from segue.trust.actions.dials import set_dial
from segue.trust.queries.dials import AI_ON, ai_is_on
from segue.web.actors import actor_of
from segue.web.desk.doors import administrators, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import Toast, do_and_return


@administrators
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show whether learned ranking is on, and what does it."""
    return desk_page(
        request,
        "settings",
        "settings",
        ai_on=ai_is_on(),
        embedder=settings.EMBEDDER.rsplit(".", 1)[-1],
        model_hash=active_hash(),
    )


@administrators
@posts_only
def settings_ai(request: HttpRequest) -> HttpResponse:
    """Turn learned ranking on or off, at once and for everybody."""
    on = request.POST.get("on") == "1"

    def deed() -> Toast:
        set_dial(AI_ON, on, by=actor_of(request))
        text = _("Learned ranking is on.") if on else _("Learned ranking is off: lists are newest first.")
        return Toast(text, request.path, {"on": "0" if on else "1"})

    return do_and_return(request, reverse("desk:settings"), deed)
