"""M15, matching people to jobs: evidence first, names last, and nobody left out of sight."""

from __future__ import annotations

import pytest

from segue.catalog.actions.jobs import draft_job, open_job
from segue.catalog.actions.people import add_resume, read_resume, welcome_person
from segue.catalog.models import FactSource, Person
from segue.hire.actions.applications import Applicant, apply
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.recommend.actions.slates import rank_people
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account, Decision
from tests.factories import actor, make_skill
from tests.recommend.stage import MACHINE, market, own, reread

pytestmark = pytest.mark.django_db
YES = ("profile", "discovery")


def arrives(name: str, text: str, *purposes: str) -> Person:
    """Somebody becomes known with a résumé, and says what it may be used for."""
    email = f"{name.split(maxsplit=1)[0].lower()}@people.example"
    person, _ = welcome_person(email=email, name=name, by=MACHINE)
    resume, _ = add_resume(
        person,
        text=text,
        file_name="cv.txt",
        media_type="text/plain",
        source=FactSource.CANDIDATE,
        by=own(person),
    )
    read_resume(resume, by=MACHINE)
    for purpose in purposes:
        set_consent(person, purpose=purpose, granted=True, by=own(person))
    person.refresh_from_db()
    return person


def test_rosa_looks_for_a_data_engineer(rosa: Account) -> None:
    market(16)
    for slug, label in (("python", "Python"), ("sql", "SQL"), ("nursing", "Nursing")):
        make_skill(slug, label=label)
    job = draft_job(
        title="Data engineer",
        description="Python and SQL.",
        required_skills=["python", "sql"],
        by=actor(rosa),
    )
    open_job(job, by=actor(rosa))
    fits = arrives("Farah Nouri", "Farah Nouri. Ten years of Python and SQL at banks.", *YES)
    other = arrives("Gus Berg", "Gus Berg. Nursing at night, and nothing I like more.", *YES)
    quiet = arrives("Hana Sato", "Hana Sato. Python and SQL, but please do not look for me.", "profile")
    silent = arrives("Ivo Kral", "Ivo Kral. Python and SQL.")
    for person in (quiet, silent):
        apply(job, applicant=Applicant(name=person.name, email=str(person.email)), by=own(person))
    reread()

    # Blind, as it opens: the evidence is there, the names are not.
    slate = rank_people(job, by=actor(rosa), blind=True)
    order = [row.person for row in slate.rows]
    assert other not in order, "whom nothing speaks for is not put forward"
    row = slate.rows[order.index(fits)]
    assert row.label.startswith("Candidate ")
    assert {quote.skill_label.lower() for quote in row.evidence} == {"python", "sql"}
    assert not any("Farah" in quote.quote or "Nouri" in quote.quote for quote in row.evidence)
    assert row.missing == []

    # Hana applied, so she is considered; Ivo applied and may not be read, so a person must look.
    assert slate.rows[order.index(quiet)].in_pool == "applied"
    assert slate.unread == [silent.pk]
    assert silent not in order

    # It is an order to read in. It is logged, it reads no behaviour, and it decides nothing.
    decision = Decision.objects.get(kind="people.ranked")
    assert decision.inputs["features"] == ["text", "title", "words", "skills", "place"]
    assert len(decision.chosen) == len(slate.rows)

    # Farah changes her mind about being found: gone at once, for everybody.
    set_consent(fits, purpose="discovery", granted=False, by=own(fits))
    assert fits not in [row.person for row in rank_people(job, by=actor(rosa), blind=True).rows]


def test_a_visitor_ranks_nobody(rosa: Account) -> None:
    (job, *_) = market(8)
    with pytest.raises(NotAllowed, match="team"):
        rank_people(job, by=Actor.anonymous(), blind=True)
