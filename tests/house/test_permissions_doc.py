"""docs/permissions.md is the matrix, printed."""

from __future__ import annotations

from pathlib import Path

from segue.web.permission_table import as_markdown


def test_the_document_is_what_the_command_prints() -> None:
    document = Path(__file__).parents[2] / "docs" / "permissions.md"
    assert document.read_text(encoding="utf-8") == as_markdown(), (
        "./run segue permissions > docs/permissions.md"
    )
