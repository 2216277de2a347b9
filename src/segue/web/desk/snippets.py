"""Ready lines for whoever sets a sender up: our own script, the common libraries, and plain HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import gettext as _

from segue.listen.models import ConsentBasis, Source, SourceKind
from segue.web.marks import integrity

SCRIPT = "segue/beacon.v1.js"
UNKNOWN_KEY = "YOUR-WRITE-KEY"


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines to copy, with what they are for."""

    name: str
    title: str
    code: str


def snippets_for(source: Source, key: str = "") -> list[Snippet]:
    """Return what this kind of source needs, with its key where it is known, the plainest first."""
    key, url = key or UNKNOWN_KEY, str(settings.COLLECT_URL).rstrip("/")
    if source.kind == SourceKind.SERVER:
        return [_python(key, url), _node(key, url), _curl(source, key, url)]
    return [_beacon(source, key, url), _segment(key, url), _rudder(key, url), _curl(source, key, url)]


def _beacon(source: Source, key: str, url: str) -> Snippet:
    is_assured = source.consent == ConsentBasis.ASSURED
    consent = ' data-consent="yes"' if is_assured else ""
    address = settings.BASE_URL.rstrip("/") + static(SCRIPT)
    lines = [
        f'<script src="{address}"',
        f'  integrity="{integrity(SCRIPT)}"',
        f'  crossorigin="anonymous" defer data-collect="{url}"',
        f'  data-key="{key}"{consent}></script>',
    ]
    if not is_assured:
        lines.append("<!-- once the visitor has said yes: segueBeacon.consent(true) -->")
    return Snippet("beacon", _("Our own script, in a page"), "\n".join(lines))


def _segment(key: str, url: str) -> Snippet:
    code = f"""import {{ AnalyticsBrowser }} from "@segment/analytics-next";

const analytics = AnalyticsBrowser.load({{ writeKey: "{key}", cdnURL: "{url}" }});
analytics.track("Story Played", {{ story: "a-day-at-sea" }});"""
    return Snippet("segment", _("Segment's analytics-next, in a page"), code)


def _rudder(key: str, url: str) -> Snippet:
    code = f"""import {{ RudderAnalytics }} from "@rudderstack/analytics-js/bundled";

const analytics = new RudderAnalytics();
analytics.load("{key}", "{url}", {{ configUrl: "{url}" }});
analytics.track("Story Played", {{ story: "a-day-at-sea" }});"""
    return Snippet("rudder", _("RudderStack's analytics-js, in a page"), code)


def _python(key: str, url: str) -> Snippet:
    code = f"""from segment.analytics import Client  # pip install segment-analytics-python

client = Client("{key}", host="{url}")
client.track("user-7", "Story Played", {{"story": "a-day-at-sea"}})
client.shutdown()"""
    return Snippet("python", _("segment-analytics-python, on a server"), code)


def _node(key: str, url: str) -> Snippet:
    code = f"""import {{ Analytics }} from "@segment/analytics-node";

const analytics = new Analytics({{ writeKey: "{key}", host: "{url}" }});
analytics.track({{ userId: "user-7", event: "Story Played", properties: {{ story: "a-day-at-sea" }} }});
await analytics.closeAndFlush();"""
    return Snippet("node", _("@segment/analytics-node, on a server"), code)


def _curl(source: Source, key: str, url: str) -> Snippet:
    consent = {"consent": {"categoryPreferences": {"behaviour": True}}}
    event = {"anonymousId": "visitor-1", "event": "Story Played", "properties": {"story": "a-day-at-sea"}}
    if source.consent == ConsentBasis.CARRIED:
        event["context"] = consent
    code = f"curl -u {key}: {url}/v1/track \\\n  -d '{json.dumps(event)}'"
    return Snippet("curl", _("Plain HTTP, to try it"), code)
