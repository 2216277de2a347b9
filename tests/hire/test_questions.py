"""What a job asks: whatever is asked and answered, nothing is lost and nobody is turned down by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from segue.engage.models import Message
from segue.hire.actions.answering import Answered, answer_to
from segue.hire.actions.applications import Applicant, Sent, apply, settle_claim
from segue.hire.actions.questions import (
    checked_questions,
    keep_question_template,
    set_questions,
    undo_questions,
    with_template,
)
from segue.hire.models import (
    Answer,
    Application,
    Claim,
    Outcome,
    Question,
    QuestionKind,
    QuestionSet,
    StageEntry,
)
from segue.hire.queries.listing import Filters, list_page
from segue.hire.queries.questions import answers_to, question_set_of, questions_of
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.trust.models import Account, AuditLine, Decision, Review
from tests.factories import actor, ada, make_job, make_member, max_, mia, rosa

VISITOR = Actor.anonymous()
NOOR = Applicant(name="Noor Haddad", email="noor@people.example", resume_text="I keep bees.")
NIGHTS = Question(
    key="",
    kind="yes_no",
    label="Can you work at night?",
    required=True,
    look_at=("no",),
    look_why="The team works nights.",
    worded={"de": {"label": "Können Sie nachts arbeiten?"}},
)
TOOLS = Question(key="", kind="many_of", label="Which do you know?", options=("Hammer", "Saw", "Drill"))
YEARS = Question(key="", kind="number", label="How many years?", look_below=2)


def ask(job: Any, *questions: Question, by: Account | None = None) -> QuestionSet:
    return set_questions(job, questions=questions, by=actor(by or rosa()))


def sent(asked: QuestionSet, **said: list[str]) -> Sent:
    answers = [
        answer_to(one, said.get(one.key, []), place=at, language="en") for at, one in enumerate(asked.specs)
    ]
    return Sent(answers=tuple(each for each in answers if each), set_id=asked.pk, language="en")


@pytest.mark.django_db
class TestAsking:
    def test_a_version_is_kept_each_time_and_the_same_words_make_none(self) -> None:
        job = make_job()
        first = ask(job, NIGHTS)
        assert ask(job, *first.specs).pk == first.pk
        second = ask(job, *first.specs, TOOLS)
        assert (first.version, second.version) == (1, 2)
        assert [one.key for one in questions_of(job.pk)] == ["q1", "q2"]

    def test_undo_asks_again_what_was_asked_before(self) -> None:
        job = make_job()
        first = ask(job, NIGHTS)
        second = ask(job, *first.specs, YEARS)
        undo_questions(second, by=actor(rosa()))
        assert [one.label for one in questions_of(job.pk)] == [NIGHTS.label]
        with pytest.raises(Conflict):
            undo_questions(second, by=actor(rosa()))

    def test_undoing_the_first_asks_nothing(self) -> None:
        job = make_job()
        undo_questions(ask(job, NIGHTS), by=actor(rosa()))
        assert questions_of(job.pk) == []

    def test_a_key_is_never_used_for_another_question(self) -> None:
        job = make_job()
        ask(job, NIGHTS)
        ask(job)
        assert ask(job, YEARS).specs[0].key == "q2"

    def test_a_question_that_takes_another_kind_of_answer_is_another_question(self) -> None:
        job = make_job()
        (asked,) = ask(job, NIGHTS).specs
        changed = Question(key=asked.key, kind="short_text", label=asked.label)
        assert ask(job, changed).specs[0].key != asked.key

    def test_a_template_serves_other_jobs_and_is_not_asked_twice(self) -> None:
        kept = keep_question_template("Shifts", questions=[NIGHTS, YEARS], by=actor(rosa()))
        job = make_job()
        ask(job, NIGHTS)
        asked = ask(job, *with_template(questions_of(job.pk), kept))
        assert [one.label for one in asked.specs] == [NIGHTS.label, YEARS.label]
        again = keep_question_template("Shifts", questions=[YEARS], by=actor(rosa()))
        assert again.version == 2

    @pytest.mark.parametrize(
        "wrong",
        [
            Question("", "yes_no", " "),
            Question("", "telepathy", "What?"),
            Question("", "one_of", "Which?", options=("Only one",)),
            Question("", "one_of", "Which?", options=("x" * 121, "y")),
            Question("", "short_text", "x" * 301),
        ],
    )
    def test_what_cannot_be_asked_is_refused(self, wrong: Question) -> None:
        with pytest.raises(Invalid):
            ask(make_job(), wrong)

    def test_only_the_talent_team_asks(self) -> None:
        job = make_job()
        make_member(job, max_())
        with pytest.raises(NotAllowed):
            ask(job, NIGHTS, by=max_())
        with pytest.raises(NotAllowed):
            set_questions(job, questions=[NIGHTS], by=Actor.machine("an agent"))


@pytest.mark.django_db
class TestAnswering:
    def test_an_answer_keeps_the_words_it_was_asked_in(self) -> None:
        job = make_job()
        asked = ask(job, NIGHTS)
        answer = answer_to(asked.specs[0], ["yes"], place=0, language="de")
        assert answer is not None
        apply(job, applicant=NOOR, by=VISITOR, sent=Sent(answers=(answer,), set_id=asked.pk, language="de"))
        ask(job, Question(key="q1", kind="yes_no", label="Nights?"))
        kept = Answer.objects.get()
        assert (kept.asked, kept.value, kept.set_id) == ("Können Sie nachts arbeiten?", "yes", asked.pk)

    def test_one_that_wants_a_look_goes_to_a_named_colleague_and_nowhere_else(self) -> None:
        job = make_job()
        make_member(job, rosa(), "recruiter")
        application = apply(job, applicant=NOOR, by=VISITOR, sent=sent(ask(job, NIGHTS), q1=["no"]))
        application.refresh_from_db()
        assert (application.outcome, application.stage, application.owner) == ("open", "applied", rosa())
        review = Review.objects.get(kind="needs_look")
        assert "Rosa Feld" in review.note
        assert "Can you work at night?" in review.note
        assert "The team works nights." in review.note
        decision = Decision.objects.get(kind="application.routed")
        assert decision.chosen == ["looked at first"]
        assert decision.inputs["answers"] == {"q1": "no"}

    def test_one_that_does_not_asks_nobody(self) -> None:
        job = make_job()
        apply(job, applicant=NOOR, by=VISITOR, sent=sent(ask(job, NIGHTS, YEARS), q1=["yes"], q2=["2"]))
        assert not Review.objects.exists()
        assert not Decision.objects.filter(kind="application.routed").exists()

    def test_audit_lines_do_not_repeat_answers(self) -> None:
        job = make_job()
        text = Question(key="", kind="long_text", label="Tell us")
        apply(job, applicant=NOOR, by=VISITOR, sent=sent(ask(job, text), q1=["Heliotrope"]))
        assert "Heliotrope" not in str(list(AuditLine.objects.values_list("detail", flat=True)))

    def test_a_strangers_answers_wait_for_the_owner_of_the_address(self) -> None:
        job = make_job()
        asked = ask(job, NIGHTS)
        ada()
        as_ada = Applicant(name="Ada", email="ada@people.example", resume_text="Python")
        apply(job, applicant=as_ada, by=VISITOR, sent=sent(asked, q1=["no"]))
        assert not Answer.objects.exists()
        assert not Review.objects.exists()
        settle_claim(Claim.objects.get(), theirs=True, by=actor(ada()))
        assert Answer.objects.get().value == "no"
        assert Review.objects.get().kind == "needs_look"

    def test_the_first_answers_stand(self) -> None:
        job = make_job()
        asked = ask(job, NIGHTS)
        by = actor(ada())
        apply(job, applicant=NOOR, by=by, sent=sent(asked, q1=["yes"]))
        apply(job, applicant=NOOR, by=by, sent=sent(asked, q1=["no"]))
        assert [one.value for one in Answer.objects.all()] == ["yes"]

    def test_lists_are_narrowed_by_short_answers_and_by_what_wants_a_look(self) -> None:
        job = make_job()
        asked = ask(job, NIGHTS)
        yes = apply(job, applicant=NOOR, by=VISITOR, sent=sent(asked, q1=["yes"]))
        no = apply(job, applicant=NOOR, by=actor(ada()), sent=sent(asked, q1=["no"]))
        by = actor(mia())
        assert list_page(by, Filters(job_id=job.pk, answer="q1=yes")).rows == [yes]
        assert list_page(by, Filters(job_id=job.pk, answer="q1=no")).rows == [no]
        assert list_page(by, Filters(job_id=job.pk, look=True)).rows == [no]

    def test_strangers_and_other_teams_read_no_answers(self, eve: Account) -> None:
        job = make_job()
        row = apply(job, applicant=NOOR, by=VISITOR, sent=sent(ask(job, NIGHTS), q1=["yes"]))
        assert answers_to(row, actor(eve)) == answers_to(row, actor(max_())) == []
        assert len(answers_to(row, actor(rosa()))) == 1


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(str.strip)
kinds = st.sampled_from(QuestionKind.values)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    kind = draw(kinds)
    options = tuple(draw(st.lists(words, min_size=2, max_size=5, unique_by=lambda w: " ".join(w.split()))))
    answerable = ("yes", "no") if kind == "yes_no" else tuple(" ".join(each.split()) for each in options)
    return Question(
        key="",
        kind=kind,
        label=draw(words),
        required=draw(st.booleans()),
        options=options if kind in {"one_of", "many_of"} else (),
        look_at=tuple(draw(st.lists(st.sampled_from(answerable), max_size=3))),
        look_below=draw(st.none() | st.integers(-10, 10)),
        look_why=draw(st.just("") | words),
    )


@st.composite
def typed_for(draw: st.DrawFn, question: Question) -> list[str]:
    """What a form may say to a question: right, empty, or nonsense."""
    plain = {
        "yes_no": st.sampled_from([["yes"], ["no"]]),
        "one_of": st.integers(0, max(0, len(question.options) - 1)).map(lambda n: [str(n)]),
        "many_of": st.lists(st.integers(0, max(0, len(question.options) - 1)).map(str), max_size=4),
        "number": st.integers(-1000, 1000).map(lambda n: [str(n)]),
        "date": st.dates().map(lambda day: [day.isoformat()]),
    }.get(question.kind, words.map(lambda w: [w]))
    return draw(plain | st.just([]) | st.lists(words, max_size=2))


@given(st.lists(questions(), max_size=6), st.data())
@examples(max_examples=60)
@pytest.mark.django_db(transaction=False)
def test_whatever_is_asked_and_answered_nothing_is_lost_and_no_machine_turns_anybody_down(
    asked: list[Question], data: st.DataObject
) -> None:
    with transaction.atomic():
        _ask_and_answer(asked, data)
        connection.check_constraints()
        transaction.set_rollback(True)


def _ask_and_answer(asked: list[Question], data: st.DataObject) -> None:
    job = make_job()
    kept = set_questions(job, questions=asked, by=actor(rosa()))
    specs = QuestionSet.objects.get(pk=kept.pk).specs  # as they come back from the database
    assert [(one.kind, one.label) for one in specs] == [(q.kind, " ".join(q.label.split())) for q in asked]
    answered: list[Answered] = []
    for place, one in enumerate(specs):
        try:
            answer = answer_to(one, data.draw(typed_for(one)), place=place)
        except Invalid:
            continue
        answered += [answer] if answer else []
    row = apply(job, applicant=NOOR, by=VISITOR, sent=Sent(answers=tuple(answered), set_id=kept.pk))
    row = Application.objects.get(pk=row.pk)
    assert row.outcome == Outcome.OPEN
    assert not StageEntry.objects.exclude(outcome=Outcome.OPEN).exists()
    assert {one.key: one.value for one in answers_to(row, actor(mia()))} == {
        one.key: one.value for one in answered
    }
    wants_look = any(one.look_why for one in answered)
    assert Review.objects.filter(kind="needs_look", person=row.person).exists() == wants_look
    assert not Message.objects.filter(kind="application_decided").exists()


def test_checked_questions_can_be_checked_again() -> None:
    once = checked_questions([NIGHTS, TOOLS, YEARS])
    assert checked_questions(once, known=once) == once


@pytest.mark.django_db
def test_the_form_on_the_screen_keeps_its_version() -> None:
    job = make_job()
    first = ask(job, NIGHTS)
    ask(job, YEARS)
    assert question_set_of(job.pk, first.version) == first
