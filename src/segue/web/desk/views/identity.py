"""How colleagues sign in here, for administrators: providers, second steps, groups."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.kit.actor import STAFF
from segue.kit.errors import Invalid
from segue.trust.actions.provisioning import map_group
from segue.trust.actions.sign_ins import ask_for_second_step, close_links
from segue.trust.providers import GRANTABLE, OIDC, Provider, providers
from segue.trust.queries.provisioning import group_for, groups_visible_to
from segue.trust.queries.second_factors import roles_asked
from segue.trust.queries.sign_ins import by_provider_only
from segue.web.actors import actor_of
from segue.web.desk.doors import administrators, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import Toast, do_and_return, in_words
from segue.web.role_words import role_words
from segue.web.signing_in import recently_confirmed


@administrators
def identity_page(request: HttpRequest) -> HttpResponse:
    """Show the ways in, and what is asked for besides."""
    faulty = ""
    try:
        rows = [_as_row(request, provider) for provider in providers()]
    except Invalid as error:
        rows, faulty = [], in_words(error)
    asked = roles_asked()
    return desk_page(
        request,
        "identity",
        "settings",
        tab="identity",
        providers=rows,
        faulty=faulty,
        only_provider=by_provider_only(),
        roles=[(role.value, role_words(role.value), role.value in asked) for role in sorted(STAFF)],
        groups=list(groups_visible_to(actor_of(request))),
        grantable=[(role, role_words(role)) for role in sorted(GRANTABLE)],
        scim=request.build_absolute_uri(reverse("scim:users")).removesuffix("/Users"),
    )


def _as_row(request: HttpRequest, provider: Provider) -> dict[str, str]:
    name = "desk:oidc_back" if provider.kind == OIDC else "desk:saml_back"
    found = {
        "title": provider.title,
        "kind": "OpenID Connect" if provider.kind == OIDC else "SAML",
        "issuer": provider.issuer,
        "back": request.build_absolute_uri(reverse(name, args=[provider.key])),
    }
    if provider.kind != OIDC:
        found["metadata"] = request.build_absolute_uri(reverse("desk:saml_metadata", args=[provider.key]))
    return found


@administrators
@posts_only
@recently_confirmed
def second_step_roles(request: HttpRequest) -> HttpResponse:
    """Say which roles need a second step."""
    roles = request.POST.getlist("roles")

    def deed() -> Toast:
        before = sorted(roles_asked())
        ask_for_second_step(roles, by=actor_of(request))
        undo = {"roles": before[0]} if len(before) == 1 else {}
        return Toast(
            _("Kept. Who is in without a second step is signed out."), request.path if undo else "", undo
        )

    return do_and_return(request, reverse("desk:identity"), deed)


@administrators
@posts_only
@recently_confirmed
def provider_only(request: HttpRequest) -> HttpResponse:
    """Close the way in by a link in the mail, or open it."""
    only = request.POST.get("only") == "1"

    def deed() -> Toast:
        if only and not providers():
            raise Invalid(_("No company sign-in is set up."), remedy=_("Set one up first."))
        close_links(only, by=actor_of(request))
        text = (
            _("Colleagues sign in by the company alone.") if only else _("Links by mail open the desk again.")
        )
        return Toast(text, request.path, {"only": "0" if only else "1"})

    return do_and_return(request, reverse("desk:identity"), deed)


@administrators
@posts_only
@recently_confirmed
def group_role(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """Say which role a group of the directory stands for."""

    def deed() -> Toast:
        actor = actor_of(request)
        group = group_for(actor, str(group_id))
        before = group.role
        map_group(group, role=request.POST.get("role", ""), by=actor)
        return Toast(_("“%s” is kept.") % group.display_name, request.path, {"role": before})

    return do_and_return(request, reverse("desk:identity"), deed)
