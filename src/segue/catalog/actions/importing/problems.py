"""What can be wrong with a file, and with one row of it."""

from __future__ import annotations

from dataclasses import dataclass

from segue.kit.errors import SegueError


class MalformedFile(SegueError):
    """The file cannot be read as a whole, so nothing of it is imported."""

    http_status = 422

    def __init__(self, code: str, message: str, *, line: int = 1, field: str = "", remedy: str = "") -> None:
        super().__init__(message, field=field, remedy=remedy)
        self.code = code
        self.line = line
        self.file_name = ""

    def as_dict(self) -> dict[str, str]:
        return {**super().as_dict(), "line": str(self.line), "file": self.file_name}

    def __str__(self) -> str:
        where = f"{self.file_name}, line {self.line}" if self.file_name else f"line {self.line}"
        column = f", field “{self.field}”" if self.field else ""
        return f"{where}{column}: {self.message} [{self.code}] {self.remedy} Nothing was imported.".replace(
            "  ", " "
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one row was not accepted; the name is what reports count by."""

    error: str
    field: str
    message: str
    remedy: str = ""

    @classmethod
    def of(cls, refused: SegueError) -> Problem:
        return cls(refused.code, refused.field, refused.message, refused.remedy)
