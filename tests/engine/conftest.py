"""A small labour market made of numbers: enough jobs and people to see every rule at work."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.estimator import Scene
from segue.engine.skills import near_skills
from segue.engine.taste import EventKind, Events
from segue.engine.vectors import unit_rows

TODAY = 20_000.0
DIM, WORDS, SKILLS = 8, 12, 6


def make_jobs(n: int, rng: np.random.Generator) -> JobColumns:
    vec, title = (unit_rows(rng.normal(size=(n, DIM))) for _ in range(2))
    return replace(
        JobColumns.blank([f"job-{i}" for i in range(n)], dim=DIM, words=WORDS, skills=SKILLS),
        vec=vec,
        title_vec=title,
        words=sparse.csr_array(rng.random((n, WORDS)) * (rng.random((n, WORDS)) < 0.4)),
        required=sparse.csr_array((rng.random((n, SKILLS)) < 0.5).astype(float)),
        nice=sparse.csr_array((rng.random((n, SKILLS)) < 0.2).astype(float)),
        place=np.array([("Bergen", "Oslo", "")[i % 3] for i in range(n)], dtype=object),
        region=np.array([("West", "East", "")[i % 3] for i in range(n)], dtype=object),
        posted_day=TODAY - rng.integers(0, 40, n).astype(float),
        pay_min_year=np.where(rng.random(n) < 0.5, np.nan, 40_000.0),
        pay_max_year=np.where(rng.random(n) < 0.5, np.nan, 60_000.0),
    )


def make_people(n: int, rng: np.random.Generator) -> PersonColumns:
    vec, wish = (unit_rows(rng.normal(size=(n, DIM))) for _ in range(2))
    return replace(
        PersonColumns.blank([f"person-{i}" for i in range(n)], dim=DIM, words=WORDS, skills=SKILLS),
        vec=vec,
        wish_vec=wish,
        words=sparse.csr_array(rng.random((n, WORDS)) * (rng.random((n, WORDS)) < 0.4)),
        skills=sparse.csr_array((rng.random((n, SKILLS)) < 0.4).astype(float)),
        place=np.array(["Bergen"] * n, dtype=object),
        pay_floor_year=np.where(rng.random(n) < 0.5, np.nan, 45_000.0),
    )


def make_events(jobs: int, n: int, rng: np.random.Generator) -> Events:
    kinds = rng.choice([int(kind) for kind in EventKind], n).astype(np.int8)
    return Events(rng.integers(0, jobs, n).astype(np.intp), kinds, TODAY - rng.random(n) * 60.0)


def make_scene(people: int = 4, jobs: int = 15, seed: int = 1, events: int = 6) -> Scene:
    rng = np.random.default_rng(seed)
    job_columns, person_columns = make_jobs(jobs, rng), make_people(people, rng)
    histories = tuple(make_events(jobs, events, rng) for _ in range(people))
    near = near_skills(unit_rows(rng.normal(size=(SKILLS, 3))), floor=0.3)
    return Scene(person_columns, job_columns, histories, TODAY, near)


@pytest.fixture
def scene() -> Scene:
    return make_scene()
