"""The child: reads one file from standard input, says on standard output what it says, and is gone.

python -I -m segue.ports.resumes.child pdf|zip|text < FILE
"""

from __future__ import annotations

import encodings.cp1252
import encodings.utf_8_sig
import encodings.utf_16  # noqa: F401 - nothing can be imported once we are locked in
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from segue.engine.resume.layout import Line
from segue.ports.resumes.cell import lock_in
from segue.ports.resumes.refused import Refused

MOST_CHARACTERS = 200_000
_FIELDS = ("text", "size", "bold", "gap", "x0", "x1", "right", "block", "heading")
Pages = list[list[Line]]


def main() -> None:
    """Answer with one JSON object: {"pages": …} or {"refused": name}."""
    read = _reader(sys.argv[1])
    lock_in()
    try:
        with os.fdopen(0, "rb", closefd=False) as file:
            pages = read(file.read())
        answer: dict[str, Any] = {"pages": [[_row(line) for line in page] for page in pages]}
        _refuse_floods(pages)
    except Refused as refused:
        answer = {"refused": refused.code}
    except (MemoryError, OverflowError):
        answer = {"refused": "too_big"}
    except Exception:
        answer = {"refused": "broken"}
    _say(answer)


def _reader(kind: str) -> Callable[[bytes], Pages]:
    if kind == "pdf":
        from segue.ports.resumes.pdf import read_pdf as read
    elif kind == "zip":
        from segue.ports.resumes.docx import read_docx as read
    else:
        from segue.ports.resumes.plain import read_plain as read
    return read


def _row(line: Line) -> list[Any]:
    return [getattr(line, name) for name in _FIELDS]


def _refuse_floods(pages: Pages) -> None:
    if sum(len(line.text) for page in pages for line in page) > MOST_CHARACTERS:
        raise Refused("too_much_text")


def _say(answer: dict[str, Any]) -> None:
    data = json.dumps(answer, ensure_ascii=True).encode()
    while data:
        data = data[os.write(1, data) :]
    os._exit(0)  # nothing of what was read is cleaned up: it may be broken


def line_of(row: list[Any]) -> Line:
    """Read a line back from what the child said."""
    return Line(**dict(zip(_FIELDS, row, strict=True)))


if __name__ == "__main__":
    main()
