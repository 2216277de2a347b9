"""The sign-in page of the desk, the password behind it, and the administrator's pages about both."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from segue.cli.main import main
from segue.engage.models import Message
from segue.kit.actor import Actor, Role
from segue.kit.errors import Invalid, NotAllowed
from segue.trust.actions.provisioning import GroupSaid, provision_group
from segue.trust.actions.sign_ins import close_links, set_password
from segue.trust.models import Account, AuditLine, Dial
from segue.trust.queries.second_factors import roles_asked
from tests import factories
from tests.factories.sign_in import code_now, make_totp

SignInAs = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("test")
WORDS = "four sleepy otters and a kettle"
PROVIDER = '[acme]\nkind = "oidc"\nissuer = "https://login.acme.example"\nclient_id = "segue"\n'


@pytest.fixture
def mia(db: None) -> Account:
    return factories.mia()


@pytest.fixture
def acme(tmp_path: Path, settings: Settings) -> None:
    settings.SIGN_IN_PROVIDERS = str(tmp_path / "sign_in.toml")
    Path(settings.SIGN_IN_PROVIDERS).write_text(PROVIDER, encoding="utf-8")


def by_password(email: str, password: str) -> tuple[Client, int]:
    client = Client()
    answer = client.post(reverse("desk:sign_in_password"), {"email": email, "password": password})
    return client, answer.status_code


class TestTheDoor:
    def test_a_link_is_the_way_where_nothing_else_is_set_up(self, rosa: Account) -> None:
        page = Client().get(reverse("desk:sign_in"), {"next": "/desk/jobs/"}).content.decode()
        assert "Send me a link" in page
        assert "company account" not in page
        assert "/desk/jobs/" in page

    def test_the_company_comes_first_where_it_is(self, acme: None, db: None) -> None:
        assert Client().get("/desk/jobs/")["Location"] == f"{reverse('desk:sign_in')}?next=/desk/jobs/"
        assert "Go on with Acme" in Client().get(reverse("desk:sign_in")).content.decode()

    def test_a_fault_in_the_companys_file_shuts_no_other_way(
        self, acme: None, db: None, settings: Settings
    ) -> None:
        Path(settings.SIGN_IN_PROVIDERS).write_text('[acme]\nkind = "oidc"\nissuer = "http://x.example"\n')
        answer = Client().get(reverse("desk:sign_in"))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "does not work just now" in page
        assert "client_id" not in page
        assert 'name="email"' in page

    def test_next_leads_nowhere_else(self, db: None) -> None:
        page = Client().get(reverse("desk:sign_in"), {"next": "https://evil.example/"}).content.decode()
        assert 'name="next" value="https' not in page

    def test_it_asks_little(self, db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(1):
            Client().get(reverse("desk:sign_in"))


class TestThePassword:
    def test_an_administrators_opens(self, mia: Account) -> None:
        set_password(mia, secret_password=WORDS, by=MACHINE)
        client, status = by_password(mia.email.upper(), WORDS)
        assert status == 303
        assert client.get(reverse("desk:settings")).status_code == 200
        assert WORDS not in str(list(AuditLine.objects.values_list("detail", flat=True)))

    def test_and_the_second_step_is_asked_all_the_same(self, mia: Account) -> None:
        set_password(mia, secret_password=WORDS, by=MACHINE)
        make_totp(mia)
        client, _status = by_password(mia.email, WORDS)
        assert client.get(reverse("desk:settings")).status_code == 302
        client.post(reverse("desk:second_step"), {"code": code_now()})
        assert client.get(reverse("desk:settings")).status_code == 200

    def test_wrong_words_and_unknown_names_are_answered_alike(self, mia: Account, rosa: Account) -> None:
        set_password(mia, secret_password=WORDS, by=MACHINE)
        tried = [
            Client()
            .post(reverse("desk:sign_in_password"), {"email": email, "password": "x"})
            .content.decode()
            for email in (mia.email, rosa.email, "who@employer.example")
        ]
        assert all("do not belong together" in page for page in tried)

    def test_five_tries_an_address(self, mia: Account) -> None:
        set_password(mia, secret_password=WORDS, by=MACHINE)
        tries = [by_password(mia.email, "wrong words here")[1] for _try in range(5)]
        assert tries == [422] * 5
        assert by_password(mia.email, WORDS)[1] == 429

    def test_nobody_else_has_one_and_weak_ones_are_none(self, mia: Account, rosa: Account) -> None:
        with pytest.raises(NotAllowed):
            set_password(rosa, secret_password=WORDS, by=MACHINE)
        with pytest.raises(NotAllowed):
            set_password(mia, secret_password=WORDS, by=factories.actor(mia))
        for weak in ("short", "passwordpassword"[:12], mia.email):
            with pytest.raises(Invalid):
                set_password(mia, secret_password=weak, by=MACHINE)

    def test_a_password_of_one_who_is_no_administrator_now_opens_nothing(self, mia: Account) -> None:
        set_password(mia, secret_password=WORDS, by=MACHINE)
        Account.objects.filter(pk=mia.pk).update(role=Role.RECRUITER)
        assert by_password(mia.email, WORDS)[1] == 422

    def test_the_command_reads_one_line(
        self, mia: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(WORDS + "\n"))
        assert main(["staff", mia.email, "--name", mia.name, "--role", "administrator", "--password"]) == 0
        assert WORDS not in capsys.readouterr().out
        assert by_password(mia.email, WORDS)[1] == 303


class TestTheCompanyAlone:
    def test_it_takes_a_way_around_first(self, mia: Account) -> None:
        with pytest.raises(Invalid, match="Nobody could get in"):
            close_links(True, by=factories.actor(mia))

    def test_colleagues_get_no_link_and_candidates_do(
        self, mia: Account, rosa: Account, ada: Account
    ) -> None:
        set_password(mia, secret_password=WORDS, by=MACHINE)
        close_links(True, by=factories.actor(mia))
        for account in (rosa, ada):
            Client().post(reverse("portal:sign_in"), {"email": account.email})
        assert [row.to_address for row in Message.objects.all()] == [ada.email]
        assert by_password(mia.email, WORDS)[1] == 303

    def test_by_the_page_with_undo(self, mia: Account, acme: None, client_as: SignInAs) -> None:
        set_password(mia, secret_password=WORDS, by=MACHINE)
        mia.refresh_from_db()
        client = client_as(mia)
        client.post(reverse("desk:provider_only"), {"only": "1"})
        page = client.get(reverse("desk:identity")).content.decode()
        assert "The only way" in page
        assert "Undo" in page
        client.post(reverse("desk:provider_only"), {"only": "0"})
        assert Dial.objects.get(pk="sign_in.by_provider_only").value is False


class TestTheAdministratorsPages:
    def test_signing_in(
        self, mia: Account, acme: None, client_as: SignInAs, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        provision_group(GroupSaid("Talent"), by=MACHINE)
        client = client_as(mia)
        with django_assert_num_queries(6):
            page = client.get(reverse("desk:identity")).content.decode()
        assert "https://login.acme.example" in page
        assert "/desk/sign-in/oidc-acme" in page
        assert "/scim/v2</code>" in page

    def test_a_faulty_file_is_said_there(
        self, mia: Account, acme: None, client_as: SignInAs, settings: Settings
    ) -> None:
        Path(settings.SIGN_IN_PROVIDERS).write_text('[acme]\nkind = "oidc"\nissuer = "http://x.example"\n')
        page = client_as(mia).get(reverse("desk:identity")).content.decode()
        assert "client_id is missing" in page

    def test_roles_and_groups(self, mia: Account, rosa: Account, client_as: SignInAs) -> None:
        client = client_as(mia)
        client.post(reverse("desk:second_step_roles"), {"roles": ["recruiter", "auditor"]})
        assert roles_asked() == {"recruiter", "auditor"}
        group = provision_group(GroupSaid("Talent", members=frozenset({rosa.pk})), by=MACHINE)
        client.post(reverse("desk:group_role", args=[group.pk]), {"role": "coordinator"})
        rosa.refresh_from_db()
        assert rosa.role == Role.COORDINATOR
        client.post(reverse("desk:group_role", args=[group.pk]), {"role": "administrator"})
        group.refresh_from_db()
        assert group.role == "coordinator"

    def test_colleagues(
        self,
        mia: Account,
        rosa: Account,
        client_as: SignInAs,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        make_totp(rosa)
        client = client_as(mia)
        with django_assert_num_queries(3):
            page = client.get(reverse("desk:colleagues")).content.decode()
        assert "Reset second step" in page
        client.post(reverse("desk:colleague_reset", args=[rosa.pk]))
        assert not rosa.second_factors.exists()
        hers = client_as(rosa)
        client.post(reverse("desk:colleague_close", args=[rosa.pk]), {"do": "close"})
        assert hers.get(reverse("desk:jobs")).status_code == 302
        client.post(reverse("desk:colleague_close", args=[rosa.pk]), {"do": "reopen"})
        rosa.refresh_from_db()
        assert rosa.is_active
        client.post(reverse("desk:colleague_close", args=[mia.pk]), {"do": "close"})
        mia.refresh_from_db()
        assert mia.is_active
