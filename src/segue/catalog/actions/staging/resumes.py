"""Résumés of an upload as rows: each is read in the jail in its turn, and held by name if it cannot be."""

from __future__ import annotations

import hashlib
from pathlib import Path

from segue.catalog.actions.importing.drafts import PersonDraft
from segue.catalog.actions.importing.landing_people import HELD
from segue.catalog.actions.importing.mapping import Mapping
from segue.catalog.actions.importing.reading import RawRow
from segue.catalog.actions.importing.resume_folder import Found, draft_of_file
from segue.catalog.actions.staging.kinds import RowKind, people_landing, register_row_kind
from segue.catalog.resume_files import resume_reader, unreadable

HANDFUL = 16


def resume_draft(row: RawRow, mapping: Mapping) -> PersonDraft:
    """Read one résumé. Raises Invalid named as in `unreadable`."""
    if row.data.get("unreadable"):
        raise unreadable(row.data["unreadable"])
    content, name = row.data.get("content", b""), str(row.data.get("file", ""))
    read = resume_reader().read(content, name)
    return draft_of_file(Found(name, Path(), False), hashlib.sha256(content).hexdigest(), read)


register_row_kind(RowKind("resumes", resume_draft, people_landing, HELD, piece=HANDFUL, slow=True))
