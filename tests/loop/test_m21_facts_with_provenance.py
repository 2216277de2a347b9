"""M21. What we know of a person is what somebody said, and who; the last import overwrites nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from segue.catalog.actions.facts import Said, confirm_fact, retract_fact, state_facts
from segue.catalog.models import FactKind, FactSource
from segue.catalog.queries.people import facts_of, find_person
from segue.kit.actor import Actor, Role
from segue.trust.models import Account, AuditLine
from tests.catalog.files import bring_people, written
from tests.factories import actor

pytestmark = pytest.mark.django_db


def test_nora_is_imported_corrects_herself_and_stays_corrected(tmp_path: Path, rosa: Account) -> None:
    resume = {
        "basics": {
            "name": "N. Lind",
            "email": "nora@people.example",
            "location": {"city": "Lund", "countryCode": "SE"},
        },
        "work": [{"name": "Halden", "position": "Engineer", "summary": "Python and Java."}],
    }
    path = written(tmp_path, json.dumps(resume), "nora.json")
    assert bring_people(path, source="ats").outcomes["created"] == 1
    nora = find_person(actor(rosa), "nora@people.example")
    assert {"python", "java"} <= set(nora.skills)

    herself = Actor(role=Role.CANDIDATE, name="Nora Lind", person_id=nora.pk)
    known = {(fact.kind, fact.normalised): fact for fact in facts_of(nora, herself)}
    retract_fact(known["skill", "java"], by=herself)
    confirm_fact(known["skill", "python"], by=herself)
    state_facts(nora, [Said(FactKind.NAME, "Nora Lind")], source=FactSource.CANDIDATE, by=herself)

    resume["work"][0]["summary"] = "Python, Java and SQL."  # type: ignore[index]  # the source knows no better
    path.write_text(json.dumps(resume))
    assert bring_people(path, source="ats").outcomes["updated"] == 1
    nora.refresh_from_db()
    assert nora.name == "Nora Lind"
    assert "java" not in nora.skills
    assert {"python", "sql"} <= set(nora.skills)

    told = [(fact.source, fact.method) for fact in facts_of(nora, actor(rosa)) if fact.normalised == "sql"]
    assert told == [("parsed", "skills:lexicon")]
    assert AuditLine.objects.filter(verb="catalog.import_files").count() == 2
