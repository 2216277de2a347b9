"""Listening on the desk: sources and their keys, what was refused, and how it goes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.listen.actions.sources import create_source, product_source, rotate_key
from segue.listen.models import ColdFile, Cursor, Parked, Rejected, Source, SourceKind, Tally, WriteKey
from segue.listen.queries.sources import source_of_key
from segue.trust.models import Account, AuditLine
from tests.factories import make_account, mia

if TYPE_CHECKING:
    from playwright.sync_api import Page

MACHINE = Actor.machine("test")
SEES_FIGURES = {"administrator", "analyst", "auditor"}
ROLES = ("administrator", "recruiter", "hiring_manager", "interviewer", "analyst", "auditor")


@pytest.fixture
def desk(mia: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(mia)


def make_source(name: str = "career-site", **fields: Any) -> Source:
    return create_source(name=name, by=MACHINE, **fields)[0]


def refuse(source: Source | None = None, **fields: Any) -> Rejected:
    fields = {"code": "not_json", "message": "This is not JSON.", "remedy": "Send JSON."} | fields
    return Rejected.objects.create(source=source, **fields)


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def key_in(page: str) -> str:
    found = re.search(r'id="new-key">([^<]+)<', page)
    return found.group(1) if found else ""


@pytest.mark.django_db
class TestDoors:
    @pytest.mark.parametrize("role", ROLES)
    def test_figures_for_some_keys_and_bodies_for_administrators_only(
        self, role: str, client_as: Callable[[Account], Client]
    ) -> None:
        source = make_source()
        row = refuse(source)
        client = client_as(make_account(role=Role(role), name=role))
        answer = client.get(reverse("desk:listening"))
        assert answer.status_code == (200 if role in SEES_FIGURES else 403)
        for page in (
            reverse("desk:sources"),
            reverse("desk:source", args=[source.pk]),
            reverse("desk:rejected"),
            reverse("desk:rejected_event", args=[row.pk]),
        ):
            assert client.get(page).status_code == (200 if role == "administrator" else 403), page

    @pytest.mark.parametrize("role", sorted(set(ROLES) - {"administrator"}))
    def test_nobody_else_changes_a_source(self, role: str, client_as: Callable[[Account], Client]) -> None:
        source = make_source()
        client = client_as(make_account(role=Role(role), name=role))
        for name in ("source_edit", "source_rotate", "source_retire", "source_key"):
            assert client.post(reverse(f"desk:{name}", args=[source.pk])).status_code == 403
        assert client.post(reverse("desk:source_new"), {"name": "mine"}).status_code == 403
        assert Source.objects.count() == WriteKey.objects.count() == 1

    def test_the_menu_leads_there_for_who_may(
        self, desk: Client, rosa: Account, client_as: Callable[[Account], Client]
    ) -> None:
        address = f'href="{reverse("desk:listening")}"'
        assert address in text_of(desk.get(reverse("desk:home")))
        assert address not in text_of(client_as(rosa).get(reverse("desk:home")))

    def test_a_verb_s_address_leads_readers_to_its_page(self, desk: Client) -> None:
        source = make_source()
        for name in ("source_edit", "source_rotate", "source_retire", "source_key"):
            answer = desk.get(reverse(f"desk:{name}", args=[source.pk]))
            assert answer["Location"] == reverse("desk:source", args=[source.pk])
        assert desk.get(reverse("desk:source_new"))["Location"] == reverse("desk:sources")


@pytest.mark.django_db
class TestSources:
    def test_the_key_is_shown_once_and_filled_in(self, desk: Client) -> None:
        fields = {"name": "career-site", "kind": "browser", "origins": "https://a.example https://b.example"}
        answer = desk.post(reverse("desk:source_new"), fields)
        page = text_of(answer)
        key = key_in(page)
        source = source_of_key(key)
        assert source is not None
        assert source.origins == ["https://a.example", "https://b.example"]
        assert page.count(key) > 4  # beside the key itself, in every snippet
        assert 'integrity="sha384-' in page
        assert "no-store" in answer["Cache-Control"]
        assert key not in text_of(desk.get(reverse("desk:source", args=[source.pk])))

    def test_a_server_gets_lines_for_servers(self, desk: Client) -> None:
        page = text_of(desk.post(reverse("desk:source_new"), {"name": "hr", "kind": "server"}))
        assert "segment-analytics-python" in page
        assert '<script src="http' not in page

    @pytest.mark.parametrize(
        ("fields", "status", "words"),
        [
            ({"name": ""}, 422, "has a name"),
            ({"name": "taken"}, 409, "rotate the key"),
            ({"name": "x", "origins": "careers.example.com"}, 422, "https://careers.example.com"),
        ],
    )
    def test_refusals_say_what_to_do_and_keep_what_was_typed(
        self, fields: dict[str, str], status: int, words: str, desk: Client
    ) -> None:
        make_source("taken")
        answer = desk.post(reverse("desk:source_new"), fields)
        assert answer.status_code == status
        page = text_of(answer)
        assert words in page
        assert f'value="{fields["name"]}"' in page

    def test_the_list_says_how_each_does(self, desk: Client) -> None:
        source = make_source()
        assert "Nothing yet" in text_of(desk.get(reverse("desk:sources")))
        Tally.objects.create(source=source, minute=clock.now(), events=1234, last_id=1)
        Tally.objects.create(source=source, minute=clock.now() - timedelta(hours=5), events=66, last_id=1)
        refuse(source)
        page = text_of(desk.get(reverse("desk:sources")))
        assert "1,234" in page
        assert "1,300" in page
        assert f"{reverse('desk:rejected')}?source=career-site" in page
        assert source.keys.get().hint in page

    def test_an_empty_list_says_how_to_begin(self, desk: Client) -> None:
        assert "No source yet." in text_of(desk.get(reverse("desk:sources")))

    def test_rotating_shows_the_new_key_and_lets_the_old_one_live(self, desk: Client) -> None:
        source, old = create_source(name="site", by=MACHINE)
        page = text_of(desk.post(reverse("desk:source_rotate", args=[source.pk]), {"grace_h": "24"}))
        new = key_in(page)
        assert source_of_key(old) == source_of_key(new) == source
        assert "Keep" in page

    def test_a_grace_out_of_range_is_told_and_changes_nothing(self, desk: Client) -> None:
        source = make_source()
        answer = desk.post(reverse("desk:source_rotate", args=[source.pk]), {"grace_h": "x"}, follow=True)
        assert "0 to 720 hours" in text_of(answer)
        assert source.keys.count() == 1

    def test_ending_a_key_can_be_undone_to_how_it_was(self, desk: Client) -> None:
        source, old = create_source(name="site", by=MACHINE)
        rotate_key(source, grace_h=3, by=MACHINE)
        row = source.keys.order_by("pk")[0]
        ends = row.expires_at
        address = reverse("desk:source_key", args=[source.pk])
        answer = desk.post(address, {"key": row.pk, "do": "end"}, follow=True)
        assert source_of_key(old) is None
        toast = answer.context["toast"]
        assert toast["undo_url"] == address
        desk.post(address, toast["undo_fields"])
        row.refresh_from_db()
        assert (source_of_key(old), row.expires_at) == (source, ends)

    def test_a_key_of_another_source_is_not_found(self, desk: Client) -> None:
        source, other = make_source(), make_source("other")
        address = reverse("desk:source_key", args=[source.pk])
        answer = desk.post(address, {"key": other.keys.get().pk, "do": "end"}, follow=True)
        assert answer.context["toast"]["refused"]
        assert other.keys.get().is_alive

    def test_retiring_can_be_undone(self, desk: Client) -> None:
        source, key = create_source(name="site", by=MACHINE)
        address = reverse("desk:source_retire", args=[source.pk])
        answer = desk.post(address, {"retired": "1"}, follow=True)
        assert source_of_key(key) is None
        assert "Retired" in text_of(desk.get(reverse("desk:sources")))
        desk.post(address, answer.context["toast"]["undo_fields"])
        assert source_of_key(key) == source

    def test_what_it_may_do_is_edited_and_undone(self, desk: Client) -> None:
        source = make_source(origins=["https://a.example"])
        address = reverse("desk:source_edit", args=[source.pk])
        fields = {"origins": "https://b.example\nhttps://c.example", "consent": "assured", "limit": "50"}
        answer = desk.post(address, fields, follow=True)
        source.refresh_from_db()
        assert source.origins == ["https://b.example", "https://c.example"]
        assert (source.consent, source.limit_per_s) == ("assured", 50)
        desk.post(address, answer.context["toast"]["undo_fields"])
        source.refresh_from_db()
        assert (source.origins, source.consent) == (["https://a.example"], "carried")

    @pytest.mark.parametrize("wrong", [{"limit": "many"}, {"origins": "nowhere"}, {"consent": "perhaps"}])
    def test_a_wrong_edit_keeps_what_was_typed(self, wrong: dict[str, str], desk: Client) -> None:
        source = make_source()
        fields = {"origins": "", "consent": "carried", "limit": "10000"} | wrong
        answer = desk.post(reverse("desk:source_edit", args=[source.pk]), fields)
        assert answer.status_code == 422
        assert next(iter(wrong.values())) in text_of(answer) or "consent" in wrong

    def test_our_own_pages_offer_nothing_to_break(self, desk: Client) -> None:
        source = product_source()
        assert source.kind == SourceKind.PRODUCT
        page = text_of(desk.get(reverse("desk:source", args=[source.pk])))
        assert "follows the site's secret" in page
        for verb in ("source_rotate", "source_retire", "source_key"):
            assert f'action="{reverse(f"desk:{verb}", args=[source.pk])}"' not in page


@pytest.mark.django_db
class TestRejected:
    def test_the_latest_first_with_reason_field_and_remedy(self, desk: Client) -> None:
        refuse(make_source(), field="timestamp", origin="https://a.example")
        page = text_of(desk.get(reverse("desk:rejected")))
        for words in ("not_json", "timestamp", "Send JSON.", "career-site", "https://a.example"):
            assert words in page

    def test_filters_and_counts(self, desk: Client) -> None:
        one, other = make_source(), make_source("other")
        for _ in range(3):
            refuse(one)
        refuse(other, code="too_large", message="Too much.")
        answer = desk.get(reverse("desk:rejected"))
        assert answer.context["codes"] == [("not_json", 3), ("too_large", 1)]
        answer = desk.get(reverse("desk:rejected"), {"source": "other"})
        assert (answer.context["codes"], len(answer.context["rows"])) == ([("too_large", 1)], 1)
        answer = desk.get(reverse("desk:rejected"), {"code": "not_json", "source": "other"})
        assert "None like this." in text_of(answer)

    def test_pages_follow_on_without_gaps(self, desk: Client) -> None:
        rows = [refuse(message=f"No {number}.") for number in range(60)]
        first = desk.get(reverse("desk:rejected"))
        second = desk.get(first.context["next_page"])
        seen = [row.pk for answer in (first, second) for row in answer.context["rows"]]
        assert seen == [row.pk for row in reversed(rows)]
        assert not second.context["next_page"]

    @pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "1 OR 1=1"])
    def test_an_address_tampered_with_is_no_trouble(self, after: str, desk: Client) -> None:
        assert desk.get(reverse("desk:rejected"), {"after": after}).status_code == 200

    def test_nothing_refused_is_good_news(self, desk: Client) -> None:
        assert "Nothing was refused." in text_of(desk.get(reverse("desk:rejected")))

    def test_a_body_is_shown_set_out_and_harmless_and_the_look_is_noted(self, desk: Client) -> None:
        row = refuse(make_source(), body='{"name":"<script>alert(1)</script>","a":{"b":1}}')
        answer = desk.get(reverse("desk:rejected_event", args=[row.pk]))
        raw = answer.content.decode()
        assert "<script>alert" not in raw
        assert "&quot;a&quot;: {\n    &quot;b&quot;: 1" in raw
        assert "no-store" in answer["Cache-Control"]
        assert AuditLine.objects.get(verb="trust.note_access").subject_id == str(row.pk)

    @pytest.mark.parametrize("body", ["", "not json", "[" * 5000, '"\\ud800"', "\u202e{}"])
    def test_whatever_came_can_be_opened(self, body: str, desk: Client) -> None:
        row = refuse(body=body)
        assert desk.get(reverse("desk:rejected_event", args=[row.pk])).status_code == 200

    def test_one_that_is_gone_is_said_to_be(self, desk: Client) -> None:
        assert desk.get(reverse("desk:rejected_event", args=[77])).status_code == 404


@pytest.mark.django_db
def test_a_page_among_many_walks_an_index_and_counts_without_the_rows(desk: Client) -> None:
    """A hundred thousand refused events: the list walks an index backwards, the counts need no bodies."""
    source = make_source()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO listen_rejected"
            " (source_id, received_at, code, field, message, remedy, body, origin)"
            " SELECT %s, now() - n * interval '1 second', 'code_' || n %% 7, '', 'No.', '',"
            " repeat('x', 300), '' FROM generate_series(1, 100000) n",
            [source.pk],
        )
        cursor.execute("ANALYZE listen_rejected")
    with CaptureQueriesContext(connection) as asked:
        answer = desk.get(reverse("desk:rejected"), {"code": "code_3"})
    assert len(answer.context["rows"]) == 50
    counting, listing = (_plan(q["sql"]) for q in asked if 'FROM "listen_rejected"' in q["sql"])
    assert "Index Only Scan" in counting
    assert "Index Scan" in listing
    assert "Sort" not in listing


def _plan(sql: str) -> str:
    """Return how it is done by index; what was just written in bulk the database would rather read whole."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.django_db
class TestHealth:
    def test_figures_readers_and_where_the_ledger_lies(self, desk: Client) -> None:
        Tally.objects.create(minute=clock.now() - timedelta(minutes=2), events=100, last_id=1)
        Cursor.objects.create(consumer="listen.tally", position=0)
        Parked.objects.create(consumer="listen.tally", signal_id=7, error="ValueError: no such thing")
        ColdFile.objects.create(
            path="a",
            content="events",
            purpose="behaviour",
            week="2026-01-05",
            shard=0,
            rows=12_345,
            size_bytes=2**20,
            sha256="",
            first_id=1,
            last_id=2,
        )
        page = text_of(desk.get(reverse("desk:listening")))
        for words in ("listen.tally", "no such thing", "2026-01-05", "12,345", "1.0\xa0MB"):
            assert words in page

    def test_an_analyst_sees_that_something_was_put_aside_and_not_what(
        self, theo: Account, client_as: Callable[[Account], Client]
    ) -> None:
        Cursor.objects.create(consumer="listen.tally", position=0, last_error="Ada's secret")
        Parked.objects.create(consumer="listen.tally", signal_id=7, error="Ada's secret")
        page = text_of(client_as(theo).get(reverse("desk:listening")))
        assert "listen.tally" in page
        assert "Ada's secret" not in page

    def test_every_figure_has_its_definition_a_click_away(self, desk: Client) -> None:
        page = desk.get(reverse("desk:listening")).content.decode()
        assert page.count('<details class="meaning">') == 3
        assert page.count("What these figures mean") == 3


PHONE: Any = {"width": 390, "height": 844}


@pytest.mark.browser
@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_nothing_grave_and_nothing_wide(
    size: str,
    scheme: str,
    page: Page,
    site: str,
    sign_in: Callable[[Page, Account], None],
    axe: Callable[[Page], None],
) -> None:
    sign_in(page, mia())
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # Playwright's own literals
    if size == "phone":
        page.set_viewport_size(PHONE)
    source = make_source(origins=["https://careers.example.com"])
    Tally.objects.create(source=source, minute=clock.now(), events=4821, last_id=1)
    row = refuse(source, field="timestamp", body='{"a": 1}', origin="https://careers.example.com")
    for name, *args in [
        ("listening",),
        ("sources",),
        ("source", source.pk),
        ("rejected",),
        ("rejected_event", row.pk),
    ]:
        page.goto(reverse(f"desk:{name}", args=args))
        for summary in page.locator("#main summary").all():
            summary.click()
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} scrolls sideways by {wide} px"


@pytest.mark.browser
def test_a_source_is_made_copied_and_its_key_ended_and_undone(
    page: Page, site: str, sign_in: Callable[[Page, Account], None]
) -> None:
    sign_in(page, mia())
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(reverse("desk:sources"))
    page.keyboard.press("n")
    page.keyboard.type("career-site")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="The new key, shown this once").wait_for()
    page.get_by_role("button", name="Copy the key").click()
    page.get_by_role("button", name="Copied").first.wait_for()
    key = page.evaluate("navigator.clipboard.readText()")
    assert source_of_key(key) == Source.objects.get(name="career-site")
    page.get_by_role("button", name="End now").click()
    page.get_by_text("The key has ended.").wait_for()
    assert source_of_key(key) is None
    page.keyboard.press("u")
    page.get_by_text("The key opens again.").wait_for()
    assert source_of_key(key) is not None
