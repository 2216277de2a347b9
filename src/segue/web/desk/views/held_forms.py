"""Applications that look like a program's: let in by who has looked."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.hire.actions.holding import release_application
from segue.hire.queries.applications import application_for
from segue.web.actors import actor_of
from segue.web.desk.doors import deciders, posts_only
from segue.web.desk.toast import Toast, do_and_return


@deciders
@posts_only
def application_release(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Let a held application onto the lists, in one's own name."""
    actor = actor_of(request)
    application = application_for(actor, application_id)

    def deed() -> Toast:
        release_application(application, by=actor)
        return Toast(_("It is on the lists now, in its turn."))

    return do_and_return(request, reverse("desk:application", args=[application_id]), deed)
