"""DOCX: the body, its tables and text boxes, headers and footers, walked by a streaming parser.

python-docx builds the whole tree and takes two gigabytes for one hostile megabyte; here nothing is kept
but text.
"""

from __future__ import annotations

import encodings.cp437  # noqa: F401 - zipfile asks for it, when nothing can be imported any more
import io
import re
import zipfile

from segue.engine.resume.layout import Line
from segue.ports.resumes.refused import Refused
from segue.ports.resumes.wordml import read_part

MOST_UNPACKED = 40 * 1024 * 1024
MOST_ENTRIES = 5_000
_CHUNK = 256 * 1024
_HEADER, _FOOTER = re.compile(r"word/header\d*\.xml"), re.compile(r"word/footer\d*\.xml")
_LEAST_LETTERS = 20


def read_docx(content: bytes) -> list[list[Line]]:
    """Return the document as one page of lines. Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            _refuse_others(package, names)
            lines = _lines(package, names)
    except (zipfile.BadZipFile, EOFError):
        raise Refused("truncated") from None
    if sum(c.isalpha() for line in lines for c in line.text) < _LEAST_LETTERS:
        raise Refused("no_text_layer")
    return [lines]


def _lines(package: zipfile.ZipFile, names: list[str]) -> list[Line]:
    parts = [
        *sorted(filter(_HEADER.fullmatch, names)),
        "word/document.xml",
        *sorted(filter(_FOOTER.fullmatch, names)),
    ]
    lines: list[Line] = []
    room = MOST_UNPACKED
    for name in parts:
        content = _unpacked(package, name, room)
        room -= len(content)
        block = max((line.block for line in lines), default=0) + 1
        said = {line.text for line in lines} if name != "word/document.xml" else set()
        lines += [line for line in read_part(content, first_block=block) if line.text not in said]
    return lines


def _refuse_others(package: zipfile.ZipFile, names: list[str]) -> None:
    if len(names) > MOST_ENTRIES:
        raise Refused("too_big")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused("macros")
    if any(entry.flag_bits & 1 for entry in package.infolist()):
        raise Refused("encrypted")
    if "[Content_Types].xml" in names and b"macroEnabled" in _unpacked(
        package, "[Content_Types].xml", 1 << 20
    ):
        raise Refused("macros")
    if "word/document.xml" not in names:
        raise Refused("wrong_type")


def _unpacked(package: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Unpack one part, no further than `most` bytes, whatever its header promises."""
    chunks: list[bytes] = []
    with package.open(name) as file:
        while chunk := file.read(_CHUNK):
            most -= len(chunk)
            if most < 0:
                raise Refused("too_big")
            chunks.append(chunk)
    return b"".join(chunks)
