"""A small job market to recommend from, and hands to turn it with."""

from __future__ import annotations

import uuid
from datetime import timedelta

import numpy as np
from django.test.utils import CaptureQueriesContext
from scipy.special import expit

from segue.catalog.models import Job, Person
from segue.engine.calibration import fit_calibration
from segue.engine.sides import Sides
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.learn.actions.fitting import refresh_features
from segue.learn.queries.catalogue import Catalogue, catalogue, forget_catalogue
from segue.learn.queries.model_input import ModelInput, model_input_for
from segue.learn.queries.pool import forget_pool
from segue.recommend.cards import Card, Home
from segue.recommend.queries.policies import policy_in_force
from tests.factories import make_job, make_skill

MACHINE = Actor.machine("tests")
KINDS = (
    ("Data engineer", "Data", ["python", "sql", "data-engineering"]),
    ("Backend developer", "Engineering", ["python", "postgresql", "docker"]),
    ("Data analyst", "Data", ["sql", "statistics", "reporting"]),
    ("Night nurse", "Care", ["nursing", "first-aid", "medication"]),
    ("Warehouse lead", "Logistics", ["forklift", "planning", "first-aid"]),
    ("Payroll clerk", "Finance", ["payroll", "bookkeeping", "reporting"]),
    ("Sous chef", "Kitchen", ["cooking", "hygiene", "planning"]),
    ("Electrician", "Maintenance", ["wiring", "safety", "planning"]),
)
LEVELS = ("Junior", "Experienced", "Senior", "Leading")


def market(count: int = 24) -> list[Job]:
    """Make open jobs of eight kinds, the first ones the newest, and let the models read them."""
    made = []
    for number in range(count):
        title, department, skills = KINDS[number % len(KINDS)]
        level = LEVELS[number // len(KINDS) % len(LEVELS)]
        for slug in skills:
            make_skill(slug)
        made.append(
            make_job(
                title=f"{level} {title.lower()}",
                department=department,
                description=f"{title} wanted: {', '.join(skills)}. Team {number} works with {department}.",
                required_skills=skills,
                posted_at=clock.now() - timedelta(days=number, hours=1),
            )
        )
    reread()
    return made


def reread() -> None:
    """Let the models read what changed, and this process look again at once."""
    forget_catalogue()
    forget_pool()
    refresh_features(by=MACHINE)
    forget_catalogue()


def jobs_read() -> Catalogue:
    """Return the catalogue, which there is by now; a process looks for a policy every few seconds, too."""
    policy_in_force()
    found = catalogue()
    assert found is not None
    return found


def seen_of(person: Person) -> ModelInput:
    """Return what the models may read of a person now."""
    return model_input_for(person.pk, jobs_read())


def own(person: Person) -> Actor:
    """Return the person as an actor."""
    return Actor(role=Role.CANDIDATE, name=person.name, person_id=person.pk)


def cards_of(home: Home) -> list[Card]:
    return [card for shelf in home.shelves for card in shelf.cards]


def jobs_on(home: Home) -> list[uuid.UUID]:
    return [card.job.pk for card in cards_of(home)]


def shelf(home: Home, key: str) -> list[Card]:
    """Return the cards of one shelf; an absent shelf has none."""
    return next((one.cards for one in home.shelves if one.key == key), [])


def statements(seen: CaptureQueriesContext) -> list[str]:
    """Return the statements sent; the borders of transactions are not counted as queries."""
    said = [query["sql"] for query in seen.captured_queries]
    return [sql for sql in said if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]


def curves(*, centre: float = 0.5) -> Sides:
    """Curves of many outcomes: the higher the score, the likelier."""
    rng = np.random.default_rng(4)
    score = rng.normal(centre, 1.0, 4000)
    label = rng.random(4000) < expit(2.0 * (score - centre) - 1.0)
    fit = fit_calibration(score, label, np.zeros(4000, dtype=np.int64), families=1)
    return Sides(fit, fit, ("Data",), stays=0.8, finishes=0.3)
