"""Dispatch: one module a command, loaded only when it is called."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
from pathlib import Path

from segue.kit.errors import SegueError

# command: (module, one line of help, needs the database)
COMMANDS = {
    "demo": ("segue.cli.demo", "start the product with a living company in it", False),
    "serve": ("segue.cli.serve", "start the product", False),
    "collect": ("segue.cli.collect", "start only a collector of events", True),
    "import": ("segue.cli.imports", "bring in jobs or people from files", True),
    "audit": ("segue.cli.audit", "look for what cannot be right in people and jobs", True),
    "skills": ("segue.cli.skills", "bring in a classification of skills, and look for new ones", True),
    "search": ("segue.cli.search", "the index people are found by: make it anew, ask it", True),
    "segments": ("segue.cli.segments", "people grouped by rule: who, how many, bring up to date", True),
    "source": ("segue.cli.source", "who may send events, and with which key", True),
    "events": ("segue.cli.events", "what was heard: count, follow, export it", True),
    "recommend": ("segue.cli.recommend", "print the mix of one person, with reasons", True),
    "mixes": ("segue.cli.mixes", "write the mixes of everybody who allows it to one file", True),
    "evaluate": ("segue.cli.evaluate", "measure recommenders on a log in files", False),
    "evaluate-policy": ("segue.cli.evaluate_policy", "estimate what another policy would have earned", True),
    "fit": ("segue.cli.fit", "learn now from what people did, instead of at night", True),
    "models": ("segue.cli.models", "which models are in force, and putting others there", True),
    "replay": ("segue.cli.replay", "make a past decision again, and compare", True),
    "staff": ("segue.cli.staff", "add a colleague and print a sign-in link", True),
    "keys": ("segue.cli.keys", "which programs may come in, and what each may do", True),
    "webhooks": ("segue.cli.webhooks", "where events are sent, and what was given up", True),
    "permissions": ("segue.cli.permissions", "print who may ask what (docs/permissions.md)", False),
    "worker": ("segue.cli.worker", "work the job queue", True),
    "consume": ("segue.cli.consume", "let the consumers read the ledger", True),
    "consumers": ("segue.cli.consumers", "see where each consumer stands, and move it", True),
    "signals": ("segue.cli.signals", "print the manual of what is heard (docs/signals.md)", False),
    "check": ("segue.cli.check", "check configuration, database, migrations, disk and clock", False),
    "peer": ("segue.cli.peer", "strike the product while a real peer uses it, and count the damage", False),
    "audit-log": ("segue.cli.audit_log", "who did what: seal it, verify it, export it", True),
    "backup": ("segue.cli.backup", "keep everything in one place, or rehearse bringing it back", True),
    "verify-backup": ("segue.cli.verify_backup", "read a backup and say whether it is whole", False),
    "restore": ("segue.cli.restore", "bring a backup back; nothing is sent until it is released", True),
    "release-held": ("segue.cli.release_held", "let out, or drop, what a restore holds back", True),
    "erasures": ("segue.cli.erasures", "print who was erased, to keep beside the backups", True),
    "erase": ("segue.cli.erase", "erase a person at their request", True),
    "migrate": ("segue.cli.django_commands", "bring the database schema up to date", True),
    "makemigrations": ("segue.cli.django_commands", "write migrations (developers)", False),
    "shell": ("segue.cli.django_commands", "open a Python shell with the models", True),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; refusals print one clear line on standard error and return 2."""
    args = _parse(list(sys.argv[1:] if argv is None else argv))
    if args.data_dir:
        os.environ["SEGUE_DATA_DIR"] = str(Path(args.data_dir).expanduser().absolute())
    module = importlib.import_module(COMMANDS[args.command][0])
    try:
        if not COMMANDS[args.command][2]:
            return int(module.main(args))
        from segue.cli.database import database

        signal.signal(signal.SIGTERM, _leave)  # so that a stopped command stops its database too
        with database():
            return int(module.main(args))
    except SegueError as refused:
        print(f"segue {args.command}: {refused}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _leave(*_: object) -> None:
    raise SystemExit(143)


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="segue", description="Segue: talent engagement that listens.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    called = next((word for word in argv if word in COMMANDS), None)
    for name, (module, text, _) in COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("--data-dir", default="", help="where the product keeps its data (SEGUE_DATA_DIR)")
        if name == called:
            importlib.import_module(module).add_arguments(sub)
    args, rest = parser.parse_known_args(argv)
    if rest and not hasattr(args, "rest"):
        parser.error(f"unrecognised: {' '.join(rest)}")
    if rest:
        args.rest = rest
    return args
