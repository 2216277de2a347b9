"""What the catalog keeps, by subject; everybody imports it from here."""

from segue.catalog.models.choices import PayPeriod, Remote
from segue.catalog.models.imports import HeldRow, ImportBatch, ImportMapping
from segue.catalog.models.jobs import EmploymentType, Job, JobStatus
from segue.catalog.models.merging import ErasedMark, Merge, PairState, SamePair
from segue.catalog.models.people import PRESENT, Fact, FactKind, FactSource, Person, Resume
from segue.catalog.models.quality import Audit, Finding
from segue.catalog.models.skills import ProposalState, Skill, SkillProposal, TaxonomyTerm, TermKind

__all__ = [
    "PRESENT",
    "Audit",
    "EmploymentType",
    "ErasedMark",
    "Fact",
    "FactKind",
    "FactSource",
    "Finding",
    "HeldRow",
    "ImportBatch",
    "ImportMapping",
    "Job",
    "JobStatus",
    "Merge",
    "PairState",
    "PayPeriod",
    "Person",
    "ProposalState",
    "Remote",
    "Resume",
    "SamePair",
    "Skill",
    "SkillProposal",
    "TaxonomyTerm",
    "TermKind",
]
