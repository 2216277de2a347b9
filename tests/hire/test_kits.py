"""Kits are versions: a job follows its template until it is used, and cards keep what they were asked."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from segue.catalog.models import Job
from segue.hire.actions.kits import KitWords, save_kit, undo_kit
from segue.hire.actions.panels import ask_interviewer
from segue.hire.actions.scorecards import CardWords, save_scorecard, submit_scorecard
from segue.hire.models import Competency, Kit, Pipeline, Scorecard
from segue.hire.queries.kits import kit_at, kits_of_template
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.trust.models import Account
from tests.factories import actor, make_application, make_job, make_member
from tests.factories.panels import ANCHORS, kit_words, make_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def template(db: None) -> Pipeline:
    return make_template()


@pytest.fixture
def job(db: None) -> Job:
    return make_job()


def test_a_job_follows_its_template_until_somebody_is_asked(
    template: Pipeline, job: Job, rosa: Account, ines: Account
) -> None:
    by = actor(rosa)
    first = save_kit(template, step="interview", words=kit_words("Listening"), by=by)
    assert kit_at(job.pk, "interview") == first
    ask_interviewer(make_application(job=job), account=ines, step="interview", by=by)
    save_kit(template, step="interview", words=kit_words("Talking"), by=by)
    own = kit_at(job.pk, "interview")
    assert own is not None
    assert own.job == job
    assert [each.name for each in own.looked_for] == ["Listening"]


def test_every_change_is_a_version_and_undo_is_one_too(job: Job, rosa: Account) -> None:
    by = actor(rosa)
    first = save_kit(job, step="interview", words=kit_words("Listening"), by=by)
    assert save_kit(job, step="interview", words=kit_words("Listening", keys=["listening"]), by=by) == first
    second = save_kit(job, step="interview", words=kit_words("Talking"), by=by)
    assert (first.version, second.version) == (1, 2)
    back = undo_kit(second, by=by)
    assert (back.version, back.competencies) == (3, first.competencies)
    with pytest.raises(Conflict):
        undo_kit(second, by=by)


def test_undoing_the_first_version_leaves_no_kit_or_the_templates(
    template: Pipeline, job: Job, rosa: Account
) -> None:
    by = actor(rosa)
    undo_kit(save_kit(job, step="screen", words=kit_words("Listening"), by=by), by=by)
    assert kit_at(job.pk, "screen") is None
    save_kit(template, step="interview", words=kit_words("Listening"), by=by)
    undo_kit(save_kit(job, step="interview", words=kit_words("Talking"), by=by), by=by)
    found = kit_at(job.pk, "interview")
    assert found is not None
    assert [each.name for each in found.looked_for] == ["Listening"]


def test_a_kit_that_says_nothing_is_taken_away_and_comes_back(job: Job, rosa: Account) -> None:
    by = actor(rosa)
    save_kit(job, step="interview", words=kit_words("Listening"), by=by)
    gone = save_kit(job, step="interview", words=KitWords(), by=by)
    assert kit_at(job.pk, "interview") is None
    undo_kit(gone, by=by)
    assert kit_at(job.pk, "interview") is not None


def test_cards_keep_the_version_they_were_filled_in_against(job: Job, rosa: Account, ines: Account) -> None:
    by, application = actor(rosa), make_application(job=job)
    kit = save_kit(job, step="interview", words=kit_words("Listening"), by=by)
    place = ask_interviewer(application, account=ines, step="interview", by=by)
    save_scorecard(place, words=CardWords({"listening": 3}), by=actor(ines))
    save_kit(job, step="interview", words=kit_words("Talking"), by=by)
    words = CardWords({"listening": 3}, recommendation="yes", seen=1)
    card = submit_scorecard(place, words=words, by=actor(ines))
    assert card.kit == kit
    assert Scorecard.objects.get().rating_of("listening") == 3


def test_a_card_begun_on_a_page_keeps_the_version_of_that_page(
    job: Job, rosa: Account, ines: Account
) -> None:
    by = actor(rosa)
    kit = save_kit(job, step="interview", words=kit_words("Listening"), by=by)
    place = ask_interviewer(make_application(job=job), account=ines, step="interview", by=by)
    save_kit(job, step="interview", words=kit_words("Talking"), by=by)
    other = save_kit(make_job(), step="interview", words=kit_words("Other"), by=by)
    card = save_scorecard(place, words=CardWords({"listening": 2}, kit_id=kit.pk), by=actor(ines))
    assert (card.kit, card.rating_of("listening")) == (kit, 2)
    card = save_scorecard(place, words=CardWords({"listening": 2}, kit_id=other.pk, seen=1), by=actor(ines))
    assert card.kit == kit


def test_a_version_cannot_be_rewritten_even_by_sql(job: Job, rosa: Account) -> None:
    kit = save_kit(job, step="interview", words=kit_words("Listening"), by=actor(rosa))
    with pytest.raises(IntegrityError), transaction.atomic():
        Kit.objects.filter(pk=kit.pk).update(purpose="Something else")


@pytest.mark.parametrize(
    "words",
    [
        KitWords(competencies=[Competency("", "", "", ANCHORS)]),
        KitWords(competencies=[Competency("", "Listening", "", ("a", "b", "", "d"))]),
        KitWords(competencies=[Competency("", "Listening", "", ANCHORS)] * 2),
        KitWords(purpose="x" * 3000),
        KitWords(purpose="To meet", due_hours=0),
        KitWords(questions=["Why?"] * 41),
    ],
)
def test_a_kit_nobody_could_rate_by_is_refused(words: KitWords, job: Job, rosa: Account) -> None:
    with pytest.raises(Invalid) as refused:
        save_kit(job, step="interview", words=words, by=actor(rosa))
    assert refused.value.field
    assert refused.value.remedy


def test_who_writes_kits(template: Pipeline, job: Job, max_: Account, ines: Account, rosa: Account) -> None:
    make_member(job, max_)
    make_member(job, ines, "interviewer")
    words = kit_words("Listening")
    assert save_kit(job, step="interview", words=words, by=actor(max_)).made_by == max_
    for place, account in ((job, ines), (template, max_), (make_job(), max_)):
        with pytest.raises(NotAllowed):
            save_kit(place, step="interview", words=words, by=actor(account))
    with pytest.raises(NotFound):
        save_kit(job, step="hired", words=words, by=actor(rosa))


def test_kits_of_a_template_are_its_own(template: Pipeline, rosa: Account) -> None:
    save_kit(template, step="interview", words=kit_words("Listening"), by=actor(rosa))
    assert set(kits_of_template(template.name)) == {"interview"}
    assert kits_of_template("Another") == {}
