"""What the catalog keeps, by subject; everybody imports it from here."""

from segue.catalog.models.brands import Brand
from segue.catalog.models.choices import PayPeriod, Remote
from segue.catalog.models.imports import (
    UNDER_WAY,
    WAITING,
    HeldRow,
    ImportBatch,
    ImportMapping,
    ImportState,
    StagedRow,
    Upload,
)
from segue.catalog.models.jobs import EmploymentType, Job, JobStatus
from segue.catalog.models.merging import ErasedMark, Merge, PairState, SamePair
from segue.catalog.models.people import PRESENT, Fact, FactKind, FactSource, Person, Resume
from segue.catalog.models.quality import Audit, Finding
from segue.catalog.models.skills import (
    GAZETTEER,
    ProposalState,
    Skill,
    SkillProposal,
    TaxonomyTerm,
    TermKind,
)

__all__ = [
    "GAZETTEER",
    "PRESENT",
    "UNDER_WAY",
    "WAITING",
    "Audit",
    "Brand",
    "EmploymentType",
    "ErasedMark",
    "Fact",
    "FactKind",
    "FactSource",
    "Finding",
    "HeldRow",
    "ImportBatch",
    "ImportMapping",
    "ImportState",
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
    "StagedRow",
    "TaxonomyTerm",
    "TermKind",
    "Upload",
]
