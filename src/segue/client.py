"""A small client of the REST API, for other people's programs: only the standard library, nothing of our own.

    from segue.client import Client

    with_key = Client("https://careers.example.com", key="segue_…")
    for person in with_key.each("people", updated_after="2026-11-01T00:00:00Z"):
        print(person["name"])
    with_key.post("applications", {"job_id": …, "name": "Nia", "email": "nia@example.com"})

It pages by cursor, waits where it is told to (429), tries again what failed on the way, and sends every POST
under an Idempotency-Key, so that trying again does nothing twice. The file can be copied as it is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

TIMEOUT_S = 30.0
ATTEMPTS = 4
LONGEST_WAIT_S = 60.0
TOLERANCE_S = 300
AGAIN = frozenset({429, 502, 503, 504})


class Refused(Exception):
    """The API said no: `status`, and its own `code`, `message`, `field` and `remedy`."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(said.get("code", "unknown"))
        self.message = str(said.get("message", ""))
        self.field = str(said.get("field", ""))
        self.remedy = str(said.get("remedy", ""))
        super().__init__(f"{status} {self.code}: {self.message} {self.remedy}".strip())


class Client:
    """Speaks to one Segue with one API key."""

    def __init__(self, base_url: str, *, key: str, timeout_s: float = TIMEOUT_S) -> None:
        self._base = f"{base_url.rstrip('/')}/api/v1/"
        self._key = key
        self._timeout_s = timeout_s

    def get(self, path: str, **query: Any) -> Any:
        """Return what a path answers, such as `get("jobs/all", status="draft")`. Raises Refused."""
        wanted = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
        return self._ask("GET", f"{path}?{wanted}" if wanted else path)

    def each(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Yield every item of a list, page by page, for as long as there is a next page. Raises Refused.

        For signals, which never end, it stops where there is none yet.
        """
        after: Any = query.pop("after", None)
        while True:
            page = self.get(path, after=after, **query)
            yield from page["items"]
            if not page["items"] or not page["next_after"]:
                return
            after = page["next_after"]

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, idempotency_key: str = "") -> Any:
        """Send a body and return the answer. Under a key of your own, a repeat in a day is one deed.

        Raises Refused.
        """
        return self._ask("POST", path, body or {}, idempotency_key or str(uuid.uuid4()))

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Change what a path names and return it. Raises Refused."""
        return self._ask("PATCH", path, body)

    def _ask(self, method: str, path: str, body: Any = None, idempotency_key: str = "") -> Any:
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        if body is not None:
            headers["Content-Type"] = "application/json"
        data = None if body is None else json.dumps(body).encode()
        address = self._base + path.lstrip("/")
        request = urllib.request.Request(address, data=data, headers=headers, method=method)  # noqa: S310 - the caller's own server
        may_repeat = method != "PATCH"
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with urllib.request.urlopen(request, timeout=self._timeout_s) as answer:  # noqa: S310 - as above
                    return json.load(answer)
            except urllib.error.HTTPError as refused:
                said = _as_json(refused.read())
                if refused.code not in AGAIN or attempt == ATTEMPTS:
                    raise Refused(refused.code, said) from None
                time.sleep(_wait_s(refused.headers.get("Retry-After"), attempt))
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if not may_repeat or attempt == ATTEMPTS:
                    raise
                time.sleep(_wait_s(None, attempt))
        raise AssertionError("every attempt returns or raises")


def verify_webhook(
    body: bytes, headers: Mapping[str, str], *, secret: str, now_s: float | None = None
) -> Any:
    """Return the event a webhook brings, once its signature is right and it is at most five minutes old.

    `headers` are looked up in lower case. Raises ValueError for anything else. By Standard Webhooks 1.0.0.
    """
    found = {name.lower(): value for name, value in headers.items()}
    message_id, at = found.get("webhook-id", ""), found.get("webhook-timestamp", "")
    clock_s = time.time() if now_s is None else now_s
    if not at.isdigit() or abs(clock_s - int(at)) > TOLERANCE_S:
        raise ValueError("This message is too old, or from the future.")
    signed = b".".join((message_id.encode(), at.encode(), body))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")
    if not any(hmac.compare_digest(right, each) for each in found.get("webhook-signature", "").split()):
        raise ValueError("This message is not signed with our secret.")
    return json.loads(body)


def _wait_s(retry_after: str | None, attempt: int) -> float:
    said = float(retry_after) if retry_after and retry_after.isdigit() else 0.25 * 2**attempt
    return min(said, LONGEST_WAIT_S)


def _as_json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {"message": body[:200].decode("utf-8", "replace")}
    return found if isinstance(found, dict) else {"message": str(found)[:200]}
