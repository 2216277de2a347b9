"""The employer's directory keeps colleagues' accounts: by the standard, and as two of them talk."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from segue.engage.actions.sign_in import sign_in_link
from segue.hire.models import Application
from segue.kit.actor import Role
from segue.trust.actions.keys import make_key
from segue.trust.models import Account, AuditLine, Review
from tests import factories
from tests.web.api.scim.directory import MACHINE, Directory

pytestmark = pytest.mark.django_db
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
NORA = "nora@employer.example"


@pytest.fixture
def directory(db: None) -> Directory:
    return Directory()


class TestUsers:
    def test_made_read_and_found(self, directory: Directory) -> None:
        made = directory.user(
            "Nora@Employer.example", externalId="x-1", name={"givenName": "Nora", "familyName": "Berg"}
        )
        assert directory.status == 201
        assert directory.last["Content-Type"] == "application/scim+json"
        assert directory.last["Location"].endswith(f"/scim/v2/Users/{made['id']}")
        assert made["userName"] == NORA
        assert made["active"] is True
        assert made["name"]["formatted"] == "Nora Berg"
        assert made["roles"][0]["value"] == Role.INTERVIEWER
        assert directory.ask("GET", f"Users/{made['id']}") == made
        for text in (
            f'userName eq "{NORA.upper()}"',
            'externalId eq "x-1"',
            f'emails[type eq "work"].value eq "{NORA}"',
            f'userName eq "{NORA}" and active eq true',
        ):
            found = directory.ask("GET", f"Users?filter={text}")
            assert (found["totalResults"], found["Resources"][0]["id"]) == (1, made["id"]), text

    def test_nobody_found_is_an_empty_list(self, directory: Directory) -> None:
        found = directory.ask("GET", 'Users?filter=userName eq "who@employer.example"')
        assert (found["totalResults"], found["Resources"]) == (0, [])

    def test_candidates_are_not_there(self, directory: Directory, ada: Account) -> None:
        assert directory.ask("GET", f"Users/{ada.pk}")["status"] == "404"
        assert directory.ask("GET", "Users")["totalResults"] == 1  # Mia, whose key it is
        taken = directory.user(ada.email)
        assert (taken["scimType"], directory.status) == ("uniqueness", 409)

    def test_pages(self, directory: Directory) -> None:
        for number in range(5):
            directory.user(f"u{number}@employer.example")
        page = directory.ask("GET", "Users?startIndex=3&count=2")
        assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (6, 3, 2)
        assert [one["userName"] for one in page["Resources"]] == [
            "u1@employer.example",
            "u2@employer.example",
        ]
        assert directory.ask("GET", "Users?startIndex=-4&count=0")["itemsPerPage"] == 0
        assert directory.ask("GET", "Users?startIndex=99")["Resources"] == []

    def test_put_replaces(self, directory: Directory) -> None:
        made = directory.user(NORA, title="Nurse", displayName="Nora B")
        put = directory.ask("PUT", f"Users/{made['id']}", {"userName": NORA, "displayName": "Nora Berg"})
        assert put["displayName"] == "Nora Berg"
        assert "title" not in put

    def test_a_name_is_somebodys(self, directory: Directory, rosa: Account) -> None:
        again = directory.user(rosa.email.upper())
        assert (directory.status, again["scimType"], again["schemas"]) == (409, "uniqueness", [ERROR])
        directory.user(NORA, externalId="x-1")
        assert directory.user("o@employer.example", externalId="x-1")["scimType"] == "uniqueness"

    @pytest.mark.parametrize(
        ("method", "place", "body", "kind"),
        [
            ("POST", "Users", {"userName": "no address"}, "invalidValue"),
            ("POST", "Users", {}, "invalidValue"),
            ("POST", "Users", [], "invalidSyntax"),
            ("POST", "Users", {"userName": NORA, "active": "maybe"}, "invalidValue"),
            ("GET", "Users?filter=userName", None, "invalidFilter"),
            ("GET", 'Users?filter=password eq "x"', None, "invalidFilter"),
            ("GET", 'Users?filter=userName eq "a" or active eq true', None, "invalidFilter"),
            ("POST", "Groups", {"displayName": " "}, "invalidValue"),
            ("POST", "Groups", {"displayName": "x", "members": [{"value": "y"}]}, "invalidValue"),
        ],
    )
    def test_faults_are_said_as_the_standard_has_it(
        self, directory: Directory, method: str, place: str, body: object, kind: str
    ) -> None:
        said = directory.ask(method, place, body)
        assert (directory.status, said["status"], said["scimType"]) == (400, "400", kind)

    def test_versions(self, directory: Directory) -> None:
        made = directory.user(NORA)
        place, tag = f"Users/{made['id']}", made["meta"]["version"]
        assert directory.last["ETag"] == tag
        directory.ask("PUT", place, {"userName": NORA, "title": "Nurse"}, **{"If-Match": tag})
        assert directory.status == 200
        directory.ask("PUT", place, {"userName": NORA}, **{"If-Match": tag})
        assert directory.status == 412


class TestPatch:
    @pytest.mark.parametrize(
        "operation",
        [
            {"op": "replace", "path": "active", "value": False},
            {"op": "Replace", "path": "active", "value": "False"},  # Entra ID
            {"op": "replace", "value": {"active": False}},  # Okta
            {"op": "Replace", "value": {"active": "False"}},
        ],
    )
    def test_closing(self, directory: Directory, operation: dict[str, object]) -> None:
        made = directory.user(NORA)
        assert directory.patch(f"Users/{made['id']}", operation)["active"] is False
        assert not Account.objects.get(email=NORA).is_active

    def test_as_entra_id_sends_it(self, directory: Directory) -> None:
        made = directory.user(NORA)
        enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
        said = directory.patch(
            f"Users/{made['id']}",
            {"op": "Add", "path": "name.givenName", "value": "Nora"},
            {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "other@employer.example"},
            {"op": "Add", "path": f"{enterprise}:department", "value": "Care"},
            {"op": "Add", "value": {"name.familyName": "Berg", f"{enterprise}:manager": "x"}},
            {"op": "Replace", "path": "displayName", "value": "Nora Berg"},
        )
        assert said["name"] == {"formatted": "Nora Berg", "givenName": "Nora", "familyName": "Berg"}
        assert said[enterprise] == {"department": "Care"}
        assert said["userName"] == NORA

    def test_as_okta_sends_it(self, directory: Directory) -> None:
        made = directory.user(NORA)
        said = directory.patch(
            f"Users/{made['id']}",
            {"op": "replace", "value": {"id": made["id"], "title": "Nurse", "name": {"givenName": "Nora"}}},
        )
        assert (said["title"], said["name"]["givenName"]) == ("Nurse", "Nora")

    def test_removing(self, directory: Directory) -> None:
        made = directory.user(NORA, title="Nurse", externalId="x")
        said = directory.patch(
            f"Users/{made['id']}", {"op": "remove", "path": "title"}, {"op": "remove", "path": "externalId"}
        )
        assert "title" not in said
        assert "externalId" not in said

    def test_all_or_nothing(self, directory: Directory) -> None:
        made = directory.user(NORA)
        place = f"Users/{made['id']}"
        bad = directory.patch(
            place,
            {"op": "replace", "path": "title", "value": "X"},
            {"op": "replace", "path": "groups", "value": []},
        )
        assert bad["scimType"] == "mutability"
        assert directory.patch(place, {"op": "remove"})["scimType"] == "noTarget"
        assert (
            directory.patch(place, {"op": "replace", "path": "a b", "value": 1})["scimType"] == "invalidPath"
        )
        assert "title" not in directory.ask("GET", place)


class TestGroups:
    def test_a_group_named_like_a_role_gives_it(self, directory: Directory) -> None:
        nora = directory.user(NORA)
        group = directory.ask(
            "POST", "Groups", {"displayName": "Hiring Manager", "members": [{"value": nora["id"]}]}
        )
        assert directory.status == 201
        assert Account.objects.get(email=NORA).role == Role.HIRING_MANAGER
        assert directory.ask("GET", f"Users/{nora['id']}")["groups"][0]["display"] == "Hiring Manager"
        assert "members" not in directory.ask("GET", f"Groups/{group['id']}?excludedAttributes=members")

    def test_the_furthest_counts_and_goes_with_its_group(self, directory: Directory) -> None:
        nora = directory.user(NORA)
        member = {"members": [{"value": nora["id"]}]}
        directory.ask("POST", "Groups", {"displayName": "analyst"} | member)
        talent = directory.ask("POST", "Groups", {"displayName": "recruiter"} | member)
        assert Account.objects.get(email=NORA).role == Role.RECRUITER
        directory.ask("DELETE", f"Groups/{talent['id']}")
        assert Account.objects.get(email=NORA).role == Role.ANALYST

    @pytest.mark.parametrize("way", ["path", "value"])
    def test_members_come_and_go(self, directory: Directory, way: str) -> None:
        nora, otto = directory.user(NORA), directory.user("otto@employer.example")
        group = directory.ask("POST", "Groups", {"displayName": "recruiter"})
        place = f"Groups/{group['id']}"
        both = [{"value": nora["id"]}, {"value": otto["id"]}]
        directory.patch(place, {"op": "Add", "path": "members", "value": both})
        gone = (
            {"op": "remove", "path": f'members[value eq "{nora["id"]}"]'}
            if way == "path"
            else {"op": "Remove", "path": "members", "value": [{"value": nora["id"]}]}
        )
        left = directory.patch(place, gone)
        assert [member["value"] for member in left["members"]] == [otto["id"]]
        assert Account.objects.get(email=NORA).role == Role.INTERVIEWER
        assert "members" not in directory.patch(place, {"op": "remove", "path": "members"})

    def test_nobody_becomes_or_stays_administrator_by_a_group(
        self, directory: Directory, rosa: Account
    ) -> None:
        mia = factories.mia()
        members = [{"value": str(rosa.pk)}, {"value": str(mia.pk)}]
        directory.ask("POST", "Groups", {"displayName": "administrator", "members": members})
        directory.ask("POST", "Groups", {"displayName": "analyst", "members": members})
        rosa.refresh_from_db()
        mia.refresh_from_db()
        assert (rosa.role, mia.role) == (Role.ANALYST, Role.ADMINISTRATOR)


class TestLeaving:
    def test_out_at_once(self, directory: Directory, rosa: Account) -> None:
        client = Client()
        client.post(sign_in_link(rosa, base_url=""))
        assert client.get(reverse("desk:jobs")).status_code == 200
        directory.ask("DELETE", f"Users/{rosa.pk}")
        assert directory.status == 204
        assert client.get(reverse("desk:jobs")).status_code == 302
        rosa.refresh_from_db()
        assert Client().post(sign_in_link(rosa, base_url="")).status_code == 410

    def test_what_she_had_in_hand_waits_for_a_person(self, directory: Directory, rosa: Account) -> None:
        job = factories.make_job(title="Pilot")
        factories.make_member(job, rosa, "recruiter")
        factories.make_application(owner=rosa)
        make_key("hers", scopes=["jobs:read"], owner=rosa, by=MACHINE)
        directory.patch(f"Users/{rosa.pk}", {"op": "replace", "path": "active", "value": False})
        team, rest = Review.objects.filter(kind="colleague_left").order_by("-job_id")
        if team.job_id is None:
            team, rest = rest, team
        assert team.job == job
        assert "open applications: 1" in rest.note
        assert "API keys" in rest.note
        assert Application.objects.get().owner == rosa  # a person says who takes over
        client = Client()
        client.force_login(factories.mia())
        assert "A colleague has left" in client.get(reverse("desk:reviews")).content.decode()

    def test_the_last_administrator_stays(self, directory: Directory) -> None:
        mia = factories.mia()
        said = directory.patch(f"Users/{mia.pk}", {"op": "replace", "path": "active", "value": False})
        assert directory.status == 409
        assert "administrator" in said["detail"]
        mia.refresh_from_db()
        assert mia.is_active

    def test_and_may_come_back(self, directory: Directory, rosa: Account) -> None:
        for active in (False, True):
            said = directory.patch(f"Users/{rosa.pk}", {"op": "replace", "path": "active", "value": active})
            assert said["active"] is active


def test_what_it_says_of_itself(directory: Directory) -> None:
    assert directory.ask("GET", "ServiceProviderConfig")["patch"] == {"supported": True}
    kinds = directory.ask("GET", "ResourceTypes")["Resources"]
    assert [kind["endpoint"] for kind in kinds] == ["/Users", "/Groups"]
    for listed in directory.ask("GET", "Schemas")["Resources"]:
        assert directory.ask("GET", f"Schemas/{listed['id']}") == listed
    assert directory.ask("GET", "ResourceTypes/User")["name"] == "User"
    assert directory.ask("GET", "ResourceTypes/Nobody")["status"] == "404"


def test_only_with_the_scope(db: None) -> None:
    said = Directory("people:write").ask("GET", "Users")
    assert (said["status"], said["schemas"]) == ("403", [ERROR])
    nobody = Client().get("/scim/v2/Users")
    assert nobody.status_code == 401
    assert nobody["WWW-Authenticate"].startswith("Bearer")
    mia = Client()
    mia.force_login(factories.mia())
    assert mia.get("/scim/v2/Users").status_code == 401  # a cookie is no directory's


def test_each_deed_leaves_its_line(directory: Directory) -> None:
    directory.user(NORA)
    line = AuditLine.objects.filter(verb="trust.provision_user").get()
    assert (line.actor_role, line.actor_name) == (Role.API_CLIENT, "API key directory")
