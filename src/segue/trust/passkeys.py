"""Passkeys (WebAuthn): what a browser is asked, and whether its answer is true.

The cryptography is python-fido2's. User verification (finger, face or PIN) is required, so that a passkey by
itself is two steps in one. Attestation is not asked for: who made a colleague's phone is not our business.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from segue.kit.errors import Invalid
from segue.trust.models import Account
from segue.trust.sign_in_models import SecondFactor

REQUIRED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Site:
    """Where we are asked: a passkey belongs to a host, and an answer to an origin."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What is kept of a passkey that was just made."""

    credential_id: str
    public: bytes
    counter: int


def ask_to_make(account: Account, held: Sequence[SecondFactor], site: Site) -> tuple[dict[str, Any], Any]:
    """Return what to ask the browser for a new passkey, and what to remember until it answers."""
    user = PublicKeyCredentialUserEntity(
        id=account.pk.bytes, name=account.email, display_name=account.name or account.email
    )
    options, state = _server(site).register_begin(
        user,
        credentials=_credentials(held),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=REQUIRED,
    )
    return _plain(options), state


def made(state: Any, answer: Mapping[str, Any], site: Site) -> NewPasskey:
    """Return the passkey a browser made. Raises Invalid where the answer is not true."""
    server = _server(site)
    try:
        said = server.register_complete(state, answer)
    except Exception as error:  # a browser's answer may be wrong in any way: the library raises of many kinds
        raise _not_true() from error
    credential = said.credential_data
    if credential is None:
        raise _not_true()
    return NewPasskey(websafe_encode(credential.credential_id), bytes(credential), said.counter)


def ask_to_use(held: Sequence[SecondFactor] | None, site: Site) -> tuple[dict[str, Any], Any]:
    """Return what to ask the browser to prove; without `held`, by any passkey it has for this site."""
    credentials = None if held is None else _credentials(held)
    options, state = _server(site).authenticate_begin(credentials, user_verification=REQUIRED)
    return _plain(options), state


def credential_named(answer: Mapping[str, Any]) -> str:
    """Return the id of the passkey an answer is of, before anything about it is believed."""
    return str(answer.get("rawId") or answer.get("id") or "")


def used(state: Any, answer: Mapping[str, Any], factor: SecondFactor, site: Site) -> int:
    """Return the passkey's new count of signatures. Raises Invalid where the answer is not true."""
    server, ours = _server(site), _credentials([factor])
    try:
        server.authenticate_complete(state, ours, answer)
        said = AuthenticationResponse.from_dict(answer)
    except Exception as error:  # a browser's answer may be wrong in any way: the library raises of many kinds
        raise _not_true() from error
    return int(said.response.authenticator_data.counter)


def _server(site: Site) -> Fido2Server:
    entity = PublicKeyCredentialRpEntity(id=site.host, name=site.name)
    return Fido2Server(entity, attestation=None, verify_origin=lambda origin: origin == site.origin)


def _credentials(held: Sequence[SecondFactor]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(factor.secret)) for factor in held if factor.credential_id]


def _plain(options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(dict(options), default=_letters))
    return found


def _letters(value: Any) -> Any:
    return websafe_encode(bytes(value)) if isinstance(value, bytes | memoryview) else dict(value)


def _not_true() -> Invalid:
    return Invalid(
        _("The passkey could not be checked."), field="passkey", remedy=_("Try again, or use another way.")
    )
