"""Signing colleagues in by OpenID Connect."""

from segue.ports.oidc.client import OidcClient

__all__ = ["OidcClient"]
