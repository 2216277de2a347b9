"""Why a file was not read, by name."""

from __future__ import annotations


class Refused(Exception):
    """The child will not read this file; `code` is one of the names in `segue.catalog.resume_files`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
