"""A browser without a screen: cookies, forms, and a watch in each hand."""

from __future__ import annotations

import html
import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

HOST = "127.0.0.1"
_CARD = re.compile(r'<li class="card" id="card-([0-9a-f-]{36})".*?/jobs/([0-9a-f-]{36})/', re.DOTALL)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_LINK = re.compile(r'href="(?:http://[^/"]+)?(/sign-in/[^"/]+/[^"]*)"')
_DUR = re.compile(r"app;dur=([0-9.]+)")
_CPU = re.compile(r"cpu;dur=([0-9.]+)")


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    location: str
    server_ms: float
    wall_ms: float
    cpu_ms: float = float("nan")


@dataclass
class Visitor:
    """Somebody with cookies of their own; one request at a time."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    cards: list[tuple[str, str]] = field(default_factory=list)  # (exposure, job)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, "", {})

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields})
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{HOST}:{self.port}"}
        return self._ask("POST", path, body, form | headers)

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        began_s = time.perf_counter()
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            connection.request(
                method, path, body or None, {"Cookie": cookie} | headers if cookie else headers
            )
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except TimeoutError:  # an answer too late to count, yet it must show in the table
            late_ms = (time.perf_counter() - began_s) * 1000
            return Answer(0, "", "", late_ms, late_ms)
        finally:
            connection.close()
        wall_ms = (time.perf_counter() - began_s) * 1000
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if found := _TOKEN.search(text):
            self.token = found[1]
        told = response.getheader("Server-Timing") or ""
        server_ms, cpu_ms = (
            float(found[1]) if (found := one.search(told)) else float("nan") for one in (_DUR, _CPU)
        )
        where = response.getheader("Location") or ""
        return Answer(response.status, text, where, server_ms, wall_ms, cpu_ms)

    def sign_in(self, email: str) -> None:
        """Ask for a link, find it in the outbox, press the button; as anybody would in the demo."""
        self.get("/sign-in/")
        self.post("/sign-in/", {"email": email})
        letter = self.get("/outbox/").text.partition(f"<bdi>{html.escape(email)}</bdi>")[2]
        link = _LINK.search(letter)
        if link is None:
            raise SystemExit(f"No letter to {email} lies in the outbox.")
        path = urlsplit(html.unescape(link[1])).path
        self.get(path)
        answer = self.post(path, {})
        if answer.status not in {302, 303}:
            raise SystemExit(f"{email} could not sign in: {answer.status}.")

    def look(self) -> Answer:
        """Open the home and remember the cards on it."""
        answer = self.get("/")
        self.cards = _CARD.findall(answer.text)
        return answer

    def skip(self) -> Answer:
        """Skip the first card at hand, as the page's script would, and keep the one that comes."""
        if not self.cards:
            self.look()
        exposure, job = self.cards.pop(0)
        fields = {"stance": "skipped", "exposure_id": exposure, "place": "card"}
        answer = self.post(f"/jobs/{job}/stance/", fields, **{"HX-Request": "true"})
        self.cards += _CARD.findall(answer.text)
        return answer
