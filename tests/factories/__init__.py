"""Rows to tell stories with: plain functions, sensible defaults, and a standing cast."""

from tests.factories.cast import actor, ada, eve, ines, max_, mia, rosa, theo
from tests.factories.offers import make_offer, make_signing, make_terms
from tests.factories.rows import (
    grant,
    make_account,
    make_application,
    make_brand,
    make_branded_job,
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
    "make_brand",
    "make_branded_job",
    "make_job",
    "make_member",
    "make_offer",
    "make_person",
    "make_resume",
    "make_signing",
    "make_skill",
    "make_terms",
    "max_",
    "mia",
    "rosa",
    "theo",
]
