"""Rows to tell stories with: plain functions, sensible defaults, and a standing cast."""

from tests.factories.cast import actor, ada, eve, ines, max_, mia, rosa, theo
from tests.factories.rows import (
    grant,
    make_account,
    make_application,
    make_job,
    make_member,
    make_person,
    make_resume,
    make_skill,
)

__all__ = [
    "actor",
    "ada",
    "eve",
    "grant",
    "ines",
    "make_account",
    "make_application",
    "make_job",
    "make_member",
    "make_person",
    "make_resume",
    "make_skill",
    "max_",
    "mia",
    "rosa",
    "theo",
]
