"""`segue staff`: a colleague's account, and a link to sign in with."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import TYPE_CHECKING

from segue.kit.actor import STAFF, Actor

if TYPE_CHECKING:
    from segue.trust.models import Account


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", help="the colleague's address; an existing colleague gets a new link")
    parser.add_argument("--name", default="", help="the name candidates and colleagues will see")
    parser.add_argument(
        "--password", action="store_true", help="an administrator's, for days when nothing else opens"
    )
    parser.add_argument("--role", default="recruiter", choices=sorted(role.value for role in STAFF))


def main(args: argparse.Namespace) -> int:
    """Add or change the colleague, then print the link; it works once, for half an hour."""
    from django.conf import settings

    from segue.engage.actions.sign_in import sign_in_link
    from segue.trust.actions.accounts import add_colleague

    by = Actor.machine(f"segue staff ({os.environ.get('USER') or 'console'})")
    name = args.name or args.email.partition("@")[0]
    account = add_colleague(args.email, name=name, role=args.role, by=by)
    print(f"{account.name} <{account.email}> is a {account.role.replace('_', ' ')}.")
    if args.password:
        return _set_password(account, by)
    print(sign_in_link(account, base_url=settings.BASE_URL, next_path="/desk/"))
    return 0


def _set_password(account: Account, by: Actor) -> int:
    from segue.kit.errors import SegueError
    from segue.trust.actions.sign_ins import set_password

    said = getpass.getpass("Password (14 letters or more): ") if sys.stdin.isatty() else sys.stdin.readline()
    try:
        set_password(account, secret_password=said.rstrip("\n"), by=by)
    except SegueError as refused:
        print(refused, file=sys.stderr)
        return 1
    print("The password is set. It opens /desk/sign-in/, and signs this account out elsewhere.")
    return 0
