"""The collector as it is served: the wire contract of the common libraries, on a real socket."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import pytest

from segue.kit import clock
from segue.kit.actor import Actor
from segue.listen.actions.sources import retire_source, rotate_key
from segue.listen.models import Rejected, Signal, WriteKey
from tests.web.collect.caller import YES, Caller
from tests.web.collect.conftest import MakeSource

pytestmark = [pytest.mark.peer, pytest.mark.allow_hosts(["127.0.0.1"])]
BY = Actor.machine("tests")
EVENT = {"type": "track", "event": "Job Viewed", "anonymousId": "a1", "properties": {"job": "J-1"}}
CALLS = ("track", "identify", "page", "screen", "group", "alias")


def kinds() -> list[str]:
    return list(Signal.objects.order_by("id").values_list("kind", flat=True))


def test_every_call_has_its_path_and_its_letter(caller: Caller, key: str) -> None:
    said = {"event": "x", "userId": "ada", "anonymousId": "a1"}
    for call in CALLS:
        for path in (f"/v1/{call}", f"/v1/{call[0]}"):
            answer = caller.post(path, said, key)
            assert (answer.status, answer.body) == YES
            assert answer.headers["content-type"] == "application/json"
    assert kinds()[::2] == kinds()[1::2]
    assert len(set(kinds())) == len(CALLS)


def test_every_path_of_batches_takes_all_calls(caller: Caller, key: str) -> None:
    batch = [{**EVENT, "type": call} for call in CALLS]
    for path in ("/v1/batch", "/v1/import", "/v1/b", "/beacon/v1/batch"):
        answer = caller.post(path, {"batch": batch}, key)
        assert (answer.status, answer.body) == YES
    assert len(kinds()) == 4 * len(set(kinds())) == 4 * len(CALLS)


def test_the_key_may_stand_in_three_places_and_the_first_counts(caller: Caller, key: str) -> None:
    answers = [
        caller.post("/v1/track", EVENT, key),
        caller.post("/v1/track", {**EVENT, "writeKey": key}),
        caller.post(f"/v1/track?writeKey={key}", EVENT),
        caller.post("/v1/track?writeKey=wrong", {**EVENT, "writeKey": "wrong"}, key),
        caller.post("/v1/track?writeKey=wrong", {**EVENT, "writeKey": key}),
    ]
    assert {(answer.status, answer.body) for answer in answers} == {YES}
    assert caller.post(f"/v1/track?writeKey={key}", EVENT, "wrong").code == (401, "wrong_key")
    assert len(kinds()) == 5


def test_the_content_type_does_not_matter(caller: Caller, key: str) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        assert caller.post("/v1/track", EVENT, key, Content_Type=kind).status == 200


def test_gzip_is_taken_with_and_without_its_header(caller: Caller, key: str) -> None:
    packed = gzip.compress(json.dumps({"batch": [EVENT]}).encode())
    assert caller.post("/v1/batch", packed, key, Content_Encoding="gzip").status == 200
    assert caller.post("/v1/batch", packed, key).status == 200
    assert len(kinds()) == 2


def test_a_browser_may_ask_first_and_is_allowed_what_it_asks_for(caller: Caller) -> None:
    asked = "authorization,anonymousid,sentat,content-type"
    answer = caller.ask(
        "OPTIONS",
        "/v1/batch",
        Origin="https://careers.example.com",
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers=asked,
    )
    assert answer.status == 204
    assert answer.headers["access-control-allow-headers"] == asked
    assert answer.headers["access-control-allow-origin"] == "https://careers.example.com"
    assert "POST" in answer.headers["access-control-allow-methods"]


def test_a_page_can_read_a_refusal(caller: Caller) -> None:
    answer = caller.post("/v1/track", EVENT, "wrong", Origin="https://careers.example.com")
    assert answer.code == (401, "wrong_key")
    assert answer.headers["access-control-allow-origin"] == "https://careers.example.com"
    assert {"code", "message", "field", "remedy"} <= set(answer.said)


def test_only_named_origins_are_heard(caller: Caller, make_source: MakeSource) -> None:
    key = make_source(kind="browser", origins=["https://careers.example.com"])[1]
    assert caller.post("/v1/track", EVENT, key, Origin="https://careers.example.com").status == 200
    assert caller.post("/v1/track", EVENT, key, Origin="https://evil.example").code == (403, "wrong_origin")
    assert caller.post("/v1/track", EVENT, key, Origin="null").code == (403, "wrong_origin")


def test_keys_end_when_they_are_rotated_out_and_sources_when_they_retire(
    caller: Caller, make_source: MakeSource
) -> None:
    source, key = make_source()
    newer = rotate_key(source, by=BY)
    assert caller.post("/v1/track", EVENT, key).status == 200, "the old key lives for a day"
    WriteKey.objects.filter(expires_at__isnull=False).update(expires_at=clock.now() - timedelta(hours=1))
    other, other_key = make_source(name="another")
    retire_source(other, by=BY)
    assert caller.post("/v1/track", EVENT, other_key).code == (403, "retired_source"), "which reads the keys"
    assert caller.post("/v1/track", EVENT, key).code == (401, "expired_key")
    assert caller.post("/v1/track", EVENT, newer).status == 200


def test_without_a_key_nothing_is_taken(caller: Caller) -> None:
    assert caller.post("/v1/track", EVENT).code == (401, "no_key")
    assert caller.post("/v1/track", b"{").code == (400, "not_json")
    assert not Rejected.objects.exists()


def test_good_events_beside_bad_ones_survive_and_the_bad_are_kept_with_reasons(
    caller: Caller, key: str
) -> None:
    bad = [
        {"type": "sing"},
        3,
        {"type": "track"},
        {**EVENT, "messageId": "m" * 120},
        {**EVENT, "event": "card.saved"},
    ]
    large = {**EVENT, "properties": {"blob": "x" * 40_000}}
    answer = caller.post("/v1/batch", {"batch": [EVENT, *bad, large, EVENT]}, key)
    assert (answer.status, answer.body) == YES
    assert kinds() == ["event.tracked"] * 2
    codes = set(Rejected.objects.values_list("code", flat=True))
    assert codes == {
        "unknown_type",
        "not_an_object",
        "missing_event",
        "too_long",
        "reserved_kind",
        "too_large",
    }


def test_a_bad_single_event_is_refused_and_kept(caller: Caller, key: str) -> None:
    answer = caller.post("/v1/track", {"anonymousId": "a1"}, key)
    assert answer.code == (400, "missing_event")
    assert answer.said["field"] == "event"
    assert json.loads(Rejected.objects.get().body) == {"anonymousId": "a1"}


def test_a_repeat_is_answered_yes_and_stored_once(caller: Caller, key: str) -> None:
    batch = [{**EVENT, "messageId": f"m{n}"} for n in range(10)]
    for said in (batch, batch[::-1], batch[:5] + batch[:5]):
        assert caller.post("/v1/batch", {"batch": said}, key).status == 200
    assert len(kinds()) == 10


def test_a_clock_forty_days_off_is_flagged(caller: Caller, key: str) -> None:
    sent = clock.now() - timedelta(days=40)
    said = {**EVENT, "timestamp": (sent - timedelta(hours=1)).isoformat(), "sentAt": sent.isoformat()}
    assert caller.post("/v1/track", said, key).status == 200
    row = Signal.objects.get()
    assert (row.at, row.flags) == (row.received_at, ["clock"])


def test_whoever_sends_too_much_is_told_when_to_come_back(caller: Caller, make_source: MakeSource) -> None:
    key = make_source(limit_per_s=2)[1]
    assert caller.post("/v1/batch", {"batch": [EVENT] * 60}, key).status == 200
    answer = caller.post("/v1/track", EVENT, key)
    assert answer.code == (429, "too_many")
    assert int(answer.headers["retry-after"]) >= 1
    assert len(kinds()) == 60


def test_browser_libraries_are_told_to_send_here_and_nowhere_else(
    caller: Caller, make_source: MakeSource
) -> None:
    key = make_source(kind="browser")[1]
    here = f"127.0.0.1:{caller.port}"
    segment = caller.ask("GET", f"/v1/projects/{key}/settings").said["integrations"]
    assert set(segment) == {"Segment.io"}
    assert (segment["Segment.io"]["apiHost"], segment["Segment.io"]["protocol"]) == (f"{here}/v1", "http")
    rudder = caller.ask("GET", f"/sourceConfig/?p=cdn&v=3.34.1&writeKey={key}").said["source"]
    assert (rudder["enabled"], rudder["destinations"]) == (True, [])
    assert caller.ask("GET", "/v1/projects/nobody/settings").code == (401, "wrong_key")


def test_a_librarys_own_measurements_are_thrown_away(caller: Caller) -> None:
    answer = caller.post("/v1/m", {"series": [{"type": "Counter"}]})
    assert (answer.status, answer.body) == YES


def test_the_machine_room_is_answered(caller: Caller, key: str) -> None:
    caller.post("/v1/track", EVENT, key)
    assert caller.ask("GET", "/healthz").body == b"ok"
    assert caller.ask("GET", "/readyz").said == {"ready": True}
    assert b"segue_collect_events" in caller.ask("GET", "/metrics").body
    assert caller.ask("GET", "/metrics", X_Forwarded_For="192.0.2.1").code == (403, "not_allowed")


def test_other_paths_and_methods_are_refused(caller: Caller) -> None:
    assert caller.ask("GET", "/nothing").code == (404, "no_such_path")
    assert caller.ask("PUT", "/v1/track").code == (405, "wrong_method")
    assert caller.ask("GET", "/v1/track").code == (404, "no_such_path"), "a GET never acts"
