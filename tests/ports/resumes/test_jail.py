"""What strangers send: each file is read or refused by name, and nobody else notices."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from segue.kit.errors import Invalid
from segue.ports.resumes import jail
from segue.ports.resumes.jail import JailedReader
from tests.ports.resumes import hostile

pytestmark = pytest.mark.peer
Make = Callable[[], bytes]

REFUSED: dict[str, tuple[Make, str, set[str]]] = {
    "nothing": (lambda: b"", "cv.pdf", {"empty_file"}),
    "only spaces": (lambda: b" \n\n ", "cv.txt", {"empty_file"}),
    "encrypted pdf": (lambda: hostile.pdf(password="secret"), "cv.pdf", {"encrypted"}),
    "half a pdf": (lambda: hostile.pdf()[:-300], "cv.pdf", {"truncated"}),
    "half a docx": (lambda: hostile.word()[:-900], "cv.docx", {"truncated"}),
    "a docx called pdf": (hostile.word, "cv.pdf", {"wrong_type"}),
    "a pdf called docx": (hostile.pdf, "cv.docx", {"wrong_type"}),
    "a program": (lambda: b"\x7fELF" + bytes(900), "cv.pdf", {"wrong_type"}),
    "a picture called txt": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "cv.txt", {"wrong_type"}),
    "some zip": (lambda: hostile.package({"a.txt": "hello"}), "cv.docx", {"wrong_type"}),
    "a picture of text": (lambda: hostile.pdf(text=""), "cv.pdf", {"no_text_layer"}),
    "a blank docx": (lambda: hostile.bare_word("<w:p/>"), "cv.docx", {"no_text_layer"}),
    "200 pages": (lambda: hostile.pdf(200), "cv.pdf", {"too_many_pages"}),
    "macros": (lambda: hostile.bare_word("<w:p/>", **{"word/vbaProject.bin": b"x"}), "cv.docx", {"macros"}),
    "docm": (hostile.word, "cv.docm", {"macros"}),
    "old word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cv.doc", {"old_word"}),
    "zip bomb": (hostile.zip_bomb, "cv.docx", {"too_big"}),
    "pdf bomb": (hostile.pdf_bomb, "cv.pdf", {"too_big", "too_slow", "no_text_layer", "broken"}),
    "billion laughs": (hostile.laughs, "cv.docx", {"broken"}),
    "tables in tables": (hostile.deep_word, "cv.docx", {"too_big", "broken"}),
    "noise called pdf": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"%%EOF", "cv.pdf", {"broken"}),
    "a book": (lambda: b"word " * 200_000, "cv.txt", {"too_much_text"}),
    "far too large": (lambda: bytes(21 * 1024 * 1024), "cv.txt", {"too_big"}),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_a_bad_file_is_refused_by_name_with_a_remedy(name: str) -> None:
    make, file_name, expected = REFUSED[name]
    with pytest.raises(Invalid) as refused:
        JailedReader().read(make(), file_name)
    assert refused.value.code in expected
    assert refused.value.field == "resume_file"
    assert refused.value.remedy


@pytest.mark.parametrize(("make", "name"), [(hostile.pdf, "cv.pdf"), (hostile.word, "cv.docx")])
def test_a_good_file_is_read(make: Make, name: str) -> None:
    read = JailedReader().read(make(), name)
    assert "nurse at North Clinic" in " ".join(read.document.text.split())
    assert read.document.text[slice(*read.document.span(0))] == read.document.lines[0].text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_plain_text_is_read_in_any_usual_encoding(encoding: str) -> None:
    read = JailedReader().read("Renée Müller\nPflegefachkraft in Köln".encode(encoding), "cv.txt")
    assert read.document.lines[0].text == "Renée Müller"
    assert read.media_type == "text/plain"


def test_a_reader_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "WALL_S", 0.3)
    monkeypatch.setattr(jail, "_COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    with pytest.raises(Invalid) as refused:
        JailedReader().read(hostile.pdf(), "cv.pdf")
    assert refused.value.code == "too_slow"


LOCKED = """
import os, socket, sys
from segue.ports.resumes.cell import lock_in
lock_in()
def tried(what):
    try:
        what()
    except (OSError, ValueError):
        return "refused"
    return "done"
memory = "done"
try:
    bytearray(600 * 1024 * 1024)
except MemoryError:
    memory = "refused"
doors = [lambda: open("/etc/hostname"), socket.socket, os.pipe]
os.write(1, " ".join([*map(tried, doors), memory, str(os.getuid() != 0)]).encode())
"""


def test_a_locked_child_opens_no_file_no_socket_and_takes_no_more_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOCKED], capture_output=True, check=True, env=dict(os.environ)
    )
    assert done.stdout == b"refused refused refused refused True"
