"""`segue permissions`: print the permission matrix as docs/permissions.md."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Print who may ask what, as Markdown: docs/permissions.md is this command's output."


def main(args: argparse.Namespace) -> int:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segue.settings")
    import django

    django.setup()
    from segue.web.permission_table import as_markdown

    print(as_markdown(), end="")
    return 0
