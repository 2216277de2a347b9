"""The machine's controls, for administrators."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.places import COUNTRY_NAMES
from segue.engage.actions.held import drop_held, release_held
from segue.engage.queries.held import Held, held
from segue.kit.errors import Invalid
from segue.learn.queries.lexicon import active_hash
from segue.trust.actions.dials import set_dial
from segue.trust.queries.accounts import colleagues_here
from segue.trust.queries.contacts import ARRANGER
from segue.trust.queries.dials import (
    AI_ON,
    DO,
    OFF,
    SAME_PEOPLE,
    SUGGEST,
    VOLUNTARY,
    ai_is_on,
    dial,
    same_people_level,
    voluntary_by_country,
)
from segue.trust.queries.looks import NAME, NAMES, ROLE, tells_names
from segue.trust.voluntary import EVERYWHERE_ELSE, SET_NAMES, SETS
from segue.web.actors import actor_of
from segue.web.desk.doors import administrators, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import Toast, do_and_return

SAME_LEVELS = {
    OFF: gettext_lazy("Off: nobody is compared"),
    SUGGEST: gettext_lazy("Suggest: a person says yes to each pair"),
    DO: gettext_lazy("Do, with undo: what four rules are sure of is merged"),
}


KIND_WORDS = {
    Held.MAIL: gettext_lazy("mails"),
    Held.WEBHOOKS: gettext_lazy("events for other programs"),
    Held.JOBS: gettext_lazy("other jobs"),
}


@administrators
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show whether learned ranking is on, and what does it; and what a restore holds back."""
    holding = held(actor_of(request))
    return desk_page(
        request,
        "settings",
        "settings",
        tab="controls",
        ai_on=ai_is_on(),
        embedder=settings.EMBEDDER.rsplit(".", 1)[-1],
        model_hash=active_hash(),
        same_level=same_people_level(),
        same_levels=SAME_LEVELS.items(),
        holding=holding if holding.since or holding.total else None,
        held=[(KIND_WORDS[kind], count) for kind, count in holding.counts.items()],
        tells_names=tells_names(),
        voluntary_rows=sorted(voluntary_by_country().items()),
        voluntary_sets=SET_NAMES.items(),
        voluntary_names=dict(SET_NAMES),
        arranger=dial(ARRANGER, ""),
        colleagues=list(colleagues_here()),
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


@administrators
@posts_only
def settings_held(request: HttpRequest) -> HttpResponse:
    """Let go what a restore holds back, or drop it. Neither can be taken back: the page asks for a tick."""

    def deed() -> Toast:
        if request.POST.get("sure") != "1":
            raise Invalid(
                _("Nothing was done."), field="sure", remedy=_("Tick that you have looked, then press again.")
            )
        if request.POST.get("do") == "drop":
            return Toast(_("%d dropped: none of it will be sent.") % drop_held(by=actor_of(request)))
        return Toast(_("%d let go.") % release_held(by=actor_of(request)))

    return do_and_return(request, reverse("desk:settings"), deed)


@administrators
@posts_only
def settings_looks(request: HttpRequest) -> HttpResponse:
    """Say whether candidates read who looked at their data by name, or by role."""
    names = request.POST.get("names") == "1"

    def deed() -> Toast:
        set_dial(NAMES, NAME if names else ROLE, by=actor_of(request))
        text = _("Candidates read who looked by name.") if names else _("Candidates read in what role.")
        return Toast(text, request.path, {"names": "0" if names else "1"})

    return do_and_return(request, reverse("desk:settings"), deed)


@administrators
@posts_only
def settings_voluntary(request: HttpRequest) -> HttpResponse:
    """Say which voluntary questions are asked where, and who arranges what people need."""
    actor = actor_of(request)

    def deed() -> Toast:
        if "email" in request.POST:
            before = str(dial(ARRANGER, ""))
            email = request.POST["email"]
            if email and email not in {one.email for one in colleagues_here()}:
                raise Invalid(_("There is no such colleague."), field="email")
            set_dial(ARRANGER, email, by=actor)
            return Toast(_("Kept."), request.path, {"email": before})
        country = request.POST.get("country", "").strip().upper()
        if country != EVERYWHERE_ELSE and country not in COUNTRY_NAMES:
            raise Invalid(
                _("There is no such country."), field="country", remedy=_("Use two letters, such as DE.")
            )
        name, kept = request.POST.get("set", ""), voluntary_by_country()
        if name not in SETS:
            raise Invalid(_("There is no such set of questions."), field="set")
        before = kept.get(country, "none")
        set_dial(VOLUNTARY, kept | {country: name}, by=actor)
        return Toast(str(SET_NAMES[name]), request.path, {"country": country, "set": before})

    return do_and_return(request, reverse("desk:settings"), deed)
