"""Who else says who somebody is: the company's own sign-in, by OpenID Connect or SAML.

They are set up in one file the operator writes (SEGUE_SIGN_IN_PROVIDERS, TOML), since it holds secrets and
addresses the machine will speak to. docs/operations.md shows one of each.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from segue.kit.actor import STAFF, Role
from segue.kit.errors import Invalid

OIDC, SAML = "oidc", "saml"
GRANTABLE = {role.value for role in STAFF} - {Role.ADMINISTRATOR.value}  # a directory makes no administrator
_KEY = re.compile(r"[a-z0-9-]{1,40}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Provider:
    """One sign-in of the company's, as the file describes it."""

    key: str
    kind: str
    title: str
    issuer: str  # OIDC: the issuer's address; SAML: the identity provider's entity id
    client_id: str = ""  # OIDC: and its secret, none where only PKCE proves who we are
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    sso_url: str = ""  # SAML: where browsers are sent, and the certificates (PEM) that sign answers
    certificates: tuple[str, ...] = ()
    vouches_for: tuple[str, ...] = ()  # domains whose addresses it owns, so that they count as verified
    groups_claim: str = "groups"
    department_claim: str = "department"
    email_claim: str = "email"
    name_claim: str = "name"
    roles: Mapping[str, str] = field(default_factory=dict)  # group -> role
    makes_accounts: bool = False
    asks_second_step: bool = False  # it does so itself, and we need not


@dataclass(frozen=True)
class Asserted:
    """What a provider has said of somebody, checked and in one form for both kinds."""

    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""
    department: str = ""
    groups: tuple[str, ...] = ()
    second_step: bool = False
    assertion_id: str = ""  # SAML: to be taken once
    in_response_to: str = ""
    until: datetime | None = None


class OidcClient(Protocol):
    """Speaks OpenID Connect's code flow, with PKCE, state and nonce."""

    def begin(self, provider: Provider, *, back_to: str) -> tuple[str, dict[str, str]]:
        """Return where to send the browser, and what to keep until it is back."""

    def finish(
        self, provider: Provider, *, back_to: str, kept: Mapping[str, str], said: Mapping[str, str]
    ) -> Asserted:
        """Return whom the provider says it was. Raises Invalid."""


class SamlClient(Protocol):
    """Speaks SAML 2.0's web browser profile: a redirect there, a signed assertion back by POST."""

    def begin(self, provider: Provider, *, entity_id: str, back_to: str) -> tuple[str, str]:
        """Return where to send the browser, and the id of the request."""

    def read(self, provider: Provider, *, entity_id: str, back_to: str, response: str) -> Asserted:
        """Return whom a signed response speaks of. Raises Invalid."""

    def metadata(self, *, entity_id: str, back_to: str) -> bytes:
        """Return what the provider's administrator imports."""


def oidc_client() -> OidcClient:
    client: OidcClient = import_string(settings.OIDC_CLIENT)()
    return client


def saml_client() -> SamlClient:
    client: SamlClient = import_string(settings.SAML_CLIENT)()
    return client


def providers() -> tuple[Provider, ...]:
    """Return the providers that are set up, in the file's order. Raises Invalid for a faulty file."""
    path = Path(settings.SIGN_IN_PROVIDERS)
    try:
        changed_ns = path.stat().st_mtime_ns
    except FileNotFoundError:
        return ()
    return _read(path, changed_ns)


def has_providers() -> bool:
    """Say whether the company's own sign-in is set up, however well."""
    return Path(settings.SIGN_IN_PROVIDERS).exists()


def provider_named(key: str, kind: str) -> Provider:
    """Return one provider. Raises Invalid."""
    for provider in providers():
        if (provider.key, provider.kind) == (key, kind):
            return provider
    raise Invalid("There is no such sign-in.", field="provider", remedy="Begin again at the sign-in page.")


@functools.lru_cache(maxsize=4)
def _read(path: Path, changed_ns: int) -> tuple[Provider, ...]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _wrong(path.name, "", str(error)) from None
    return tuple(_provider(path.name, key, table) for key, table in tables.items())


def _provider(file: str, key: str, table: Any) -> Provider:
    if not _KEY.fullmatch(key) or not isinstance(table, dict):
        raise _wrong(file, key, "Name each provider with small letters, digits and hyphens.")
    known = {name for name in Provider.__dataclass_fields__ if name != "key"}
    unknown = set(table) - known
    if unknown:
        raise _wrong(file, key, f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(known))}.")
    said: dict[str, Any] = {"title": key.title()}
    said |= {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    for name, value in said.items():
        if not _is_of_kind(name, value):
            raise _wrong(file, key, f"{name} has a value of another kind.")
    try:
        found = Provider(key=key, **said)
    except TypeError as error:
        raise _wrong(file, key, str(error).partition("() ")[2]) from None
    _check(file, found)
    return found


def _is_of_kind(name: str, value: Any) -> bool:
    """Compare with the field's default: a text "false" is no false, and must not count as yes."""
    if name in {"scopes", "certificates", "vouches_for"}:
        return isinstance(value, tuple) and all(isinstance(each, str) for each in value)
    if name == "roles":
        return isinstance(value, dict) and all(isinstance(role, str) for role in value.values())
    return isinstance(value, bool if name in {"makes_accounts", "asks_second_step"} else str)


def _check(file: str, provider: Provider) -> None:
    wanted = {OIDC: ("client_id",), SAML: ("sso_url", "certificates")}.get(provider.kind)
    if wanted is None:
        raise _wrong(file, provider.key, 'kind must be "oidc" or "saml".')
    for name in ("issuer", *wanted):
        if not getattr(provider, name):
            raise _wrong(file, provider.key, f"{name} is missing.")
    address = provider.issuer if provider.kind == OIDC else provider.sso_url
    if not is_safe_address(address):
        raise _wrong(file, provider.key, f"{address} must begin with https://.")
    strange = set(provider.roles.values()) - GRANTABLE
    if strange:
        allowed = ", ".join(sorted(GRANTABLE))
        raise _wrong(file, provider.key, f"roles may name: {allowed}; not {', '.join(sorted(strange))}.")


def is_safe_address(address: str) -> bool:
    """Say whether a provider may be spoken to there: by https, or on this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _wrong(file: str, key: str, why: str) -> Invalid:
    where = f"{file} [{key}]" if key else file
    return Invalid(f"{where}: {why}", field="providers", remedy="docs/operations.md shows one of each kind.")
