"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

PDF, ZIP, TEXT = "pdf", "zip", "text"
_MAGIC = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"<!DOCTYPE html", "html"),
    (b"<html", "html"),
)
ENDINGS = {".pdf": PDF, ".docx": ZIP, ".docm": ZIP, ".txt": TEXT, ".text": TEXT, ".md": TEXT}


def kind_of(content: bytes) -> str:
    """Name the kind of a file; what is nothing else is text, if it holds no control characters.

    >>> kind_of(b"%PDF-1.7"), kind_of(b"Ada, nurse"), kind_of(bytes(9))
    ('pdf', 'text', 'unknown')
    """
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in content[:1024]:
        return PDF
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            return kind
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return TEXT
    strange = sum(byte < 9 or 13 < byte < 27 for byte in content[:4096])
    return "unknown" if strange else TEXT
