"""The few Django commands we lend our name to."""

from __future__ import annotations

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(rest=[])  # what follows is Django's to read


def main(args: argparse.Namespace) -> int:
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segue.settings")
    django.setup()
    call_command(args.command, *args.rest)
    return 0
