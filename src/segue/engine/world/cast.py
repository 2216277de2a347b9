"""The standing candidate, Ada Okafor, and one person whose name is longer than most forms expect."""

from __future__ import annotations

from datetime import date

from segue.engine.world.choice import ATTRIBUTES, Floats, Ints, PeopleColumns
from segue.engine.world.names import PersonName
from segue.engine.world.occupations_office import OCCUPATION_INDEX
from segue.engine.world.places import CITIES
from segue.engine.world.records import SOURCES, Education, Position

ADA, LONG_NAMED = 0, 1
ADA_EMAIL = "ada@example.com"
ADA_NAME = PersonName("Ada Okafor", "Ada", "Okafor", "Ada Okafor")
_GIVEN = "María del Carmen Josefa Antonia Begoña Inmaculada Esperanza Guadalupe Ximena Leocadia"
_FAMILY = (
    "Fernández de Villavicencio y Ruiz de Alarcón Ortiz de Zárate Castañeda Domínguez-Echeverría Núñez "
    "de la Peña Montenegro Iturralde-Goicoechea Sánchez de las Heras"
)
LONG_NAME = PersonName(f"{_GIVEN} {_FAMILY}", _GIVEN, _FAMILY, "Maria del Carmen Fernandez")
ADA_YEARS = 9
ADA_HEADLINE = "Senior Data Engineer, pipelines people can trust"
ADA_SKILLS = (
    "python", "sql", "data-modelling", "etl", "airflow", "dbt", "postgresql", "docker", "kafka",
    "data-quality", "mentoring", "writing",
)  # fmt: skip
ADA_SUMMARY = (
    "Data engineer with nine years in health and logistics data. I like pipelines that are tested, "
    "documented and dull, and teams that say what they do not know. "
    "I would like to lead a small team one day, two days a week on site."
)
ADA_POSITIONS = (
    Position(
        "Senior Data Engineer",
        "Kestrelby Health",
        date(2022, 3, 1),
        None,
        "Moved 40 nightly jobs from hand-written scripts to Airflow and dbt, with tests for every table.\n"
        "Cut the time from visit to report from two days to forty minutes.\n"
        "Agreed shared definitions of an appointment and a visit with clinicians and finance.\n"
        "Mentor two junior engineers.",
    ),
    Position(
        "Data Engineer",
        "Tarnwick Freight",
        date(2018, 9, 1),
        date(2022, 2, 1),
        "Built streaming of vehicle positions with Kafka for 900 lorries.\n"
        "Modelled depots, routes and shifts in PostgreSQL.\n"
        "Wrote the on-call guide that the team still uses.",
    ),
    Position(
        "Junior Data Analyst",
        "Larkholt Council",
        date(2017, 2, 1),
        date(2018, 8, 1),
        "Prepared weekly figures on school meals in SQL and Python.\n"
        "Replaced eleven spreadsheets with one table.",
    ),
)
ADA_EDUCATION = (Education("Velmorra University", "BSc Statistics", 2013, 2016),)


def set_ada_columns(occupation: Ints, city: Ints, seniority: Ints, source: Ints, interest: Floats) -> None:
    """Make the first person Ada, a senior data engineer in London who looks around. Changes the arrays."""
    occupation[ADA] = OCCUPATION_INDEX["data-engineer"]
    city[ADA] = next(index for index, row in enumerate(CITIES) if row.name == "London")
    seniority[ADA], source[ADA], interest[ADA] = 2, SOURCES.index("applicant"), 1.6


def set_ada_tastes(columns: PeopleColumns) -> None:
    """Give Ada what her résumé says: two days a week on site, room to grow. Changes the arrays."""
    columns.remote_preference[ADA], columns.willing_km[ADA] = 1, 40.0
    columns.weights[ADA, ATTRIBUTES.index("growth")] = 1.6
