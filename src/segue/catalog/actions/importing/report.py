"""What an import came to: counts that conserve, and a file of the rows that were not accepted."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from segue.catalog.actions.importing.problems import Problem
from segue.catalog.actions.importing.reading import RawRow
from segue.kit.spreadsheets import defused

OUTCOMES = ("created", "updated", "unchanged", "held", "rejected")


@dataclass
class Report:
    """One file's import in numbers; `read` is the sum of the five outcomes, or something is badly wrong."""

    file: str
    kind: str
    source: str
    form: str
    encoding: str
    mapping: str
    read: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    merged: int = 0  # rows counted as unchanged since an equal row stood in the same file
    rejects_file: str = ""
    batch_id: str = ""
    dry_run: bool = False
    ignored: dict[str, int] = field(default_factory=dict)  # what the file says that we keep no place for

    def count(self, outcome: str, problem: Problem | None = None) -> None:
        self.read += 1
        self.outcomes[outcome] += 1
        if problem is not None:
            self.errors[problem.error] += 1

    @property
    def accepted(self) -> int:
        return self.outcomes["created"] + self.outcomes["updated"] + self.outcomes["unchanged"]

    @property
    def conserves(self) -> bool:
        return self.read == sum(self.outcomes[name] for name in OUTCOMES)

    def as_dict(self) -> dict[str, Any]:
        counts = {name: self.outcomes[name] for name in OUTCOMES}
        return {
            "file": self.file,
            "kind": self.kind,
            "source": self.source,
            "format": self.form,
            "encoding": self.encoding,
            "mapping": self.mapping,
            "read": self.read,
            "accepted": self.accepted,
            **counts,
            "merged_in_file": self.merged,
            "errors": dict(self.errors.most_common()),
            "rejects_file": self.rejects_file,
            "batch_id": self.batch_id,
            "dry_run": self.dry_run,
            "ignored": self.ignored,
        }


class RejectsFile:
    """A CSV of the rows not accepted: line, error, remedy, and the row; written only if there are any.

    Cells that a spreadsheet would run as a formula start with an apostrophe (our reader takes it off again).
    """

    def __init__(self, path: Path, columns: tuple[str, ...], *, keep: bool = True) -> None:
        self.keep = keep
        self.path = path
        self.columns = columns
        self._draft = path.with_name(f".{path.name}.draft")
        self._handle: Any = None
        self._writer: Any = None

    def __enter__(self) -> RejectsFile:
        return self

    def add(self, row: RawRow, outcome: str, problem: Problem) -> None:
        """Write one row with the reason."""
        if not self.keep:
            return
        if self._writer is None:
            self._open()
        head = [str(row.line), outcome, problem.error, problem.field, problem.message, problem.remedy]
        flat = [row.data.get(name, "") for name in self.columns] if row.shape == "table" else []
        rest = [] if flat else [json.dumps(row.data, ensure_ascii=False, default=str)]
        self._writer.writerow([defused(str(cell)) for cell in (*head, *flat, *rest)])

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = self._draft.open("w", encoding="utf-8", errors="replace", newline="")
        self._draft.chmod(0o600)  # the rows are about people
        self._writer = csv.writer(self._handle)
        head = ["line", "outcome", "error", "field", "message", "remedy"]
        self._writer.writerow([defused(name) for name in (*head, *(self.columns or ("row",)))])

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        if self._handle is None:
            return
        self._handle.close()
        if kind is None:
            self._draft.replace(self.path)
        else:
            self._draft.unlink(missing_ok=True)

    @property
    def written(self) -> str:
        return str(self.path) if self._handle is not None else ""
