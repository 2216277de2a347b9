"""The rest of the collector's paths: how browser libraries begin, and what the machine room asks."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.utils.crypto import constant_time_compare

from segue.kit import metrics
from segue.listen.queries.keys import KnownKey
from segue.web.collect import cors, wire
from segue.web.collect.answers import JSON, Receive, Refused, Scope, Send, say, say_yes
from segue.web.collect.keyring import check

if TYPE_CHECKING:
    from segue.web.collect.app import Collector

_SETTINGS = re.compile(r"/v1/projects/([^/]{1,200})/settings")
_HOST = re.compile(rb"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9a-f:.]{2,45}\](:\d{1,5})?")
_TEXT = (b"content-type", b"text/plain; version=0.0.4; charset=utf-8")
_BRIEFLY = (b"cache-control", b"private, max-age=60")
_FORWARDED = (b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via")


async def answer(
    collector: Collector, scope: Scope, receive: Receive, send: Send, headers: dict[bytes, bytes]
) -> None:
    """Answer anything but events; raises Refused."""
    method, path = scope["method"], scope["path"]
    origin = headers.get(b"origin", b"")
    if method == "OPTIONS":
        asked = headers.get(b"access-control-request-headers", b"")
        await say(send, 204, b"", cors.preflight(origin, asked))
    elif path == "/v1/m" and method == "POST":  # a library's own measurements: none of our business
        await say_yes(send, cors.for_origin(origin))
    elif method not in {"GET", "HEAD"}:
        raise Refused(405, "wrong_method", f"Not with {method[:20]}.", remedy="Events are sent with POST.")
    else:
        body, kind = await _page(collector, scope, headers)
        await say(send, 200, body, [kind, _BRIEFLY, *cors.for_origin(origin)])


async def _page(
    collector: Collector, scope: Scope, headers: dict[bytes, bytes]
) -> tuple[bytes, tuple[bytes, bytes]]:
    path = scope["path"]
    if path == "/healthz":
        return b"ok", _TEXT
    if path == "/readyz":
        return await _ready(collector), JSON
    if path == "/metrics":
        _metrics_allowed(scope, headers)
        return metrics.page(), _TEXT
    if path in {"/sourceConfig", "/sourceConfig/"}:
        key = wire.key_in_header(headers.get(b"authorization", b"")) or wire.key_in_query(
            scope["query_string"]
        )
        known = check(await collector.keyring.find(key), _origin(headers))
        return orjson.dumps(source_config(known, key, _own_address(headers))), JSON
    if match := _SETTINGS.fullmatch(path):
        check(await collector.keyring.find(match[1]), _origin(headers))
        return orjson.dumps(project_settings(match[1], _own_address(headers))), JSON
    raise Refused(404, "no_such_path", "There is nothing here.", remedy="Send events to /v1/batch.")


async def _ready(collector: Collector) -> bytes:
    """Say whether events would be stored: the keys, and so the database, can be read now."""
    await collector.keyring.ask()
    return b'{"ready":true}'


def project_settings(key: str, address: str) -> dict[str, Any]:
    """Return what analytics-next asks its CDN: send everything here, and nothing anywhere else."""
    scheme, _, host = address.partition("://")
    everything = {"__default": {"enabled": True, "integrations": {}}}
    segment = {
        "apiKey": key,
        "apiHost": f"{host}/v1",
        "protocol": scheme,
        "unbundledIntegrations": [],
        "addBundledMetadata": False,
        "maybeBundledConfigIds": {},
        "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
    }
    return {
        "integrations": {"Segment.io": segment},
        "plan": {"track": everything, "identify": everything, "group": everything},
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0, "host": f"{host}/v1"},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }


def source_config(known: KnownKey, key: str, address: str) -> dict[str, Any]:
    """Return what the RudderStack browser library asks its control plane: no destinations but us."""
    quiet = {"enabled": False}
    source = {
        "id": str(known.source_id),
        "name": known.name,
        "writeKey": key,
        "enabled": True,
        "workspaceId": "segue",
        "config": {"statsCollection": {"errors": quiet, "metrics": quiet}},
        "destinations": [],
        "dataplanes": {"US": [{"url": address, "default": True}]},
        "connections": [],
    }
    return {"source": source, "consentManagementMetadata": {"providers": []}, "isHosted": False}


def as_text(said: Any) -> str:
    """Return what came as text that a column can hold."""
    if not isinstance(said, bytes):
        try:
            said = orjson.dumps(said)
        except (orjson.JSONEncodeError, RecursionError):
            said = repr(said)[:1000].encode("utf-8", "replace")
    text: str = said.decode("utf-8", "replace")
    return text.replace("\x00", "\ufffd")


def _origin(headers: dict[bytes, bytes]) -> str:
    return headers.get(b"origin", b"").decode("latin-1")


def _own_address(headers: dict[bytes, bytes]) -> str:
    """Return the address we were reached at, which is the one to send events to."""
    public = str(settings.COLLECT_URL).rstrip("/")
    host = headers.get(b"host", b"")
    if not _HOST.fullmatch(host):
        return public
    scheme = (
        headers.get(b"x-forwarded-proto", b"").decode("latin-1") if settings.SECURE_PROXY_SSL_HEADER else ""
    )
    if scheme not in {"http", "https"}:
        scheme = public.partition("://")[0]
    return f"{scheme}://{host.decode()}"


def _metrics_allowed(scope: Scope, headers: dict[bytes, bytes]) -> None:
    """As for the pages' own /metrics: this machine, or whoever holds the token."""
    given = headers.get(b"authorization", b"").decode("latin-1").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if token and constant_time_compare(given, token):
        return
    is_near = not settings.SECURE_PROXY_SSL_HEADER and not any(name in headers for name in _FORWARDED)
    if not (is_near and _is_loopback((scope.get("client") or [""])[0])):
        raise Refused(403, "not_allowed", "Metrics are for this machine, or with SEGUE_METRICS_TOKEN.")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
