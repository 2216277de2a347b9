"""Commands that do several things: `segue source create`, `segue skills propose`."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def deeds_of(parser: argparse.ArgumentParser, examples: str) -> Callable[[str, str], argparse.ArgumentParser]:
    """Give a command its examples, and return what adds a deed to it by name and one line of help."""
    parser.epilog = examples
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        deed = deeds.add_parser(name, help=text, description=text)
        deed.add_argument("--json", action="store_true", help="print JSON")
        deed.add_argument("--data-dir", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        return deed

    return add
