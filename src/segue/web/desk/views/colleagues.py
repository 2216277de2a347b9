"""Colleagues' accounts, for administrators: who is in, who has a second step, who has left."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.kit.errors import Conflict
from segue.trust.actions.accounts import deactivate_account, reopen_account
from segue.trust.actions.second_factors import reset_second_steps
from segue.trust.queries.accounts import colleague_for, colleagues_with_sign_in
from segue.web.actors import actor_of
from segue.web.desk.doors import administrators, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import Toast, do_and_return
from segue.web.signing_in import recently_confirmed

LISTED = 500


@administrators
def colleagues_page(request: HttpRequest) -> HttpResponse:
    """List colleagues with how they sign in."""
    actor = actor_of(request)
    rows = list(colleagues_with_sign_in(actor)[:LISTED])
    return desk_page(request, "colleagues", "settings", tab="colleagues", rows=rows, me=actor.account_id)


@administrators
@posts_only
@recently_confirmed
def colleague_close(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Shut a colleague out at once, or let them in again."""
    actor = actor_of(request)

    def deed() -> Toast:
        account = colleague_for(actor, account_id)
        name = account.name or account.email
        if request.POST.get("do") == "reopen":
            reopen_account(account, by=actor)
            return Toast(_("%s may sign in again.") % name, request.path, {"do": "close"})
        if account.pk == actor.account_id:
            raise Conflict(_("You cannot shut yourself out."), remedy=_("Ask another administrator."))
        deactivate_account(account, by=actor)
        return Toast(_("%s is signed out everywhere.") % name, request.path, {"do": "reopen"})

    return do_and_return(request, reverse("desk:colleagues"), deed)


@administrators
@posts_only
@recently_confirmed
def colleague_reset(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Take away the second steps of somebody who has lost them."""

    def deed() -> Toast:
        account = colleague_for(actor_of(request), account_id)
        if account.pk == actor_of(request).account_id:
            raise Conflict(_("Your own are on the page Your sign-in."))
        reset_second_steps(account, by=actor_of(request))
        return Toast(_("%s signs in without a second step now.") % (account.name or account.email))

    return do_and_return(request, reverse("desk:colleagues"), deed)
