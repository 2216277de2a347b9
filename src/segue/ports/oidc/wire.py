"""Speaking to a provider over HTTP: its description, its keys, its token endpoint.

Only the addresses of its own description are spoken to, by https (or on this very machine); no redirect is
followed, and little is read.
"""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.core.cache import cache
from django.utils.translation import gettext as _

from segue.kit.errors import Invalid
from segue.trust.providers import Provider, is_safe_address

TIMEOUT_S = 10
READ_BYTES = 1_000_000
KEPT_S = 600


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def description_of(provider: Provider) -> dict[str, Any]:
    """Return the provider's own description. Raises Invalid where it is another's, or does not answer."""
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = _kept(address, {})
    if found.get("issuer") != provider.issuer:
        raise not_believed(_("It calls itself %s.") % found.get("issuer"))
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not is_safe_address(str(found.get(name, ""))):
            raise not_believed(_("Its description lacks %s.") % name)
    return found


def keys_of(description: Mapping[str, Any], *, anew: bool = False) -> dict[str, Any]:
    """Return the provider's public keys; `anew` asks again, for a key that has come since."""
    return _kept(str(description["jwks_uri"]), {}, anew=anew)


def tokens_for(provider: Provider, description: Mapping[str, Any], form: Mapping[str, str]) -> dict[str, Any]:
    """Exchange a code for tokens, proving who we are in the way the provider takes."""
    methods = description.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    body, headers = dict(form), {"Content-Type": "application/x-www-form-urlencoded"}
    if not provider.client_secret:
        body["client_id"] = provider.client_id
    elif "client_secret_basic" in methods:
        words = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(words.encode()).decode("ascii")
    else:
        body |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    return _asked(str(description["token_endpoint"]), headers, urlencode(body).encode())


def person_info(description: Mapping[str, Any], access_token: str) -> dict[str, Any]:
    """Return what the provider tells of the person beyond the ID token."""
    address = str(description.get("userinfo_endpoint", ""))
    if not is_safe_address(address):
        return {}
    return _asked(address, {"Authorization": f"Bearer {access_token}"})


def _kept(address: str, headers: Mapping[str, str], *, anew: bool = False) -> dict[str, Any]:
    key = f"oidc:{address}"
    found: dict[str, Any] | None = None if anew else cache.get(key)
    if found is None:
        found = _asked(address, headers)
        cache.set(key, found, KEPT_S)
    return found


def _asked(address: str, headers: Mapping[str, str], body: bytes | None = None) -> dict[str, Any]:
    if not is_safe_address(address):
        raise not_believed(_("It cannot be asked safely."))
    request = urllib.request.Request(  # noqa: S310 - the address was just judged
        address, data=body, headers={"Accept": "application/json", **headers}
    )
    try:
        with _opener.open(request, timeout=TIMEOUT_S) as answer:
            said = json.loads(answer.read(READ_BYTES))
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise not_believed(_("It did not answer as it should (%s).") % type(error).__name__) from error
    if not isinstance(said, dict):
        raise not_believed(_("It did not answer as it should."))
    return said


def not_believed(why: str) -> Invalid:
    """Return the refusal for an answer of a provider's that does not hold."""
    return Invalid(
        _("The company's sign-in gave an answer we cannot take. %s") % why,
        field="provider",
        remedy=_("Begin again at the sign-in page; if it happens again, tell an administrator."),
    )
