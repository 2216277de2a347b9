"""Sources: who may make them, what their keys live through, and which origins make sense."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.listen.actions.sources import (
    create_source,
    edit_source,
    product_key,
    product_source,
    restore_key,
    restore_source,
    retire_source,
    revoke_key,
    rotate_key,
)
from segue.listen.models import Source, SourceKind, WriteKey
from segue.listen.queries.origins import read_origins
from segue.listen.queries.sources import key_digest, source_for, source_of_key, sources_visible_to
from segue.trust.models import Account, AuditLine
from tests.factories import actor

MACHINE = Actor.machine("test")


def made(name: str = "career-site", **fields: Any) -> tuple[Source, str]:
    return create_source(name=name, by=MACHINE, **fields)


@pytest.mark.django_db
class TestMaking:
    def test_the_key_opens_the_source_and_is_kept_nowhere(self) -> None:
        source, key = made()
        assert source_of_key(key) == source
        row = source.keys.get()
        assert row.digest == key_digest(key)
        assert row.hint == f"…{key[-4:]}"
        line = AuditLine.objects.get(verb="listen.create_source")
        assert (line.subject_type, line.subject_id) == ("Source", str(source.pk))
        assert key not in str(line.detail)
        assert key not in str(list(WriteKey.objects.values()) + list(Source.objects.values()))

    def test_a_name_is_taken_once_and_the_refusal_says_what_to_do(self) -> None:
        made("career-site")
        with pytest.raises(Conflict) as refused:
            made(" career-site ")
        assert refused.value.field == "name"
        assert "rotate" in refused.value.remedy
        assert Source.objects.count() == 1

    @pytest.mark.parametrize("name", ["", "   ", "x" * 61, "42", "product", "two\nlines"])
    def test_names_that_would_mislead_are_refused(self, name: str) -> None:
        with pytest.raises(Invalid) as refused:
            made(name)
        assert refused.value.field == "name"

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"kind": "toaster"}, "kind"),
            ({"kind": "product"}, "kind"),
            ({"kind": "server", "origins": ["https://a.example"]}, "origins"),
            ({"origins": ["a.example"]}, "origins"),
            ({"consent": "perhaps"}, "consent"),
            ({"limit_per_s": 0}, "limit_per_s"),
        ],
    )
    def test_each_refusal_names_its_field(self, fields: dict[str, Any], field: str) -> None:
        with pytest.raises(Invalid) as refused:
            made(**fields)
        assert refused.value.field == field
        assert not Source.objects.exists()

    def test_only_administrators_make_see_and_change_sources(self, mia: Account, rosa: Account) -> None:
        source, _ = create_source(name="a", by=actor(mia))
        with pytest.raises(NotAllowed):
            create_source(name="b", by=actor(rosa))
        for deed in (rotate_key, retire_source, restore_source, edit_source):
            with pytest.raises(NotAllowed):
                deed(source, by=actor(rosa))
        for key_deed in (revoke_key, restore_key):
            with pytest.raises(NotAllowed):
                key_deed(source.keys.get(), by=actor(rosa))
        assert list(sources_visible_to(actor(mia))) == [source]
        assert not sources_visible_to(actor(rosa)).exists()


@pytest.mark.django_db
class TestKeys:
    def test_the_old_key_lives_its_grace_and_no_longer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        source, old = made()
        new = rotate_key(source, grace_h=2, by=MACHINE)
        assert source_of_key(old) == source_of_key(new) == source
        later = clock.now() + timedelta(hours=2, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert source_of_key(old) is None
        assert source_of_key(new) == source
        assert new not in str(list(AuditLine.objects.values()))

    def test_rotating_twice_does_not_lengthen_a_grace(self) -> None:
        source, first = made()
        rotate_key(source, grace_h=1, by=MACHINE)
        ends = source.keys.get(digest=key_digest(first)).expires_at
        rotate_key(source, grace_h=48, by=MACHINE)
        assert source.keys.get(digest=key_digest(first)).expires_at == ends

    def test_no_grace_ends_the_old_key_now(self) -> None:
        source, old = made()
        rotate_key(source, grace_h=0, by=MACHINE)
        assert source_of_key(old) is None

    @pytest.mark.parametrize("grace_h", [-1, 721])
    def test_a_grace_is_bounded(self, grace_h: int) -> None:
        source, _ = made()
        with pytest.raises(Invalid):
            rotate_key(source, grace_h=grace_h, by=MACHINE)

    def test_revoking_can_be_taken_back_for_a_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        source, key = made()
        row = revoke_key(source.keys.get(), by=MACHINE)
        assert source_of_key(key) is None
        with pytest.raises(Conflict):
            revoke_key(row, by=MACHINE)
        restore_key(row, by=MACHINE)
        assert source_of_key(key) == source
        revoke_key(row, by=MACHINE)
        later = clock.now() + timedelta(hours=25)
        monkeypatch.setattr(clock, "now", lambda: later)
        with pytest.raises(Conflict):
            restore_key(row, by=MACHINE)

    def test_a_retired_source_is_heard_no_more_until_restored(self) -> None:
        source, key = made()
        retire_source(source, by=MACHINE)
        assert source_of_key(key) is None
        with pytest.raises(Conflict):
            rotate_key(source, by=MACHINE)
        restore_source(source, by=MACHINE)
        assert source_of_key(key) == source

    def test_editing_changes_only_what_is_said(self) -> None:
        source, _ = made(origins=["https://a.example"])
        changed = edit_source(source, limit_per_s=5, by=MACHINE)
        assert (changed.origins, changed.limit_per_s) == (["https://a.example"], 5)
        assert edit_source(source, origins=[], consent="assured", by=MACHINE).origins == []


@pytest.mark.django_db
class TestFinding:
    def test_by_name_or_number_else_the_names_there_are(self) -> None:
        source, _ = made("career-site")
        assert source_for(MACHINE, "career-site") == source_for(MACHINE, source.pk) == source
        with pytest.raises(NotFound) as lost:
            source_for(MACHINE, "carrer-site")
        assert "career-site" in lost.value.remedy

    def test_without_any_it_says_how_to_make_one(self) -> None:
        with pytest.raises(NotFound) as lost:
            source_for(MACHINE, "x")
        assert "segue source create" in lost.value.remedy


@pytest.mark.django_db
class TestOurOwnPages:
    def test_the_key_is_stable_and_opens_one_source(self) -> None:
        assert product_key() == product_key()
        assert source_of_key(product_key()) is None
        assert product_source() == product_source() == source_of_key(product_key())
        assert Source.objects.get().kind == SourceKind.PRODUCT

    def test_it_can_be_neither_silenced_nor_rotated_by_mistake(self) -> None:
        source = product_source()
        deeds: list[Callable[[], object]] = [
            lambda: rotate_key(source, by=MACHINE),
            lambda: retire_source(source, by=MACHINE),
            lambda: revoke_key(source.keys.get(), by=MACHINE),
        ]
        for deed in deeds:
            with pytest.raises(Conflict):
                deed()

    def test_a_new_secret_lets_open_pages_send_for_one_more_day(self) -> None:
        before = product_key()
        product_source()
        with override_settings(SECRET_KEY="another"):
            assert product_key() != before
            product_source()
            assert source_of_key(product_key()) == source_of_key(before)
        assert WriteKey.objects.get(digest=key_digest(before)).expires_at is not None


@pytest.mark.django_db(transaction=True)
def test_racing_processes_make_our_pages_one_source() -> None:
    found: list[int] = []

    def race(gate: threading.Barrier) -> None:
        gate.wait()
        try:
            found.append(product_source().pk)
        finally:
            connection.close()

    gate = threading.Barrier(4)
    threads = [threading.Thread(target=race, args=[gate]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert WriteKey.objects.count() == 1


class TestOrigins:
    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            ("https://Careers.Example.com/", "https://careers.example.com"),
            ("https://a.example:443", "https://a.example"),
            ("http://a.example:80", "http://a.example"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("capacitor://localhost", "capacitor://localhost"),
        ],
    )
    def test_they_are_kept_as_browsers_send_them(self, said: str, kept: str) -> None:
        assert read_origins([said, said, " "]) == [kept]

    @pytest.mark.parametrize(
        ("said", "meant"),
        [
            ("careers.example.com", "https://careers.example.com"),
            ("https://jobs.example.com/all?x=1", "https://jobs.example.com"),
            ("https://*.example.com", "https://careers.example.com"),
            ("https://user@a.example", "https://careers.example.com"),
            ("*", "https://careers.example.com"),
            ("file:///etc/passwd", "https://careers.example.com"),
            ("https://a.example:99999", "https://a.example"),
        ],
    )
    def test_what_is_none_is_refused_with_what_was_meant(self, said: str, meant: str) -> None:
        with pytest.raises(Invalid) as refused:
            read_origins([said])
        assert refused.value.field == "origins"
        assert meant in refused.value.remedy

    @given(st.text(max_size=60))
    def test_any_text_is_kept_stably_or_refused_kindly(self, said: str) -> None:
        try:
            kept = read_origins([said])
        except Invalid as refused:
            kept = [] if refused.remedy else ["a refusal without a remedy"]
        assert read_origins(kept) == kept

    def test_there_is_a_most(self) -> None:
        with pytest.raises(Invalid):
            read_origins(f"https://a{n}.example" for n in range(51))
