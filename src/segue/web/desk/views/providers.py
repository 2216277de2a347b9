"""Signing in with the company's own sign-in: out by a button, back by OpenID Connect or SAML."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from segue.kit.actor import Actor
from segue.kit.errors import Invalid, SegueError
from segue.kit.sealing import Unreadable, seal, unseal
from segue.trust.actions.linking import account_asserted
from segue.trust.actions.sign_ins import spend_assertion
from segue.trust.providers import (
    OIDC,
    SAML,
    Asserted,
    Provider,
    oidc_client,
    provider_named,
    providers,
    saml_client,
)
from segue.trust.queries.keys import secret_digest
from segue.web.desk.doors import posts_only
from segue.web.desk.views.sign_in import next_of
from segue.web.signing_in import SeeOther, enter

ASKED = "provider_asked"  # in the session: the open question to one provider
SEALED_FOR = "desk.saml"


@never_cache
@posts_only
def begin(request: HttpRequest, provider_key: str) -> HttpResponse:
    """Send the browser to the provider.

    By a page that leads on, not by a redirect: our policy keeps forms from leading away from this site, and
    browsers hold redirects after a form to it.
    """
    provider = _any_provider(provider_key)
    kept: dict[str, str]
    if provider.kind == OIDC:
        address, kept = oidc_client().begin(provider, back_to=_back(request, provider))
    else:
        address, request_id = saml_client().begin(
            provider, entity_id=_entity(request, provider), back_to=_back(request, provider)
        )
        kept = {"request": request_id}
    request.session[ASKED] = {"provider": provider.key, "next": next_of(request), "kept": kept}
    return render(request, "desk/sign_in_leads.html", {"address": address, "provider": provider})


def _any_provider(key: str) -> Provider:
    kind = next((provider.kind for provider in providers() if provider.key == key), OIDC)
    return provider_named(key, kind)


@never_cache
@require_safe
def oidc_back(request: HttpRequest, provider_key: str) -> HttpResponse:
    """Take the provider's answer, once, from the browser that asked."""
    asked = request.session.pop(ASKED, None)
    try:
        provider = provider_named(provider_key, OIDC)
        kept = asked["kept"] if asked and asked["provider"] == provider.key else {}
        said = oidc_client().finish(
            provider, back_to=_back(request, provider), kept=kept, said=request.GET.dict()
        )
        return _let_in(request, provider, said, asked["next"])
    except SegueError as refused:
        return _refused(request, refused)


@csrf_exempt
@never_cache
@posts_only
def saml_back(request: HttpRequest, provider_key: str) -> HttpResponse:
    """Check a signed response. It comes from the provider's page, so without our cookie: hand it on sealed.

    The next page has the cookie, and knows whether this browser asked.
    """
    try:
        provider = provider_named(provider_key, SAML)
        said = saml_client().read(
            provider,
            entity_id=_entity(request, provider),
            back_to=_back(request, provider),
            response=request.POST.get("SAMLResponse", ""),
        )
    except SegueError as refused:
        return _refused(request, refused)
    finish = reverse("desk:saml_finish", args=[provider.key])
    return SeeOther(f"{finish}?said={_sealed(said)}")


@never_cache
@require_safe
def saml_finish(request: HttpRequest, provider_key: str) -> HttpResponse:
    """Let in who was asserted, where this browser asked for it, and once."""
    asked = request.session.pop(ASKED, None)
    try:
        provider = provider_named(provider_key, SAML)
        said = _unsealed(request.GET.get("said", ""))
        wanted = asked["kept"].get("request") if asked and asked["provider"] == provider.key else None
        if not wanted or said.in_response_to != wanted:
            raise Invalid(
                "This browser did not ask for that sign-in.", remedy="Begin again at the sign-in page."
            )
        digest = secret_digest(f"{provider.key}:{said.assertion_id}")
        spend_assertion(digest, secret_until=said.until, by=Actor.machine("sign-in"))
        return _let_in(request, provider, said, asked["next"])
    except SegueError as refused:
        return _refused(request, refused)


@require_safe
def saml_metadata(request: HttpRequest, provider_key: str) -> HttpResponse:
    """Show what the provider's administrator imports."""
    provider = provider_named(provider_key, SAML)
    told = saml_client().metadata(entity_id=_entity(request, provider), back_to=_back(request, provider))
    return HttpResponse(told, content_type="application/samlmetadata+xml")


def _let_in(request: HttpRequest, provider: Provider, said: Asserted, next_path: str) -> HttpResponse:
    account = account_asserted(provider, secret_said=said, by=Actor.machine(f"sign-in {provider.key}"))
    strong = provider.asks_second_step or said.second_step
    how = f"{provider.kind}:{provider.title}"
    return enter(request, account, how=how, next_path=next_path, second="provider" if strong else "")


def _refused(request: HttpRequest, refused: SegueError) -> HttpResponse:
    return render(request, "desk/sign_in_refused.html", {"error": refused}, status=refused.http_status)


def _back(request: HttpRequest, provider: Provider) -> str:
    name = "desk:oidc_back" if provider.kind == OIDC else "desk:saml_back"
    return request.build_absolute_uri(reverse(name, args=[provider.key]))


def _entity(request: HttpRequest, provider: Provider) -> str:
    return request.build_absolute_uri(reverse("desk:saml_metadata", args=[provider.key]))


def _sealed(said: Asserted) -> str:
    until = said.until.isoformat() if said.until else ""
    plain = json.dumps(asdict(replace(said, until=None)) | {"until": until}).encode()
    return urlsafe_b64encode(seal(zlib.compress(plain), purpose=SEALED_FOR)).decode("ascii")


def _unsealed(text: str) -> Asserted:
    try:
        plain = json.loads(zlib.decompress(unseal(urlsafe_b64decode(text), purpose=SEALED_FOR)))
    except (Unreadable, ValueError):
        raise Invalid("This is no sign-in of ours.", remedy="Begin again at the sign-in page.") from None
    until = datetime.fromisoformat(plain.pop("until"))
    return Asserted(**(plain | {"groups": tuple(plain["groups"]), "until": until}))
