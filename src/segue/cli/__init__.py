"""The `segue` command."""

from segue.cli.main import main

__all__ = ["main"]
