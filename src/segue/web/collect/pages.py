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
from segue.web.collect.answers import JSON, Answer, Refused, yes
from segue.web.collect.keyring import check
from segue.web.collect.request import Request

if TYPE_CHECKING:
    from segue.web.collect.app import Collector

_SETTINGS = re.compile(r"/v1/projects/([^/]{1,200})/settings")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9a-f:.]{2,45}\](:\d{1,5})?")
_TEXT = ("content-type", "text/plain; version=0.0.4; charset=utf-8")
_BRIEFLY = ("cache-control", "private, max-age=60")
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


async def answer(collector: Collector, request: Request) -> Answer:
    """Answer anything but events; raises Refused."""
    if request.method == "OPTIONS":
        asked = request.header("access-control-request-headers") or ""
        return 204, cors.preflight(request.origin, asked), b""
    if request.path == "/v1/m" and request.method == "POST":  # a library's own measurements: not our business
        return yes(cors.for_origin(request.origin))
    if request.method not in {"GET", "HEAD"}:
        method = request.method[:20]
        raise Refused(405, "wrong_method", f"Not with {method}.", remedy="Events are sent with POST.")
    body, kind = await _page(collector, request)
    return 200, [kind, _BRIEFLY, *cors.for_origin(request.origin)], body


async def _page(collector: Collector, request: Request) -> tuple[bytes, tuple[str, str]]:
    path = request.path
    if path == "/healthz":
        return b"ok", _TEXT
    if path == "/readyz":
        return await _ready(collector), JSON
    if path == "/metrics":
        _metrics_allowed(request)
        return metrics.page(), _TEXT
    if path in {"/sourceConfig", "/sourceConfig/"}:
        key = wire.key_in_header(request.header("authorization") or "") or wire.key_in_query(request.query)
        known = check(await collector.keyring.find(key), request.origin)
        return orjson.dumps(source_config(known, key, _own_address(request))), JSON
    if match := _SETTINGS.fullmatch(path):
        check(await collector.keyring.find(match[1]), request.origin)
        return orjson.dumps(project_settings(match[1], _own_address(request))), JSON
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


def _own_address(request: Request) -> str:
    """Return the address we were reached at, which is the one to send events to."""
    public = str(settings.COLLECT_URL).rstrip("/")
    host = request.header("host") or ""
    if not _HOST.fullmatch(host):
        return public
    scheme = (request.header("x-forwarded-proto") or "") if settings.SECURE_PROXY_SSL_HEADER else ""
    if scheme not in {"http", "https"}:
        scheme = public.partition("://")[0]
    return f"{scheme}://{host}"


def _metrics_allowed(request: Request) -> None:
    """As for the pages' own /metrics: this machine, or whoever holds the token."""
    given = (request.header("authorization") or "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if token and constant_time_compare(given, token):
        return
    is_near = not settings.SECURE_PROXY_SSL_HEADER and not any(map(request.header, _FORWARDED))
    if not (is_near and _is_loopback(request.caller)):
        raise Refused(403, "not_allowed", "Metrics are for this machine, or with SEGUE_METRICS_TOKEN.")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
