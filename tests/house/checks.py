"""The house's rules as functions: each takes the root of a tree and returns what breaks the rule there.

They take a root, so that the tests can plant a violation into a copy and see it found.
"""

from __future__ import annotations

import ast
import functools
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Check = Callable[[Path], list[str]]

# Functions that are longer than forty lines for a reason; none may pass sixty-five. The list only shrinks.
LONG_FUNCTIONS = {
    "src/segue/engine/rank.py:deal": "one algorithm, with its reference, read top to bottom",
    "src/segue/learn/queries/catalogue.py:_build": "one matrix a line; splitting it would only scatter them",
}
STORIES = "tests/"  # a story told in one piece may take as long as the longest function
LINES_OF_A_FILE, LINES_OF_A_FUNCTION, LINES_AT_MOST, METHODS_OF_A_CLASS = 400, 40, 65, 20
EMPTY_NAMES = {"utils", "helpers", "common", "base", "misc", "manager", "service"}

WRITES_ALWAYS = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "create"}
WRITING_SQL = re.compile(r"\b(INSERT\s+INTO\s+\w|DELETE\s+FROM\s+\w|UPDATE\s+\w+\s+SET\b|TRUNCATE\s+\w)")
MAY_WRITE = {"actions", "handlers", "jobs", "migrations", "kit", "engine"}
# A manager's own verb, called by actions only: Django wants it on the manager.
MAY_WRITE_BY_NAME = {"src/segue/trust/models.py"}

# The world's truth is for the simulator and the measuring room; whoever guesses must not peek.
BLIND = {"learn", "recommend", "hire", "engage", "catalog", "trust", "listen", "gather", "web", "engine"}
TRUTH = re.compile(r"WorldTruth|worldtruth|world[._]truth|world\.choice|import truth\b")

ONE_DOOR = {  # what only one file may import, and why it must go through that door
    "prometheus_client": ("src/segue/kit/metrics.py", "metrics are shared between processes only from there"),
    "django.db.models.signals": ("", "rooms call verbs or record signals in the ledger"),
    "django.dispatch": ("", "rooms call verbs or record signals in the ledger"),
}


@dataclass(frozen=True, eq=False)
class Source:
    """A Python file of ours, read and parsed."""

    path: Path
    text: str
    nodes: dict[type[ast.AST], list[Any]]

    def each(self, *kinds: type[ast.AST]) -> Iterator[Any]:
        """Yield the nodes of these kinds, in no promised order."""
        for kind in kinds:
            yield from self.nodes.get(kind, ())

    def lines_with(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
        if pattern.search(self.text):
            for number, line in enumerate(self.text.splitlines(), 1):
                if pattern.search(line):
                    yield number, line


@functools.cache
def _read(path: Path, changed_ns: int, size: int) -> Source:
    """Parse a file once for all rules, and again when it has changed."""
    text = path.read_text(encoding="utf-8")
    nodes: dict[type[ast.AST], list[Any]] = {}
    for node in ast.walk(ast.parse(text, str(path))):
        nodes.setdefault(type(node), []).append(node)
    return Source(path, text, nodes)


def sources(root: Path, *folders: str) -> Iterator[Source]:
    """Yield our Python files below these folders."""
    for folder in folders or ("src/segue",):
        for path in sorted((root / folder).rglob("*.py")):
            status = path.stat()
            yield _read(path, status.st_mtime_ns, status.st_size)


def where(root: Path, path: Path, line: int) -> str:
    return f"{path.relative_to(root).as_posix()}:{line}"


def room_of(root: Path, path: Path) -> str:
    parts = path.relative_to(root / "src" / "segue").parts
    return parts[0].removesuffix(".py")


def rooms_in_order(root: Path) -> dict[str, int]:
    """Return each room's height, read from the import contract itself: there is one order, not two."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c.get("exhaustive"))
    heights = {}
    for height, layer in enumerate(reversed(layers)):
        for name in layer.split("|"):
            heights[name.strip(" ()")] = height
    return heights


def import_contracts(root: Path) -> list[str]:
    """Imports point down; a room the contract does not know is an error too."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    done = _in_tree(root, [*command, "--no-cache"])
    return [] if done.returncode == 0 else [line for line in done.stdout.splitlines() if "segue" in line]


def models(root: Path) -> list[str]:
    """Foreign keys point down, also when they are strings; every model is in the privacy register."""
    script = Path(__file__).with_name("inspect_models.py")
    heights = json.dumps(rooms_in_order(root))
    with tempfile.TemporaryDirectory() as folder:
        done = _in_tree(root, [sys.executable, str(script), heights], {"SEGUE_DATA_DIR": folder})
    if done.returncode != 0:
        return [f"The models cannot be loaded: {done.stdout.strip().splitlines()[-1]}"]
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def doors_without_managers(root: Path) -> list[str]:
    """web/ sees verbs and queries, never a model's manager."""
    names = {"objects", "_default_manager", "_base_manager"}
    return [
        f"{where(root, source.path, node.lineno)}: .{node.attr} in web; ask a query or call an action"
        for source in sources(root, "src/segue/web")
        for node in source.each(ast.Attribute)
        if node.attr in names
    ]


def state_changes(root: Path) -> list[str]:
    """State changes in actions, handlers, jobs, migrations and plumbing; nowhere else."""
    found = []
    for source in sources(root):
        relative = source.path.relative_to(root)
        words = {part.removesuffix(".py") for part in relative.parts}
        if words & MAY_WRITE or relative.as_posix() in MAY_WRITE_BY_NAME:
            continue
        for node in source.each(ast.Call, ast.Constant):
            if what := _write(node):
                found.append(f"{where(root, source.path, node.lineno)}: {what} outside an action")
    return found


def _write(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.search(node.value):
        return "SQL that writes"
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return ""
    name, has_positional = node.func.attr, bool(node.args)
    if name == "save" and has_positional:
        return ""  # a picture into a stream; a model's takes keywords only
    if name in WRITES_ALWAYS and not _is_session(node.func.value):
        return f".{name}()"
    # dict.update and hash.update take something; QuerySet.update takes keywords only, delete takes nothing.
    if name == "update" and node.keywords and not has_positional:
        return ".update()"
    return ".delete()" if name == "delete" and not has_positional and not node.keywords else ""


def _is_session(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "session"


def blind_rooms(root: Path) -> list[str]:
    """No room that ranks, serves or decides reads what the invented people truly want."""
    return [
        f"{where(root, source.path, number)}: reads the world's truth"
        for source in sources(root)
        if room_of(root, source.path) in BLIND and "engine/world/" not in source.path.as_posix()
        for number, _ in source.lines_with(TRUTH)
    ]


def sizes(root: Path) -> list[str]:
    """Files, functions and classes stay small enough to be read in one go."""
    return [
        f"{where(root, source.path, line)}: {words}"
        for source in sources(root, "src/segue", "tests")
        for line, words in _too_big(source, source.path.relative_to(root).as_posix())
    ]


def _too_big(source: Source, name: str) -> Iterator[tuple[int, str]]:
    lines = source.text.count("\n") + 1
    if lines > LINES_OF_A_FILE and "/migrations/" not in name:
        yield 1, f"{lines} lines; at most {LINES_OF_A_FILE}"
    for node in source.each(ast.ClassDef):
        methods = sum(isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in node.body)
        if methods > METHODS_OF_A_CLASS:
            yield node.lineno, f"class {node.name} has {methods} methods; at most {METHODS_OF_A_CLASS}"
    for node in source.each(ast.FunctionDef, ast.AsyncFunctionDef):
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        is_long = f"{name}:{node.name}" in LONG_FUNCTIONS or name.startswith(STORIES)
        most = LINES_AT_MOST if is_long else LINES_OF_A_FUNCTION
        if lines > most:
            yield node.lineno, f"{node.name} has {lines} lines; at most {most}"


def empty_names(root: Path) -> list[str]:
    """A file's name says what it holds."""
    return [
        f"{path.relative_to(root).as_posix()}: {path.stem} says nothing of what it holds"
        for folder in ("src/segue", "tests")
        for path in sorted((root / folder).rglob("*"))
        if path.stem.strip("_") in EMPTY_NAMES and path.suffix in {".py", ""}
    ]


def one_door(root: Path) -> list[str]:
    """Some packages are imported in one place only, and Django's model signals nowhere."""
    found = []
    for source in sources(root):
        for node in source.each(ast.Import, ast.ImportFrom):
            for name in _imported(node):
                for package, (door, why) in ONE_DOOR.items():
                    is_inside = name == package or name.startswith(f"{package}.")
                    if is_inside and source.path.relative_to(root).as_posix() != door:
                        found.append(f"{where(root, source.path, node.lineno)}: imports {name}; {why}")
    return found


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return sorted({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return []


def reasons(root: Path) -> list[str]:
    """Whoever tells a tool to look away says why: after the code, or beside the entry."""
    silenced = re.compile(r"#\s*noqa(?!:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*\s*(?:-|\(|#)\s*\w)")
    found = [
        f"{where(root, source.path, number)}: noqa without a reason"
        for source in sources(root, "src/segue", "tests")
        for number, line in source.lines_with(silenced)
        if "re.compile" not in line
    ]
    block = False
    for number, line in enumerate((root / "pyproject.toml").read_text().splitlines(), 1):
        block = line.startswith(("ignore = [", "[tool.ruff.lint.per-file-ignores]")) or (
            block and not line.startswith(("]", "["))
        )
        if block and re.match(r'\s*"', line) and "#" not in line:
            found.append(f"pyproject.toml:{number}: {line.strip()} without a reason")
    return found


def timing_assertions(root: Path) -> list[str]:
    """Tests assert what happens, not how fast this machine happened to be; figures belong in benches."""
    return [
        f"{where(root, source.path, step.lineno)}: asserts a duration"
        for source in sources(root, "tests")
        if "bench" not in source.path.parts
        for function in source.each(ast.FunctionDef)
        for step in _timed_asserts(function)
    ]


def _timed_asserts(function: ast.FunctionDef) -> list[ast.Assert]:
    steps = list(ast.walk(function))
    measured = [step for step in steps if isinstance(step, ast.Assign) and _reads_stopwatch(step.value)]
    timed: set[str] = set().union(*(_names(target) for step in measured for target in step.targets))
    asserts = [step for step in steps if isinstance(step, ast.Assert)]
    return [step for step in asserts if _reads_stopwatch(step.test) or _names(step.test) & timed]


def _reads_stopwatch(node: ast.AST) -> bool:
    stopwatches = {"perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time", "timeit"}
    return bool(stopwatches & {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)})


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def traces_of_this_machine(root: Path) -> list[str]:
    """Nothing tracked names the machine it was written on, or the registry it was installed from."""
    hosts = [os.environ.get(name, "") for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL")]
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    hosts += re.findall(r"https?://[^\s']+", listed.stdout)
    words = {re.sub(r"^https?://([^@/]*@)?", "", host).split("/")[0] for host in hosts} - {""}
    words |= {"files.python" + "hosted.org", "pypi" + ".org/simple"}
    paths = {str(root), str(Path.home())} - {"/"}
    trace = re.compile(
        "|".join([re.escape(w) for w in words] + [rf"{re.escape(p)}(?=[/\s\"'])" for p in paths])
    )
    return [
        f"{where(root, path, number)}: {match.group()}"
        for path in _tracked(root)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if (match := trace.search(line))
    ]


def _tracked(root: Path) -> list[Path]:
    """What git tracks; in a copy without git, all text files."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        found = [root / name for name in listed.stdout.split("\0") if name]
    else:
        found = [path for path in sorted(root.rglob("*")) if "__pycache__" not in path.parts]
    return [path for path in found if path.is_file() and b"\0" not in path.read_bytes()[:4096]]


def strict_templates(root: Path) -> list[str]:
    """Our content policy allows no inline script, style or handler: the browser would drop them silently."""
    inline = re.compile(
        r"<style\b|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(?:\bsrc=|json\"))|javascript:", re.IGNORECASE
    )
    return [
        f"{where(root, path, number)}: {line.strip()[:60]}"
        for path in sorted((root / "src/segue/web").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if inline.search(line)
    ]


def pure_engine(root: Path) -> list[str]:
    """The engine's doctests and tests pass in an interpreter that has no Django."""
    script = Path(__file__).with_name("without_django.py")
    done = _in_tree(root, [sys.executable, str(script)], {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    return [] if done.returncode == 0 else done.stdout.splitlines()[-25:]


def _in_tree(
    root: Path, command: list[str], environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command so that it imports this tree's code and no other."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SEGUE_", "DJANGO_", "PYTEST_"))}
    inherited |= {
        "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        command,
        cwd=root,
        env=inherited | (environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


QUICK: tuple[Check, ...] = (
    doors_without_managers,
    state_changes,
    blind_rooms,
    sizes,
    empty_names,
    one_door,
    reasons,
    timing_assertions,
    traces_of_this_machine,
    strict_templates,
)
SLOW: tuple[Check, ...] = (import_contracts, models, pure_engine)
