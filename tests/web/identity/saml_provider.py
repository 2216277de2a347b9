"""A small identity provider that really signs SAML, and a mischief-maker who does not."""

from __future__ import annotations

import base64
import uuid
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ISSUER = "https://idp.employer.example/"
SSO_URL = "https://idp.employer.example/sso"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
NS = {"samlp": "urn:oasis:names:tc:SAML:2.0:protocol", "saml": "urn:oasis:names:tc:SAML:2.0:assertion"}


def key_and_certificate(who: str = "idp") -> tuple[str, str]:
    """Return a key and a certificate that signs itself, the same all through a run."""
    return _made_for(who)


@lru_cache
def _made_for(who: str) -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, who)])
    at = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(at - timedelta(1)).not_valid_after(at + timedelta(30))
    certificate = builder.sign(key, hashes.SHA256())
    form = serialization.PrivateFormat.PKCS8
    plain = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
    return plain, certificate.public_bytes(serialization.Encoding.PEM).decode()


def request_in(address: str) -> tuple[str, str]:
    """Return the id of the request in an address, and where it wants the answer."""
    packed = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
    found = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
    return found.get("ID"), found.get("AssertionConsumerServiceURL")


@dataclass
class Answer:
    """One response, before it is signed."""

    request_id: str
    to: str
    audience: str
    email: str = "rosa@employer.example"
    groups: list[str] = field(default_factory=list)
    issuer: str = ISSUER
    lasts: timedelta = timedelta(minutes=5)
    context: str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"

    def assertion(self) -> str:
        at, until = _time(timedelta(seconds=-5)), _time(self.lasts)
        groups = "".join(f"<saml:AttributeValue>{group}</saml:AttributeValue>" for group in self.groups)
        return f"""<saml:Assertion xmlns:saml="{NS["saml"]}" ID="_{uuid.uuid4().hex}" Version="2.0"
 IssueInstant="{at}"><saml:Issuer>{self.issuer}</saml:Issuer><saml:Subject>
<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">{self.email}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
 NotOnOrAfter="{until}" Recipient="{self.to}" InResponseTo="{self.request_id}"/></saml:SubjectConfirmation>
</saml:Subject><saml:Conditions NotBefore="{at}" NotOnOrAfter="{until}"><saml:AudienceRestriction>
<saml:Audience>{self.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{at}" SessionIndex="_1"><saml:AuthnContext><saml:AuthnContextClassRef>
{self.context}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>
<saml:Attribute Name="email"><saml:AttributeValue>{self.email}</saml:AttributeValue></saml:Attribute>
<saml:Attribute Name="groups">{groups or "<saml:AttributeValue/>"}</saml:Attribute>
</saml:AttributeStatement></saml:Assertion>"""

    def envelope(self, *assertions: str) -> str:
        at = _time(timedelta())
        return f"""<samlp:Response xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}"
 ID="_{uuid.uuid4().hex}" Version="2.0" IssueInstant="{at}"
 Destination="{self.to}" InResponseTo="{self.request_id}">
<saml:Issuer>{self.issuer}</saml:Issuer><samlp:Status>
<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
{"".join(assertions)}</samlp:Response>"""

    def signed(self, *, who: str = "idp", algorithm: str = RSA_SHA256, digest: str = SHA256) -> str:
        """Return the response in base64, its assertion signed."""
        return encoded(self.envelope(sign(self.assertion(), who, algorithm, digest)))


def sign(xml: str, who: str = "idp", algorithm: str = RSA_SHA256, digest: str = SHA256) -> str:
    key, certificate = key_and_certificate(who)
    found = OneLogin_Saml2_Utils.add_sign(xml, key, certificate, False, algorithm, digest)
    return found.decode() if isinstance(found, bytes) else str(found)


def encoded(xml: str) -> str:
    return base64.b64encode(xml.encode()).decode()


def _time(ahead: timedelta) -> str:
    return (datetime.now(UTC) + ahead).strftime("%Y-%m-%dT%H:%M:%SZ")
