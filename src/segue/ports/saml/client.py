"""SAML's web browser profile, through python3-saml in its strict mode.

Assertions must be signed themselves (a signed envelope is not enough), by algorithms that still hold, for us,
for this address, and in answer to a question of ours. What is read is the signed element and no other, which
is what keeps wrapped signatures out.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from segue.kit.errors import Invalid
from segue.trust.providers import Asserted, Provider

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
MOST_LETTERS = 400_000  # of one response, in base64
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"  # how Microsoft's providers name attributes
OTHER_NAMES = {
    "email": (f"{CLAIMS}emailaddress", "mail", "urn:oid:0.9.2342.19200300.100.1.3"),
    "name": (f"{CLAIMS}name", "displayName", "urn:oid:2.16.840.1.113730.3.1.241"),
    "groups": ("http://schemas.microsoft.com/ws/2008/06/identity/claims/groups", "memberOf"),
    "department": ("urn:oid:2.5.4.11",),
}
DRIFT = timedelta(hours=1)  # the library believes an answer a little longer than it says; so we remember it
STRONG = ("MultiFactor", "multipleauthn", "TimeSyncToken", "refeds.org/profile/mfa")


class SamlClient:
    """Asks an identity provider who somebody is."""

    def begin(self, provider: Provider, *, entity_id: str, back_to: str) -> tuple[str, str]:
        """Return where to send the browser, and the id of the request."""
        talk = _talk(provider, entity_id, back_to)
        return str(talk.login()), str(talk.get_last_request_id())

    def read(self, provider: Provider, *, entity_id: str, back_to: str, response: str) -> Asserted:
        """Return whom a signed response speaks of. Raises Invalid."""
        if not response or len(response) > MOST_LETTERS:
            raise _not_believed("no response")
        talk = _talk(provider, entity_id, back_to, response)
        try:
            talk.process_response()
        except Exception as error:  # the library raises of many kinds, from XML on
            raise _not_believed(str(error)) from error
        if talk.get_errors() or not talk.is_authenticated():
            raise _not_believed(str(talk.get_last_error_reason() or ""))
        if not talk.get_last_assertion_id() or not talk.get_last_response_in_response_to():
            raise _not_believed("nobody here asked")
        return _asserted(provider, talk)

    def metadata(self, *, entity_id: str, back_to: str) -> bytes:
        """Return what the provider's administrator imports."""
        settings = OneLogin_Saml2_Settings(_ours(entity_id, back_to), sp_validation_only=True)
        told = settings.get_sp_metadata()
        return told if isinstance(told, bytes) else told.encode()


def _talk(provider: Provider, entity_id: str, back_to: str, response: str = "") -> OneLogin_Saml2_Auth:
    parts = urlsplit(back_to)
    request = {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": parts.path,
        "get_data": {},
        "post_data": {"SAMLResponse": response} if response else {},
    }
    theirs = {
        "entityId": provider.issuer,
        "singleSignOnService": {"url": provider.sso_url, "binding": REDIRECT},
        "x509certMulti": {"signing": list(provider.certificates)},
    }
    return OneLogin_Saml2_Auth(request, old_settings=_ours(entity_id, back_to) | {"idp": theirs})


def _ours(entity_id: str, back_to: str) -> dict[str, Any]:
    return {
        "strict": True,
        "sp": {
            "entityId": entity_id,
            "assertionConsumerService": {"url": back_to, "binding": POST},
            "NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "requestedAuthnContext": False,
            "rejectDeprecatedAlgorithm": True,
            "signatureAlgorithm": SHA256,
            "allowSingleLabelDomains": True,
        },
    }


def _asserted(provider: Provider, talk: OneLogin_Saml2_Auth) -> Asserted:
    told: dict[str, list[str]] = talk.get_attributes()
    name_id = str(talk.get_nameid())
    email = _first(told, provider.email_claim, "email") or (name_id if "@" in name_id else "")
    contexts = " ".join(str(one) for one in talk.get_last_authn_contexts())
    return Asserted(
        subject=name_id,
        email=email,
        name=_first(told, provider.name_claim, "name"),
        department=_first(told, provider.department_claim, "department"),
        groups=tuple(_all(told, provider.groups_claim, "groups")),
        second_step=any(sign in contexts for sign in STRONG),
        assertion_id=str(talk.get_last_assertion_id()),
        in_response_to=str(talk.get_last_response_in_response_to()),
        until=datetime.fromtimestamp(int(talk.get_last_assertion_not_on_or_after() or 0), UTC) + DRIFT,
    )


def _all(told: dict[str, list[str]], name: str, kind: str) -> list[str]:
    found = next((told[one] for one in (name, *OTHER_NAMES[kind]) if told.get(one)), [])
    return [str(value) for value in found]


def _first(told: dict[str, list[str]], name: str, kind: str) -> str:
    return next(iter(_all(told, name, kind)), "")


def _not_believed(why: str) -> Invalid:
    return Invalid(
        _("The company's sign-in gave an answer we cannot take. %s") % why[:200],
        field="provider",
        remedy=_("Begin again at the sign-in page; if it happens again, tell an administrator."),
    )
