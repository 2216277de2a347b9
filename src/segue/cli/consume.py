"""`segue consume`: let the consumers read the ledger until told to stop."""

from __future__ import annotations

import argparse
import signal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--poll-ms", type=int, default=100, help="how often to look when idle (100)")


def main(args: argparse.Namespace) -> int:
    """Read; SIGTERM and Ctrl-C let the turn under way finish."""
    from segue.kit import logs
    from segue.listen.consuming import load_consumers
    from segue.listen.runner import Runner

    log = logs.get("segue.consumer")
    runner = Runner(poll_s=max(args.poll_ms, 1) / 1000)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: runner.stop())
    log.info("consumers_ready", consumers=sorted(load_consumers()))
    runner.run()
    log.info("consumers_left")
    return 0
