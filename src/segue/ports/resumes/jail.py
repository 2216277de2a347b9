"""This side of the jail: one child for one file, bounded in time and in what it may answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from segue.catalog.resume_files import LARGEST_FILE, ReadFile, unreadable
from segue.engine.resume.layout import Document
from segue.engine.resume.paragraphs import join_wrapped, without_furniture
from segue.ports.resumes.child import line_of
from segue.ports.resumes.kinds import ENDINGS, PDF, TEXT, ZIP, kind_of

WALL_S = 9.5
MOST_ANSWER = 32 * 1024 * 1024
_MEDIA = {
    PDF: "application/pdf",
    ZIP: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    TEXT: "text/plain",
}
_COMMAND = (sys.executable, "-I", "-m", "segue.ports.resumes.child")


class JailedReader:
    """Reads PDF, DOCX and text in a child process of 512 MB and ten seconds, without files or network."""

    def read(self, content: bytes, name: str) -> ReadFile:
        """Return what the file says. Raises Invalid, named after what is wrong."""
        kind = _kind(content, PurePath(name).suffix.lower())
        pages = [[line_of(row) for row in page] for page in _answer(content, kind)["pages"]]
        lines = join_wrapped(without_furniture(pages))
        return ReadFile(Document.of(lines), _MEDIA[kind])


def _kind(content: bytes, ending: str) -> str:
    """Tell the kind from the bytes, and refuse a name that lies about it."""
    if not content:
        raise unreadable("empty_file")
    if len(content) > LARGEST_FILE:
        raise unreadable("too_big")
    kind = kind_of(content)
    if ending == ".docm":
        raise unreadable("macros")
    if kind == "ole":
        raise unreadable("encrypted" if b"E\x00n\x00c\x00r\x00y\x00p\x00t" in content else "old_word")
    if kind not in _MEDIA or ENDINGS.get(ending, kind) != kind:
        raise unreadable("wrong_type")
    return kind


def _answer(content: bytes, kind: str) -> dict[str, Any]:
    with _handed_in(content) as file, _child(file, kind) as child:
        said = child.stdout.read(MOST_ANSWER + 1) if child.stdout else b""
        if len(said) > MOST_ANSWER:
            raise unreadable("too_much_text")
    if child.returncode != 0 or not said:
        raise unreadable(_how_it_ended(child.returncode))
    answer: dict[str, Any] = json.loads(said)
    if "refused" in answer:
        raise unreadable(str(answer["refused"]))
    return answer


@contextmanager
def _handed_in(content: bytes) -> Iterator[int]:
    """A file without a name that holds the content: the child gets it, and nothing else."""
    file = os.memfd_create("resume")
    try:
        with os.fdopen(file, "wb", closefd=False) as handle:
            handle.write(content)
        os.lseek(file, 0, os.SEEK_SET)
        yield file
    finally:
        os.close(file)


@contextmanager
def _child(file: int, kind: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the child, and see to its end in time, whatever happens."""
    child = subprocess.Popen(
        [*_COMMAND, kind],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LC_ALL": "C.UTF-8"},
        start_new_session=True,
    )
    late = threading.Timer(WALL_S, child.kill)
    late.daemon = True
    late.start()
    try:
        yield child
        child.wait()
    finally:
        late.cancel()
        if child.poll() is None:
            child.kill()
            child.wait()
        if child.stdout:
            child.stdout.close()


def _how_it_ended(code: int) -> str:
    """Name the end of a child that said nothing: out of time, or out of memory, or broken by the file."""
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return "too_slow"
    if code in {-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL, -signal.SIGSEGV, -signal.SIGBUS}:
        return "too_big"
    return "broken"
