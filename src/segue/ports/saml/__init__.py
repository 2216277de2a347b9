"""Signing colleagues in by SAML 2.0."""

from segue.ports.saml.client import SamlClient

__all__ = ["SamlClient"]
