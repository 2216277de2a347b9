"""The limits a child puts on itself before it looks at a stranger's file.

It cannot open anything (files, sockets, pipes): it may hold no descriptor but the three it came with. So
there is no network even where the kernel lets us make no network namespace of our own; where it does,
there is none at all. What is missing is a filter of system calls: see docs/adr/0024.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal

MEMORY_BYTES = 512 * 1024 * 1024
CPU_S = 10
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_NOBODY = 65534


def lock_in() -> None:
    """Give up everything but memory, time and the standard streams. Import what you need before."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # another uid forgets it
    libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)  # where the kernel allows; the limits below do not need it
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(limit, (most, most))
