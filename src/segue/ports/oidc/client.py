"""OpenID Connect's authorization code flow (OpenID Connect Core 1.0, RFC 7636, RFC 9207).

State and nonce bind the answer to this browser and this attempt, PKCE the code to us; the ID token's
signature is always checked, though the code flow over TLS would allow to skip it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from segue.kit import clock
from segue.ports.oidc.wire import description_of, keys_of, not_believed, person_info, tokens_for
from segue.trust.providers import Asserted, Provider

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY_S = 60
STRONG = frozenset({"mfa", "otp", "hwk", "fpt", "face", "sc"})  # RFC 8176: more than a password was used


class OidcClient:
    """Asks a provider who somebody is."""

    def begin(self, provider: Provider, *, back_to: str) -> tuple[str, dict[str, str]]:
        """Return where to send the browser, and what to keep until it is back."""
        description = description_of(provider)
        kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        digest = hashlib.sha256(kept["verifier"].encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": back_to,
            "scope": " ".join(provider.scopes),
            "state": kept["state"],
            "nonce": kept["nonce"],
            "code_challenge": base64.urlsafe_b64encode(digest).decode("ascii").rstrip("="),
            "code_challenge_method": "S256",
        }
        address = str(description["authorization_endpoint"])
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", kept

    def finish(
        self, provider: Provider, *, back_to: str, kept: Mapping[str, str], said: Mapping[str, str]
    ) -> Asserted:
        """Return whom the provider says it was. Raises Invalid."""
        if not kept or not hmac.compare_digest(kept["state"].encode(), said.get("state", "").encode()):
            raise not_believed(_("It answers another question than this browser asked."))
        if said.get("error"):
            raise not_believed(_("It said: %s.") % said["error"][:80])
        if said.get("iss") and said["iss"] != provider.issuer:
            raise not_believed(_("Another provider answered."))
        description = description_of(provider)
        form = {
            "grant_type": "authorization_code",
            "code": said.get("code", ""),
            "redirect_uri": back_to,
            "code_verifier": kept["verifier"],
        }
        tokens = tokens_for(provider, description, form)
        claims = _checked(provider, description, str(tokens.get("id_token", "")), kept["nonce"])
        if provider.email_claim not in claims and tokens.get("access_token"):
            more = person_info(description, str(tokens["access_token"]))
            if more.get("sub") == claims["sub"]:
                claims = more | claims
        return _asserted(provider, claims)


def _checked(provider: Provider, description: Mapping[str, Any], token: str, nonce: str) -> dict[str, Any]:
    """Return the claims of an ID token that was signed by this provider, for us, now, for this attempt."""
    try:
        claims = _signed_claims(description, token)
        jwt.JWTClaimsRegistry(
            now=int(clock.now().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise not_believed(_("Its token does not hold (%s).") % type(error).__name__) from error
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise not_believed(_("Its token is for another program."))
    return claims


def _signed_claims(description: Mapping[str, Any], token: str) -> dict[str, Any]:
    """Verify by the keys we know; where they do not fit, ask for the keys once more: they may be new."""
    try:
        keys = KeySet.import_key_set(keys_of(description))  # type: ignore[arg-type]  # JSON, judged inside
        return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
    except (JoseError, ValueError):
        keys = KeySet.import_key_set(keys_of(description, anew=True))  # type: ignore[arg-type]  # as above
        return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)


def _asserted(provider: Provider, claims: Mapping[str, Any]) -> Asserted:
    groups = claims.get(provider.groups_claim) or []
    used = claims.get("amr") or []
    return Asserted(
        subject=str(claims["sub"]),
        email=str(claims.get(provider.email_claim) or ""),
        email_verified=claims.get("email_verified") in {True, "true"} and provider.email_claim == "email",
        name=str(claims.get(provider.name_claim) or ""),
        department=str(claims.get(provider.department_claim) or ""),
        groups=tuple(str(group) for group in (groups if isinstance(groups, list) else [groups])),
        second_step=isinstance(used, list) and not STRONG.isdisjoint(map(str, used)),
    )
