"""The machine's controls, for administrators."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.kit.errors import Invalid
from segue.learn.queries.lexicon import active_hash
from segue.trust.actions.dials import set_dial
from segue.trust.queries.dials import AI_ON, DO, OFF, SAME_PEOPLE, SUGGEST, ai_is_on, same_people_level
from segue.web.actors import actor_of
from segue.web.desk.doors import administrators, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import Toast, do_and_return

SAME_LEVELS = {
    OFF: gettext_lazy("Off: nobody is compared"),
    SUGGEST: gettext_lazy("Suggest: a person says yes to each pair"),
    DO: gettext_lazy("Do, with undo: what four rules are sure of is merged"),
}


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
        same_level=same_people_level(),
        same_levels=SAME_LEVELS.items(),
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


@administrators
@posts_only
def settings_same(request: HttpRequest) -> HttpResponse:
    """Say how much is merged without asking."""
    level = request.POST.get("level", "")

    def deed() -> Toast:
        if level not in SAME_LEVELS:
            raise Invalid(_("There is no such level."), field="level", remedy=_("Choose one of the three."))
        before = same_people_level()
        set_dial(SAME_PEOPLE, level, by=actor_of(request))
        return Toast(str(SAME_LEVELS[level]), request.path, {"level": before})

    return do_and_return(request, reverse("desk:settings"), deed)
