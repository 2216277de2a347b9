"""A small OpenID provider that really signs: it keeps to the code flow, and can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "segue", "a secret: with %signs"


class OidcProvider(ThreadingHTTPServer):
    """Answers on loopback. `person` is who will sign in; `twist` changes a token's claims before signing."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.person: dict[str, Any] = {}
        self.twist: dict[str, Any] = {}
        self.signs_with: RSAKey | None = None
        self.tells_by_userinfo = False
        self._codes: dict[str, dict[str, str]] = {}

    def authorize(self, asked: dict[str, str]) -> str:
        """Return where the browser is sent back to, after the person signed in."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        said = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return f"{asked['redirect_uri']}?{said}"

    def tokens(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Exchange a code, once, for who knows the secret and the verifier."""
        asked = self._codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(b"segue:a%20secret%3A%20with%20%25signs").decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or authorization != f"Basic {basic}" or challenge != asked["code_challenge"]:
            return None
        if form["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        told = {"sub": self.person["sub"]} if self.tells_by_userinfo else self.person
        key = self.signs_with or self.key
        token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims | told | self.twist, key)
        return {"access_token": "opens userinfo", "token_type": "Bearer", "id_token": token}


class _Handler(BaseHTTPRequestHandler):
    server: OidcProvider

    def do_GET(self) -> None:
        path, issuer = urlsplit(self.path), self.server.issuer
        if path.path == "/.well-known/openid-configuration":
            self._say(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/keys",
                    "userinfo_endpoint": f"{issuer}/me",
                }
            )
        elif path.path == "/keys":
            self._say({"keys": [self.server.key.as_dict(private=False)]})
        elif path.path == "/me" and self.headers["Authorization"] == "Bearer opens userinfo":
            self._say(self.server.person)
        elif path.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(path.query).items()}
            self.send_response(302)
            self.send_header("Location", self.server.authorize(asked))
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        found = self.server.tokens(form, self.headers.get("Authorization", ""))
        self._say(found or {"error": "invalid_grant"}, 200 if found else 400)

    def _say(self, what: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing on the terminal."""


@contextmanager
def running_provider() -> Iterator[OidcProvider]:
    with OidcProvider() as provider:
        thread = threading.Thread(target=provider.serve_forever, daemon=True)
        thread.start()
        yield provider
        provider.shutdown()
        thread.join()
