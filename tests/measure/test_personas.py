"""A persona card: figures of ten people and more, each line with the one it rests on, and nothing made up."""

from __future__ import annotations

import re
from typing import Any

import pytest

from segue.catalog.models import Job, Person
from segue.hire.models import StageEntry
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.learn.models import Segment, SegmentKind, SegmentMember, Taste
from segue.listen.actions.record import record
from segue.measure.queries.personas.card import Persona, as_dict, as_markdown, persona_of
from segue.measure.queries.personas.figures import LEAST, Figure, Verdict
from segue.trust.models import Consent
from tests import factories
from tests.factories.crowd import make_crowd

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")


@pytest.fixture
def crowd() -> list[Person]:
    return make_crowd(40)


@pytest.fixture
def nurses(crowd: list[Person]) -> Segment:
    """A segment of the nurses among them, by whatever made it."""
    segment = Segment.objects.create(name="Nurses", kind=SegmentKind.COMMUNITY, refreshed_at=clock.now())
    SegmentMember.objects.bulk_create(
        SegmentMember(segment=segment, person=person) for person in crowd if person.headline == "Nurse"
    )
    return segment


def card_of(segment: Segment) -> Persona:
    return persona_of(segment, by=MACHINE)


def show(people: list[Person], job: Job, *, saved_by: int = 0, reason: str = "", reasons: int = 0) -> None:
    for place, person in enumerate(people):
        record("card.shown", by=MACHINE, person_id=person.pk, job_id=job.pk)
        if place < saved_by:
            record("card.saved", by=MACHINE, person_id=person.pk, job_id=job.pk)
        if place < reasons:
            record("card.dismissed", by=MACHINE, person_id=person.pk, job_id=job.pk, reason=reason)


def of(crowd: list[Person], trade: str) -> list[Person]:
    return [person for person in crowd if person.headline == trade]


def test_who_they_are_is_told_by_their_own_skills(nurses: Segment) -> None:
    card = card_of(nurses)
    assert card.size == 40
    assert {one.label for one in card.skills} >= {"Triage", "Wound Care", "Charting"}
    assert all(one.lift is not None and one.lift > 1 and one.hits >= LEAST for one in card.skills)
    assert [one.label for one in card.titles] == ["Nurse"]
    assert [one.label for one in card.places] == ["Berlin"]


def test_a_family_they_save_is_a_thing_to_do_with_the_figure_behind_it(
    crowd: list[Person], nurses: Segment
) -> None:
    job = factories.make_job(department="Care")
    others = of(crowd, "Baker") + of(crowd, "Welder")
    show(of(crowd, "Nurse"), job, saved_by=30)
    show(others, job, saved_by=12)
    card = card_of(nurses)
    figure = next(one for one in card.responses["saved"] if one.label == "Care")
    assert (figure.hits, figure.n, figure.other_hits, figure.other_n) == (30, 40, 12, 80)
    assert figure.verdict is Verdict.MORE
    line = next(line for line in card.lines if line.figure == figure.key)
    assert line.do
    assert "75 % of 40" in line.evidence
    assert "15 %" in line.evidence


def test_a_reason_they_give_oftener_is_minded(crowd: list[Person], nurses: Segment) -> None:
    job = factories.make_job(department="Care")
    show(of(crowd, "Nurse"), job, reason="too_far", reasons=35)
    show(of(crowd, "Baker"), job, reason="pay", reasons=35)
    show(of(crowd, "Welder"), job, reason="too_far", reasons=11)
    card = card_of(nurses)
    assert [line.text for line in card.lines] == ["Show what is near, or can be done from home"]


def test_what_was_taken_back_or_not_allowed_did_not_happen(crowd: list[Person], nurses: Segment) -> None:
    job = factories.make_job(department="Care")
    mine = of(crowd, "Nurse")
    show(mine, job)
    for person in mine[:15]:
        saved = record("card.saved", by=MACHINE, person_id=person.pk, job_id=job.pk)
        record("stance.undone", by=MACHINE, person_id=person.pk, job_id=job.pk, undoes=saved)
    show(mine, job, saved_by=14)
    Consent.objects.bulk_create(
        Consent(person=person, purpose="behaviour", granted=False, text_shown="", by="them")
        for person in mine[:2]
    )
    figure = next(one for one in card_of(nurses).responses["saved"] if one.label == "Care")
    assert (figure.hits, figure.n) == (12, 38)


def test_wishes_are_what_somebody_said_and_of_those_who_said_it(crowd: list[Person], nurses: Segment) -> None:
    for person in of(crowd, "Nurse")[:20]:
        Taste.objects.create(person=person, wishes={"remote:remote": 1.0, "department:Night": -1.0})
    for person in of(crowd, "Baker")[:30]:
        Taste.objects.create(person=person, wishes={"department:Night": 1.0})
    card = card_of(nurses)
    assert card.spoke == 20
    assert {(one.label, one.hits, one.n) for one in card.wishes} == {
        ("Remote", 20, 20),
        ("not: Night", 20, 20),
    }
    assert {line.do for line in card.lines} == {True, False}


def test_nothing_said_nothing_wished(nurses: Segment) -> None:
    card = card_of(nurses)
    assert (card.wishes, card.spoke, card.lines) == ([], 0, [])


def test_the_funnel_counts_people_once_and_beside_everybody_else(
    crowd: list[Person], nurses: Segment
) -> None:
    job, other = factories.make_job(), factories.make_job()
    mine = of(crowd, "Nurse")
    for person in mine[:20]:
        for one in (job, other):
            application = factories.make_application(person=person, job=one)
            StageEntry.objects.create(application=application, stage="applied", by_role="candidate")
    for entry in StageEntry.objects.filter(application__person__in=mine[:12], application__job=job):
        StageEntry.objects.create(application=entry.application, stage="onsite", by_role="recruiter")
    funnel = {one.key: one for one in card_of(nurses).funnel}
    assert funnel["funnel-application.submitted"].hits == 20
    assert funnel["funnel-interview"].hits == 12
    assert funnel["funnel-hired"].hits == 0
    low, high = funnel["funnel-interview"].interval
    assert low < 12 / 40 < high


@pytest.mark.parametrize("hits", [1, LEAST - 1])
def test_a_cell_of_fewer_than_ten_is_never_told(hits: int) -> None:
    figure = Figure("title-x", "X", hits, 50, 20, 100)
    assert not figure.shown
    assert figure.verdict is Verdict.TOO_LITTLE
    assert set(figure.as_dict()) == {"key", "label", "verdict"}


def test_a_small_segment_is_told_nothing_of(crowd: list[Person]) -> None:
    segment = Segment.objects.create(name="Few", kind=SegmentKind.COMMUNITY)
    SegmentMember.objects.bulk_create(SegmentMember(segment=segment, person=person) for person in crowd[:9])
    card = card_of(segment)
    told = as_dict(card)
    assert told["people"] is None
    assert not any(
        "share" in one for figures in told["figures"].values() for one in figures if one["verdict"] != "x"
    )
    assert "9" not in re.findall(r"^(.*) of \d+ people", as_markdown(card), re.MULTILINE)[0]


def test_a_file_says_the_same_as_the_card_and_holds_no_markup_of_others(
    nurses: Segment, crowd: list[Person]
) -> None:
    Person.objects.filter(pk__in=[one.pk for one in of(crowd, "Nurse")]).update(
        headline="<b>[x](http://y)</b>"
    )
    card = card_of(nurses)
    told = as_dict(card)
    assert told["figures"]["skills"] == [one.as_dict() for one in card.skills]
    text = as_markdown(card)
    assert "stated themselves" in text
    assert "<b>" not in text.replace("\\<b\\>", "")
    keys = {one["key"] for figures in told["figures"].values() for one in figures}
    assert {line["figure"] for line in told["lines"]} <= keys


def test_a_card_is_for_those_who_may_count(nurses: Segment, theo: Any, ines: Any) -> None:
    assert persona_of(nurses, by=factories.actor(theo)).size == 40
    with pytest.raises(NotAllowed):
        persona_of(nurses, by=factories.actor(ines))
