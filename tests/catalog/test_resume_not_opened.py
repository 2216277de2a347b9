"""A file that went, or may not be read, is not called cut off: what it is decides what its owner must do."""

from __future__ import annotations

import zipfile
from pathlib import Path

from segue.catalog.actions.importing.resume_folder import Found
from segue.catalog.actions.resume_imports import content_of


def test_a_file_that_went_meanwhile_could_not_be_opened(tmp_path: Path) -> None:
    gone = Found("ada.pdf", tmp_path, is_zipped=False)
    content, problem = content_of(gone)
    assert problem is not None
    assert problem.error == "not_opened"
    assert problem.remedy
    assert content == b"ada.pdf"  # by its name it is the same file the next time


def test_a_package_without_its_end_is_cut_off(tmp_path: Path) -> None:
    package = tmp_path / "all.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("ada.txt", "Ada has looked after people for years. " * 50)
    package.write_bytes(package.read_bytes()[:-20])
    _content, problem = content_of(Found("ada.txt", package, is_zipped=True))
    assert problem is not None
    assert problem.error == "truncated"
