"""The generated résumés of some seeds: every language in every layout, as PDF and as Word."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.bench.rig.resumes.as_docx import as_docx
from tests.bench.rig.resumes.as_pdf import as_pdf
from tests.bench.rig.resumes.flow import LAYOUTS, Truth, Writer
from tests.bench.rig.resumes.invent import TONGUES, invent

FORMS = {"pdf": as_pdf, "docx": as_docx}


@dataclass(frozen=True)
class Case:
    """One file with what is true of it."""

    name: str
    language: str
    layout: str
    form: str
    content: bytes
    flows: list[list[str]]
    truth: Truth


def cases(seeds: Sequence[int], forms: Sequence[str] = tuple(FORMS)) -> Iterator[Case]:
    """Make the files, one at a time; the same seed gives the same file."""
    for seed in seeds:
        for language in TONGUES:
            for layout in LAYOUTS:
                for form in forms:
                    yield case(seed, language, layout, form)


def case(seed: int, language: str, layout: str, form: str) -> Case:
    """Make one file."""
    rng = random.Random(f"{seed}-{language}-{layout}-{form}")
    sheet, truth = Writer(invent(language, rng), layout, rng).sheet()
    content, flows = FORMS[form](sheet, rng)
    return Case(f"{language}-{layout}-{seed}.{form}", language, layout, form, content, flows, truth)
