"""./run needs nothing but Python, starts at once when all is there, and names the remedy when it is not."""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

RUN = Path(__file__).parents[2] / "run"
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-dev.lock", "requirements-uv.lock")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout as far as ./run can tell; nothing is ever fetched for it."""
    (tmp_path / "run").write_bytes(RUN.read_bytes())
    (tmp_path / "run").chmod(0o755)
    for name in LOCKS:
        (tmp_path / name).write_text(f"# {name}\n")
    return tmp_path


@pytest.fixture
def script(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.delenv("SEGUE_VENV", raising=False)
    loader = importlib.machinery.SourceFileLoader("run_script", str(checkout / "run"))
    spec = importlib.util.spec_from_loader("run_script", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def environment(script: ModuleType) -> ModuleType:
    """One that was installed to the test level."""
    (script.VENV / "bin").mkdir(parents=True)
    script.PYTHON.symlink_to(sys.executable)
    stamp(script, "test")
    return script


def stamp(script: ModuleType, level: str) -> None:
    script.STAMP.write_text(script.json.dumps(script.describe(level)))


def run(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """As on a machine that has nothing set."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(checkout / "nobody"), **environment}
    command = [sys.executable, str(checkout / "run"), *arguments]
    return subprocess.run(command, env=bare, capture_output=True, text=True, check=False)


def test_it_stands_on_the_standard_library_alone() -> None:
    tree = ast.parse(RUN.read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= set(sys.stdlib_module_names)
    assert len(RUN.read_text().splitlines()) <= 400
    assert os.access(RUN, os.X_OK)


def test_help_lists_the_commands_and_a_wrong_one_points_there(checkout: Path) -> None:
    shown = run(checkout, "help")
    assert shown.returncode == 0
    assert all(f"./run {name}" in shown.stdout for name in ("demo", "test", "lint", "bench", "segue"))
    refused = run(checkout, "dmeo")
    assert refused.returncode == 1
    assert "./run help" in refused.stderr


def test_little_disk_is_said_before_anything_is_made(checkout: Path) -> None:
    refused = run(checkout, "test", SEGUE_MIN_FREE_MB="999999999")
    assert refused.returncode == 1
    assert "SEGUE_VENV" in refused.stderr
    assert not (checkout / ".venv").exists()


def test_a_python_without_ensurepip_names_the_package_to_install(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "crippled").mkdir()
    (tmp_path / "crippled" / "ensurepip.py").write_text("raise ImportError\n")
    refused = run(checkout, "test", PYTHONPATH=str(tmp_path / "crippled"))
    assert refused.returncode == 1
    assert "apt-get install python3-venv" in refused.stderr


def test_an_old_python_is_told_which_one_to_use(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(script.shutil, "which", lambda name: None)
    with pytest.raises(script.Trouble, match=r"3\.11"):
        script.refuse_wrong_python()


def test_a_folder_that_is_no_environment_is_left_alone(script: ModuleType) -> None:
    script.VENV.mkdir()
    (script.VENV / "diary.txt").write_text("mine")
    with pytest.raises(script.Trouble, match="no Python environment"):
        script.make_venv()
    assert (script.VENV / "diary.txt").read_text() == "mine"


def test_a_made_environment_serves_its_level_and_the_smaller_ones(environment: ModuleType) -> None:
    assert environment.is_ready("runtime")
    assert environment.is_ready("test")
    assert not environment.is_ready("dev")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_changed_lock_asks_for_an_install(environment: ModuleType, checkout: Path, lock: str) -> None:
    (checkout / lock).write_text("changed==1\n")
    assert not environment.is_ready("runtime")
    assert environment.can_be_kept(environment.read_stamp())


def test_a_half_made_environment_is_not_trusted(environment: ModuleType) -> None:
    environment.UNFINISHED.touch()
    assert not environment.is_ready("runtime")
    assert not environment.can_be_kept(environment.read_stamp())


def test_a_moved_checkout_makes_its_environment_anew(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "VENV", tmp_path / "elsewhere" / ".venv")
    assert not environment.is_ready("runtime")
    assert not environment.can_be_kept(environment.read_stamp())


def test_an_environment_whose_python_is_gone_is_not_trusted(environment: ModuleType) -> None:
    environment.PYTHON.unlink()
    environment.PYTHON.symlink_to("/nowhere/python3")
    assert not environment.is_ready("runtime")
    assert not environment.can_be_kept(environment.read_stamp())


def test_an_install_that_failed_says_what_to_check_and_is_taken_up_again(
    environment: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(lock: Path) -> None:
        raise environment.Trouble(environment.install_remedy("no route to host", "no route to host"))

    monkeypatch.setattr(environment, "install", fail)
    with pytest.raises(environment.Trouble, match="PIP_INDEX_URL"):
        environment.ensure_environment("dev")
    assert not environment.is_ready("runtime")


def test_uv_is_given_the_index_that_was_set_for_pip(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("UV_", "PIP_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setattr(environment, "PYTHON", Path(sys.executable))
    assert environment.uv_environment()["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example/simple")
    assert environment.uv_environment()["UV_DEFAULT_INDEX"] == "https://own.example/simple"


@pytest.mark.peer
def test_a_half_made_environment_is_made_anew(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    script.VENV.mkdir()
    script.UNFINISHED.touch()
    (script.VENV / "bin").mkdir()
    (script.VENV / "bin" / "python").write_text("half a file")
    monkeypatch.setattr(script, "install", lambda lock: None)
    script.ensure_environment("runtime")
    assert script.is_ready("runtime")
    assert script.succeeds([str(script.PYTHON), "-c", "import pip"])
    source = script.ROOT / "src"
    written = next(script.VENV.glob("lib/python3*/site-packages/segue-source.pth")).read_text()
    assert written == f"{source}\n"
