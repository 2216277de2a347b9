"""Words our own texts use are proposed as skills; a person decides, and résumés are read again for it."""

from __future__ import annotations

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from segue.catalog.actions.people import read_resume
from segue.catalog.actions.skills import add_skill, ignore_skill, join_skill, reopen_skill
from segue.catalog.models import (
    Fact,
    FactKind,
    JobStatus,
    ProposalState,
    Skill,
    SkillProposal,
    TaxonomyTerm,
    TermKind,
)
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, NotAllowed, NotFound
from segue.kit.queue import work_off
from segue.learn.actions.vocabulary import propose_skills, reread_resumes
from segue.trust.models import Account, Purpose
from tests.factories import actor, grant, make_job, make_person, make_resume

pytestmark = pytest.mark.django_db
WORKER = Actor.machine("worker")


@pytest.fixture(autouse=True)
def _ours() -> None:
    Skill.objects.create(slug="wound-care", label="Wound care")
    Skill.objects.create(slug="python", label="Python")
    TaxonomyTerm.objects.create(
        taxonomy="esco", kind=TermKind.SKILL, code="u:1", label="beekeeping", names=["apiculture"]
    )


def proposed() -> dict[str, SkillProposal]:
    propose_skills(by=WORKER)
    return {proposal.slug: proposal for proposal in SkillProposal.objects.all()}


def postings(*texts: str) -> None:
    for text in texts:
        make_job(description=text)


def resume_of(text: str, *, willing: bool = True) -> None:
    person = make_person()
    if willing:
        grant(person, Purpose.PROFILE)
    make_resume(person, text=text)


def test_what_two_postings_ask_for_is_proposed_with_counts_and_an_example() -> None:
    postings("You know beekeeping well.", "Years of apiculture, please.", "Nothing of the kind.")
    one = proposed()["beekeeping"]
    assert (one.label, one.taxonomy, one.jobs, one.people) == ("beekeeping", "esco", 2, 0)
    assert one.written in {"beekeeping", "apiculture"}
    assert one.written in one.example


def test_lists_in_texts_speak_for_themselves_and_what_we_know_is_not_proposed() -> None:
    postings("Skills: hive inspection, Python, Wound care", "Kenntnisse: Hive Inspection; Python")
    found = proposed()
    assert set(found) == {"hive-inspection"}
    assert found["hive-inspection"].jobs == 2


def test_a_draft_and_a_single_posting_are_not_enough() -> None:
    postings("Skills: hive inspection")
    make_job(description="Skills: hive inspection", status=JobStatus.DRAFT)
    assert proposed() == {}


def test_what_stands_in_every_posting_is_no_skill() -> None:
    postings(*["Skills: hive inspection, team spirit"] * 3, *["Skills: team spirit"] * 27)
    assert set(proposed()) == {"hive-inspection"}


def test_resumes_count_from_three_people_who_allow_it_and_lend_no_words() -> None:
    for _ in range(2):
        resume_of("Skills: hive inspection")
    resume_of("Skills: hive inspection", willing=False)
    assert proposed() == {}
    resume_of("Skills: hive inspection")
    one = proposed()["hive-inspection"]
    assert (one.people, one.jobs, one.example) == (3, 0, "")


def test_the_nearest_of_ours_stands_beside_it() -> None:
    postings("Skills: care of wounds", "Skills: care of wounds")
    one = proposed()["care-of-wounds"]
    assert one.near_id == "wound-care"
    assert 0.0 < one.nearness <= 1.0


def test_what_nobody_writes_any_more_goes_and_a_decision_stays(rosa: Account) -> None:
    postings(*["Skills: hive inspection, smoker handling"] * 2)
    proposed()
    ignore_skill("smoker-handling", by=actor(rosa))
    from segue.catalog.models import Job

    Job.objects.update(description="Nothing.")
    left = proposed()
    assert set(left) == {"smoker-handling"}
    assert left["smoker-handling"].state == ProposalState.IGNORED


def test_what_is_added_is_found_in_resumes_and_taking_it_back_takes_it_away(
    rosa: Account, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    person = make_person()
    resume = make_resume(person, text="Ten years of hive inspection.")
    read_resume(resume, by=WORKER)
    postings(*["Skills: hive inspection"] * 2)
    proposed()
    with django_capture_on_commit_callbacks(execute=True):
        add_skill("hive-inspection", by=actor(rosa))
    work_off()
    person.refresh_from_db()
    assert person.skills == ["hive-inspection"]
    fact = Fact.objects.get(person=person, kind=FactKind.SKILL, superseded_at=None)
    assert resume.text[fact.span_start : fact.span_end] == "hive inspection"
    with django_capture_on_commit_callbacks(execute=True):
        reopen_skill("hive-inspection", by=actor(rosa))
    work_off()
    person.refresh_from_db()
    assert person.skills == []
    assert not Skill.objects.filter(slug="hive-inspection").exists()


def test_another_word_for_a_skill_finds_that_skill_and_can_be_taken_back(rosa: Account) -> None:
    person = make_person()
    make_resume(person, text="Care of wounds on the ward.")
    postings(*["Skills: care of wounds"] * 2)
    proposed()
    join_skill("care-of-wounds", "wound-care", by=actor(rosa))
    assert reread_resumes(by=WORKER) == 1
    assert reread_resumes(by=WORKER) == 0
    person.refresh_from_db()
    assert person.skills == ["wound-care"]
    reopen_skill("care-of-wounds", by=actor(rosa))
    assert Skill.objects.get(slug="wound-care").synonyms == []
    reread_resumes(by=WORKER)
    person.refresh_from_db()
    assert person.skills == []


def test_only_the_talent_team_decides_and_only_once(rosa: Account, ada: Account) -> None:
    postings(*["Skills: hive inspection"] * 2)
    proposed()
    for stranger in (actor(ada), WORKER):
        with pytest.raises(NotAllowed):
            add_skill("hive-inspection", by=stranger)
    with pytest.raises(NotFound):
        join_skill("hive-inspection", "falconry", by=actor(rosa))
    with pytest.raises(NotFound):
        ignore_skill("falconry", by=actor(rosa))
    add_skill("hive-inspection", by=actor(rosa))
    with pytest.raises(Conflict, match="Rosa"):
        ignore_skill("hive-inspection", by=actor(rosa))
