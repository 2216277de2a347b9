"""Run a module as a child that ends with its parent, even one that is killed without a word.

    python -m segue.cli.launch PARENT_PID PRELOAD GATE MODULE [ARGUMENTS…]

PRELOAD names modules to import first ("a,b" or ""), so that what MODULE forks has them already; of "a:f", f
is called behind the gate. GATE is a descriptor to read a byte from before MODULE runs (or ""): a child can
load while its parent still migrates.

A module of its own, not a function run between fork and exec: that is unsafe where threads run.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(argv: list[str]) -> None:
    parent_pid, preload, gate, module, *arguments = argv
    _end_with_parent(signal.SIGTERM)
    if os.getppid() != int(parent_pid):  # it died before we asked to be told
        raise SystemExit(1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    # What the module forks (granian's workers) must not outlive it either, and has nobody to say goodbye to.
    os.register_at_fork(after_in_child=lambda: _end_with_parent(signal.SIGKILL))
    loaded = [name.partition(":") for name in preload.split(",") if name]
    modules = [importlib.import_module(name) for name, _, _ in loaded]
    if gate and not os.read(int(gate), 1):  # closed without a word: the parent has given up
        raise SystemExit(1)
    for found, (_, _, function) in zip(modules, loaded, strict=True):
        if function:
            getattr(found, function)()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_with_parent(with_signal: signal.Signals) -> None:
    """Ask the kernel for a signal when the parent dies; only Linux knows how, elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
