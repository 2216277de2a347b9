"""The searches a colleague keeps: a list with what is new, and the verbs for one."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.learn.actions.saved_searches import drop_search, save_search, tell_of_search
from segue.learn.queries.search.saved import saved_search_for, saved_searches_of
from segue.web.actors import actor_of
from segue.web.desk.doors import finders, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import Toast, do_and_return


@finders
def searches(request: HttpRequest) -> HttpResponse:
    """List them, each with how many people are new to it."""
    return desk_page(request, "searches", "people", rows=list(saved_searches_of(actor_of(request))))


@finders
@posts_only
def search_save(request: HttpRequest) -> HttpResponse:
    """Keep what was just looked for."""
    text = request.POST.get("q", "")

    def deed() -> Toast:
        kept = save_search(text, name=request.POST.get("name", ""), by=actor_of(request))
        return Toast(_("Kept as “%s”. New people are counted every hour.") % kept.name)

    return do_and_return(request, f"{reverse('desk:people')}?{urlencode({'q': text})}", deed)


@finders
@posts_only
def search_mail(request: HttpRequest, search_id: uuid.UUID) -> HttpResponse:
    """Have news of it mailed, or not any more."""
    actor, wanted = actor_of(request), request.POST.get("by_mail") == "1"

    def deed() -> Toast:
        kept = tell_of_search(saved_search_for(actor, search_id), by_mail=wanted, by=actor)
        said = (
            _("News of “%s” comes by mail, once a day at most.") if wanted else _("No more mail about “%s”.")
        )
        return Toast(said % kept.name)

    return do_and_return(request, reverse("desk:searches"), deed)


@finders
@posts_only
def search_drop(request: HttpRequest, search_id: uuid.UUID) -> HttpResponse:
    """Let it go; the toast holds the way back."""
    actor = actor_of(request)

    def deed() -> Toast:
        kept = saved_search_for(actor, search_id)
        name, text = kept.name, kept.text
        drop_search(kept, by=actor)
        return Toast(_("“%s” is gone.") % name, reverse("desk:search_save"), {"q": text, "name": name})

    return do_and_return(request, reverse("desk:searches"), deed)
