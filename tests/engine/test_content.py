from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.content import FEATURES, content_features, distances_km
from segue.engine.place import RemoteMode
from segue.engine.rank import DEFAULT_WEIGHTS
from tests.engine.conftest import TODAY, make_scene


def features(people: PersonColumns, jobs: JobColumns, **more: Any) -> dict[str, float]:
    row = content_features(people, jobs, today=TODAY, **more)[0, 0]
    return dict(zip(FEATURES, row.tolist(), strict=True))


def job(**columns: Any) -> JobColumns:
    return replace(JobColumns.blank(["job"]), **{name: np.array([value]) for name, value in columns.items()})


def person(**columns: Any) -> PersonColumns:
    return replace(
        PersonColumns.blank(["ada"]), **{name: np.array([value]) for name, value in columns.items()}
    )


def test_every_feature_is_finite_and_within_one() -> None:
    scene = make_scene(people=6, jobs=30)
    values = content_features(scene.people, scene.jobs, today=TODAY, near=scene.near)
    assert values.shape == (6, 30, len(FEATURES))
    assert values.dtype == np.float64
    assert np.isfinite(values).all()
    assert np.abs(values).max() <= 1.0


def test_an_empty_profile_is_neutral_about_everything_but_the_job_itself() -> None:
    scene = make_scene()
    nobody = PersonColumns.blank(["?"], dim=8, words=12, skills=6)
    values = content_features(nobody, scene.jobs, today=TODAY)[0]
    told = {name for name, column in zip(FEATURES, values.T, strict=True) if column.any()}
    assert told == {"freshness"}


def test_a_cold_job_about_which_nothing_is_known_is_neutral() -> None:
    scene = make_scene(people=1)
    unknown = JobColumns.blank(["new"], dim=8, words=12, skills=6)
    assert not content_features(scene.people, unknown, today=TODAY)[0, 0].any()


def test_near_home_speaks_for_and_far_against() -> None:
    ada = person(lat=59.91, lon=10.75)
    assert features(ada, job(lat=59.92, lon=10.76))["place"] > 0.9
    assert features(ada, job(lat=60.39, lon=5.32))["place"] < -0.9
    assert features(ada, job(lat=60.39, lon=5.32, remote=RemoteMode.REMOTE))["place"] == 1.0


def test_places_known_by_name_still_count() -> None:
    ada = person(place="Oslo", region="East")
    near, wider = features(ada, job(place="Oslo"))["place"], features(ada, job(region="East"))["place"]
    assert near > 0.5
    assert wider < 0
    assert features(ada, job(place="Bergen"))["place"] == 0.0


def test_coordinates_win_over_names() -> None:
    here, there = {"lat": 59.91, "lon": 10.75, "place": "Vik"}, {"lat": 60.39, "lon": 5.32, "place": "Vik"}
    assert distances_km(person(**here), job(**there))[0, 0] > 300


def test_pay_speaks_relative_to_the_floor() -> None:
    ada = person(pay_floor_year=50_000.0)
    assert features(ada, job(pay_min_year=60_000.0, pay_max_year=70_000.0))["pay"] == pytest.approx(0.6)
    assert features(ada, job(pay_max_year=25_000.0))["pay"] == -1.0
    assert features(ada, job())["pay"] == features(person(), job(pay_max_year=1.0))["pay"] == 0.0


def test_news_fades() -> None:
    ages = [features(person(), job(posted_day=TODAY - age))["freshness"] for age in (0, 14, 28)]
    assert ages == pytest.approx([1.0, 0.5, 0.25])


def test_a_job_dated_tomorrow_is_no_fresher_than_today() -> None:
    assert features(person(), job(posted_day=TODAY + 5))["freshness"] == 1.0


def test_a_wish_for_remote_work_is_heard_both_ways() -> None:
    ada = person(wish_remote=RemoteMode.REMOTE)
    assert features(ada, job(remote=RemoteMode.REMOTE))["wish"] > 0
    assert features(ada, job(remote=RemoteMode.ON_SITE))["wish"] < 0
    assert features(ada, job())["wish"] == 0


def test_without_behaviour_that_column_is_silent() -> None:
    scene = make_scene()
    silent = content_features(scene.people, scene.jobs, today=TODAY)
    heard = content_features(scene.people, scene.jobs, today=TODAY, behaviour=np.full((4, 15), 0.5))
    column = FEATURES.index("behaviour")
    assert not silent[:, :, column].any()
    assert (np.delete(silent, column, axis=2) == np.delete(heard, column, axis=2)).all()


def test_behaviour_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="behaviour is"):
        content_features(person(), job(), today=TODAY, behaviour=np.zeros((2, 2)))


def test_the_default_weights_name_every_feature_and_sum_to_one() -> None:
    assert set(DEFAULT_WEIGHTS) == set(FEATURES)
    assert sum(DEFAULT_WEIGHTS.values()) == pytest.approx(1.0)
