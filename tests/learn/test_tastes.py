"""The taste page's verbs: a person says, sees, takes along and resets, and nobody else does."""

from __future__ import annotations

import json

import pytest

from segue.catalog.models import Job, Person
from segue.kit.errors import Invalid, NotAllowed
from segue.learn.actions.tastes import MOST_WISHES, reset_taste, set_wishes
from segue.learn.queries.tastes import Wish, taste_export, taste_view
from segue.listen.actions.record import record
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account
from tests.factories import actor
from tests.recommend.stage import jobs_read, market, own, seen_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lina(ada: Account) -> Person:
    assert ada.person is not None
    return ada.person


@pytest.fixture
def jobs() -> list[Job]:
    return market(8)


def save(person: Person, job: Job) -> None:
    record("card.saved", by=own(person), person_id=person.pk, job_id=job.pk)


def test_wishes_are_set_changed_and_forgotten(lina: Person) -> None:
    set_wishes(lina, wishes={"skill:python": 1.0, "department:Care": -0.5}, by=own(lina))
    taste = set_wishes(lina, wishes={"skill:python": 0.25, "department:Care": 0.0}, by=own(lina))
    assert taste.wishes == {"skill:python": 0.25}


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"age:young": 1.0}, "age:young"),
        ({"skill:python": 1.5}, "skill:python"),
        ({"skill:python": float("nan")}, "skill:python"),
        ({f"skill:s{n}": 1.0 for n in range(MOST_WISHES + 1)}, "wishes"),
    ],
)
def test_what_cannot_be_wished_is_refused_with_a_remedy(
    lina: Person, wishes: dict[str, float], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        set_wishes(lina, wishes=wishes, by=own(lina))
    assert refused.value.field == field
    assert refused.value.remedy
    assert taste_view(lina.pk, by=own(lina)).wishes == []


def test_the_view_shows_what_was_said_beside_what_was_heard(lina: Person, jobs: list[Job]) -> None:
    save(lina, jobs[0])
    set_wishes(lina, wishes={"department:Care": -1.0, "remote:remote": 1.0}, by=own(lina))
    view = taste_view(lina.pk, by=own(lina))
    by_key = {wish.key: wish for wish in view.wishes}
    assert by_key["department:Care"].value == -1.0
    assert by_key["department:Care"].learned == 0.0
    assert by_key["department:Data"].learned > 0
    assert by_key["skill:python"].label == "Python"
    assert by_key["remote:remote"].label
    assert (view.events, view.behaviour_used, view.profile_used) == (1, True, True)


def test_with_behaviour_off_nothing_heard_is_shown(lina: Person, jobs: list[Job]) -> None:
    save(lina, jobs[0])
    set_consent(lina, purpose="behaviour", granted=False, by=own(lina))
    view = taste_view(lina.pk, by=own(lina))
    assert (view.wishes, view.events, view.behaviour_used) == ([], 0, False)
    assert taste_export(lina.pk, by=own(lina))["behaviour"] == []


def test_a_reset_forgets_the_past_and_not_the_future(lina: Person, jobs: list[Job]) -> None:
    jobs_read()
    save(lina, jobs[0])
    set_wishes(lina, wishes={"skill:python": 1.0}, by=own(lina))
    reset_taste(lina, by=own(lina))
    assert seen_of(lina).events == []
    assert seen_of(lina).wishes == {}
    save(lina, jobs[1])
    assert [event.job_id for event in seen_of(lina).events] == [jobs[1].pk]


def test_the_export_is_plain_data_with_everything_used(lina: Person, jobs: list[Job]) -> None:
    save(lina, jobs[0])
    set_wishes(lina, wishes={"skill:python": 0.5}, by=own(lina))
    taken = json.loads(json.dumps(taste_export(lina.pk, by=own(lina))))
    assert {"attribute": "skill:python", "stated": 0.5}.items() <= taken["wishes"][0].items()
    assert [(one["kind"], one["job_id"]) for one in taken["behaviour"]] == [("card.saved", str(jobs[0].pk))]
    assert taken["uses_behaviour"] is taken["uses_profile"] is True


@pytest.mark.parametrize("who", ["eve", "rosa", "mia"])
def test_a_taste_is_nobody_elses_business(who: str, lina: Person, request: pytest.FixtureRequest) -> None:
    other = actor(request.getfixturevalue(who))
    for verb in (
        lambda: taste_view(lina.pk, by=other),
        lambda: taste_export(lina.pk, by=other),
        lambda: set_wishes(lina, wishes={"skill:python": 1.0}, by=other),
        lambda: reset_taste(lina, by=other),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_a_wish_holds_at_first_and_what_is_done_outweighs_it(lina: Person, jobs: list[Job]) -> None:
    set_wishes(lina, wishes={"skill:python": -1.0}, by=own(lina))

    def python() -> Wish:
        return next(one for one in taste_view(lina.pk, by=own(lina)).wishes if one.key == "skill:python")

    assert (python().settled, python().learned) == (-1.0, 0.0)
    values = [python().settled]
    for job in jobs:
        if "python" in job.required_skills:
            save(lina, job)
            values.append(python().settled)
    assert values == sorted(values)
    assert values[-1] > -1.0
    assert python().value == -1.0, "what they said stays as they said it"
