"""What an event is taken for: its kind, whose it says it is, what its visitor answered, what is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.listen import page_token
from segue.listen.actions.intake import Arrival
from segue.listen.queries.keys import KnownKey
from segue.web.collect.answers import Refused
from segue.web.collect.context import consent_said, kept
from segue.web.collect.events import Envelope, read_event

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SERVER = KnownKey(None, 7, "ats", "server", frozenset(), "carried", 1000, False)
BROWSER = replace(SERVER, kind="browser")
PRODUCT = replace(SERVER, kind="product")
LIBRARY = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)
IDS = ["messageId", "anonymousId", "userId", "previousId", "name"]
FIELDS = ["type", "event", *IDS, "properties", "traits", "context", "timestamp", "sentAt", "version"]


def envelope(key: KnownKey = SERVER, **more: Any) -> Envelope:
    return Envelope(key=key, received_at=NOW, user_agent=LIBRARY, **more)


def read(said: Any, key: KnownKey = SERVER, call: str = "", **more: Any) -> Arrival:
    return read_event(said, call, envelope(key, **more))


def refused(said: Any, key: KnownKey = SERVER) -> tuple[str, str]:
    with pytest.raises(Refused) as refusal:
        read(said, key)
    assert refusal.value.message
    return refusal.value.code, refusal.value.field


@given(
    st.dictionaries(st.sampled_from(FIELDS), json_values), st.sampled_from(["", "track", "identify", "page"])
)
def test_any_object_is_an_event_or_refused(said: dict[str, Any], call: str) -> None:
    try:
        arrival = read(said, call=call)
    except Refused:
        return
    assert arrival.message_id
    json.dumps([arrival.props, arrival.context])


def test_each_call_has_its_kind() -> None:
    calls = {
        "track": "event.tracked",
        "page": "page.viewed",
        "screen": "screen.viewed",
        "identify": "visitor.identified",
        "group": "visitor.grouped",
        "alias": "visitor.aliased",
    }
    said = {"event": "Job Viewed", "anonymousId": "a1"}
    assert {call: read(said, call=call).kind.name for call in calls} == calls


def test_what_is_wrong_with_an_event_is_said() -> None:
    assert refused({"type": "track"}) == ("missing_event", "event")
    assert refused({"type": "sing"}) == ("unknown_type", "type")
    assert refused({"type": "page", "properties": [1]}) == ("not_an_object", "properties")
    assert refused({"type": "page", "messageId": "m" * 100}) == ("too_long", "messageId")
    assert refused({"type": "page", "anonymousId": {"a": 1}}) == ("not_text", "anonymousId")
    assert refused({"type": "page", "properties": {"blob": "x" * 33_000}})[0] == "too_large"
    deep: dict[str, Any] = {}
    for _ in range(300):
        deep = {"in": deep}
    assert refused({"type": "page", "properties": deep})[0] == "too_deep"


def test_what_only_our_own_pages_say_is_refused_from_others() -> None:
    said = {"type": "track", "event": "card.shown", "properties": {"job_id": str(uuid4())}}
    assert refused(said) == ("reserved_kind", "event")
    assert refused(said, PRODUCT) == ("reserved_kind", "event"), "without the token of a page"
    token = page_token.issue(person_id=None, granted=[])
    assert read({**said, "context": {"pageToken": token}}, PRODUCT).job_id == said["properties"]["job_id"]
    assert refused({"type": "track", "event": "application.decided"}, PRODUCT)[0] == "reserved_kind"


def test_numbers_are_taken_for_ids_and_an_event_without_an_id_gets_one() -> None:
    arrival = read({"type": "identify", "userId": 42, "anonymousId": 7})
    assert (arrival.person_ref, arrival.anonymous_id) == ("42", "7")
    assert UUID(arrival.message_id).version == 7


def test_a_user_id_counts_with_a_secret_key_or_with_its_proof() -> None:
    said = {"type": "identify", "userId": "ada", "anonymousId": "a1", "traits": {"plan": "x"}}
    assert read(said).person_ref == "ada"
    assert read(said, BROWSER).person_ref == ""
    proof = page_token.user_token(BROWSER.source_id, "ada")
    in_context = {**said, "context": {"userToken": proof}}
    in_traits = {**said, "traits": {"plan": "x", "userToken": proof}}
    assert [read(one, BROWSER).person_ref for one in (in_context, in_traits)] == ["ada", "ada"]
    assert read({**in_context, "userId": "bob"}, BROWSER).person_ref == ""
    arrival = read(in_traits, BROWSER)
    assert arrival.props == {"plan": "x"}, "the proof itself is not kept"
    assert (arrival.tier, arrival.said_by) == ("B", "identify")


def test_a_page_of_ours_says_for_whom_it_was_made() -> None:
    ada = uuid4()
    token = page_token.issue(person_id=ada, granted=["behaviour"])
    arrival = read({"type": "page", "anonymousId": "a1", "userId": "mallory"}, PRODUCT, page_token=token)
    assert (arrival.person_ref, arrival.tier) == (str(ada), "B")
    assert (arrival.anonymous_id, arrival.said_by) == ("", ""), "nor may it claim others' ids for them"
    assert read({"type": "page"}, PRODUCT, page_token="forged").tier == "C"


def test_rudder_puts_traits_into_the_context() -> None:
    said = {"type": "identify", "userId": "ada", "context": {"traits": {"plan": "x"}}}
    arrival = read(said)
    assert arrival.props == {"plan": "x"}
    assert "traits" not in arrival.context


def test_an_alias_is_about_the_previous_id() -> None:
    arrival = read({"type": "alias", "previousId": "a-before", "userId": "ada"})
    assert (arrival.anonymous_id, arrival.person_ref, arrival.said_by) == ("a-before", "ada", "alias")


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ({}, None),
        ({"consent": {"categoryPreferences": {"Analytics": True}}}, True),
        ({"consent": {"categoryPreferences": {"behaviour": True, "marketing": False}}}, True),
        ({"consent": {"categoryPreferences": {"marketing": True}}}, False),
        ({"consent": {"categoryPreferences": {"analytics": "true"}}}, False),
        ({"consentManagement": {"allowedConsentIds": ["analytics"], "deniedConsentIds": []}}, True),
        ({"consentManagement": {"allowedConsentIds": [], "deniedConsentIds": ["analytics"]}}, False),
        ({"consent": True, "consentManagement": []}, None),
    ],
)
def test_the_visitors_answer_is_read_as_the_libraries_write_it(
    context: dict[str, Any], said: bool | None
) -> None:
    assert consent_said(context) is said


def test_a_no_weighs_more_than_what_the_source_assures() -> None:
    assured = replace(BROWSER, consent="assured")
    no = {"type": "page", "context": {"consent": {"categoryPreferences": {"analytics": False}}}}
    yes = {"type": "page", "context": {"consent": {"categoryPreferences": {"analytics": True}}}}
    assert read({"type": "page"}, assured).consented is True
    assert read({"type": "page"}, BROWSER).consented is None
    assert read(no, assured).consented is False
    assert read(yes, BROWSER, says_no=True).consented is False, "the browser asks not to be followed"


def test_the_context_keeps_where_and_on_what_but_nothing_that_names_anybody() -> None:
    said = {
        "page": {
            "path": "/jobs",
            "url": "https://x.example/jobs?email=ada@x.example#top",
            "search": "?email=a",
        },
        "device": {"type": "ios", "id": "serial", "advertisingId": "idfa", "name": "Ada's phone"},
        "locale": "en-GB",
        "ip": "192.0.2.7",
        "traits": {"email": "ada@x.example"},
        "userToken": "t",
    }
    assert kept(said) == {
        "page": {"path": "/jobs", "url": "https://x.example/jobs"},
        "device": {"type": "ios"},
        "locale": "en-GB",
    }


def test_a_batchs_own_context_lies_under_that_of_its_events() -> None:
    arrival = read({"type": "page", "context": {"locale": "de"}}, context={"locale": "en", "timezone": "UTC"})
    assert arrival.context == {"locale": "de", "timezone": "UTC"}


def test_a_robot_is_told_by_its_name_and_a_servers_library_is_none() -> None:
    robot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    assert read({"type": "page", "context": {"userAgent": robot}}, BROWSER).tier == "D"
    assert read({"type": "page"}, SERVER).tier == "A"
    prefetched = read({"type": "page"}, BROWSER, prefetch=True)
    assert (prefetched.tier, "prefetch" in prefetched.flags) == ("D", True)


def test_a_pages_addresses_are_kept_without_their_queries() -> None:
    said = {"url": "https://x.example/a?email=ada@example.com", "search": "?key=1", "title": "A"}
    arrival = read({"type": "page", "properties": said})
    assert arrival.props == {"url": "https://x.example/a", "title": "A"}


def test_events_of_a_batch_may_differ_in_what_their_visitors_answered() -> None:
    def visit(answer: bool) -> dict[str, Any]:
        return {"type": "page", "context": {"consent": {"categoryPreferences": {"analytics": answer}}}}

    one = envelope()
    answers = [read_event(visit(answer), "", one).consented for answer in (True, True, False, True)]
    assert answers == [True, True, False, True]
