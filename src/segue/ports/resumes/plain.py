"""Plain text, in the encodings people's editors write."""

from __future__ import annotations

from segue.engine.resume.layout import Document, Line
from segue.ports.resumes.refused import Refused


def read_plain(content: bytes) -> list[list[Line]]:
    """Return the lines of a text file. Raises Refused."""
    text = _decoded(content)
    if not text.strip():
        raise Refused("empty_file")
    if "\x00" in text or not any(letter.isalpha() for letter in text):
        raise Refused("wrong_type")
    return [list(Document.of_text(text).lines)]


def _decoded(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
