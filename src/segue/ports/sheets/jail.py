"""This side of the jail: one child for one spreadsheet, bounded in time, memory and what it may answer."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from segue.catalog.sheet_files import MOST_CSV, unreadable_sheet
from segue.ports.sheets.child import BROKEN, MACROS, NO_ROWS, TOO_BIG

WALL_S = 30.0
_COMMAND = (sys.executable, "-I", "-m", "segue.ports.sheets.child")
_CODES = {BROKEN: "broken", MACROS: "macros", TOO_BIG: "too_big", NO_ROWS: "empty_file"}
_OUT_OF_TIME = frozenset({-9, -24})  # SIGKILL, SIGXCPU
_PIECE = 1 << 20


class JailedSheets:
    """Reads .xlsx in a child process of 512 MB and ten CPU-seconds, without files or network."""

    def as_csv(self, path: Path, into: Path) -> None:
        """Write the first filled sheet as CSV. Raises MalformedFile, named after what is wrong."""
        with path.open("rb") as file, into.open("wb") as out:
            child = subprocess.Popen(
                _COMMAND,
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
            written = 0
            try:
                while child.stdout and (piece := child.stdout.read(_PIECE)):
                    written += len(piece)
                    if written > MOST_CSV:
                        raise unreadable_sheet("too_big")
                    out.write(piece)
                child.wait()
            finally:
                late.cancel()
                child.kill()
                child.wait()
                if child.stdout:
                    child.stdout.close()
        if child.returncode:
            slow = child.returncode in _OUT_OF_TIME
            raise unreadable_sheet("too_slow" if slow else _CODES.get(child.returncode, "too_big"))
