"""segue signals: print the manual of signal kinds (docs/signals.md)."""

from __future__ import annotations

import argparse


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    pass


def main(_args: argparse.Namespace) -> int:
    """Print what the registry of kinds says of itself."""
    from segue.listen.kinds.manual import manual

    print(manual(), end="")
    return 0
