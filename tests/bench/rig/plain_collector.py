"""The peer: the same collector, written the plain way, as a Django view with the ORM.

The same server, database, models, parsing and checking of events (it calls the collector's own reading);
what differs is what a bare application and group commit are for: here each request goes through Django's
handler, asks for its key, and has a transaction of its own. No session, no account, no middleware.
"""

from __future__ import annotations

import json
import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segue.settings")
django.setup()
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "tests.bench.rig.plain_collector"

from django.core.wsgi import get_wsgi_application  # noqa: E402 - Django is set up above
from django.db import connection, transaction  # noqa: E402 - as above
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402 - as above
from django.urls import path  # noqa: E402 - as above

from segue.kit import clock  # noqa: E402 - as above
from segue.listen import identity  # noqa: E402 - as above
from segue.listen.actions.intake import Arrival  # noqa: E402 - as above
from segue.listen.actions.ledger_rows import without_personal  # noqa: E402 - as above
from segue.listen.models import Heard, Signal, WriteKey  # noqa: E402 - as above
from segue.listen.queries.keys import KnownKey  # noqa: E402 - as above
from segue.listen.queries.sources import key_digest  # noqa: E402 - as above
from segue.web.collect.events import Envelope, read_event  # noqa: E402 - as above
from segue.web.collect.wire import key_in_header  # noqa: E402 - as above

SUCCESS = b'{"success":true}'


def collect(request: HttpRequest) -> HttpResponse:
    known = _known(key_in_header(request.headers.get("Authorization", "")))
    if known is None:
        return JsonResponse({"code": "wrong_key", "message": "No source has this write key."}, status=401)
    said = json.loads(request.body)
    envelope = Envelope(key=known, received_at=clock.now(), sent_at=said.get("sentAt"))
    if "batch" in said:
        arrivals = [read_event(one, "", envelope) for one in said["batch"]]
    else:
        arrivals = [read_event(said, "track", envelope)]
    with transaction.atomic():
        store(arrivals)
    return HttpResponse(SUCCESS, content_type="application/json", headers={"Content-Length": len(SUCCESS)})


def _known(key: str) -> KnownKey | None:
    row = WriteKey.objects.select_related("source").filter(digest=key_digest(key)).first()
    if row is None or row.source.retired_at is not None:
        return None
    source = row.source
    return KnownKey(
        row.expires_at,
        source.pk,
        source.name,
        source.kind,
        frozenset(source.origins),
        source.consent,
        source.limit_per_s,
        False,
    )


def store(arrivals: list[Arrival]) -> None:
    """Write what was not heard before, in one transaction."""
    heard = {arrival.digest: arrival for arrival in arrivals}
    known = set(Heard.objects.filter(digest__in=list(heard)).values_list("digest", flat=True))
    fresh = {digest: arrival for digest, arrival in heard.items() if digest not in {one.hex for one in known}}
    today = clock.now().date()
    Heard.objects.bulk_create(
        [Heard(digest=digest, heard_on=today) for digest in fresh], ignore_conflicts=True
    )
    claims = [identity.Claim(a.source_id, a.anonymous_id, a.person_ref) for a in fresh.values()]
    with connection.cursor() as cursor:
        whose = identity.whose(cursor, claims)
    rows = [_row(arrival, whose[claim]) for arrival, claim in zip(fresh.values(), claims, strict=True)]
    Signal.objects.bulk_create(rows)


def _row(arrival: Arrival, whose: identity.Whose) -> Signal:
    return Signal(
        source_id=arrival.source_id,
        message_id=arrival.message_id,
        kind=arrival.kind.name,
        version=arrival.version,
        event=arrival.event,
        at=arrival.at,
        received_at=arrival.received_at,
        person_id=whose.person_id,
        anonymous_id=arrival.anonymous_id,
        props=without_personal(arrival.props),
        context=arrival.context,
        tier=arrival.tier,
        purpose=arrival.kind.purpose,
        purposes=list(whose.purposes) or [arrival.kind.purpose],
        flags=list(arrival.flags),
    )


urlpatterns = [path("v1/track", collect), path("v1/batch", collect)]
application = get_wsgi_application()
