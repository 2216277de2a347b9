"""What a good row becomes: a draft, known by an external id, comparable by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from segue.catalog.actions.settling import Said
from segue.engine.resume.layout import Document


@dataclass(frozen=True, slots=True)
class JobDraft:
    """A job as its row states it: checked fields, and where in its text to look for required skills."""

    external_id: str
    sha256: str
    fields: dict[str, Any]
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """A person as their row states them. `placeholder` is a name to show where the row has none."""

    external_id: str
    sha256: str
    email: str
    placeholder: str
    said: list[Said] = field(default_factory=list)
    resume_text: str = ""
    preferred: bool = False
    file_name: str = ""
    media_type: str = "text/plain"
    document: Document | None = None  # the text as laid out, where it came from a file of its own


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the hash by which a row is recognised as unchanged."""
    plain = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
