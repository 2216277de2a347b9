"""`segue staff`: a colleague's account, and a link to sign in with."""

from __future__ import annotations

import argparse
import os

from segue.kit.actor import STAFF, Actor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", help="the colleague's address; an existing colleague gets a new link")
    parser.add_argument("--name", default="", help="the name candidates and colleagues will see")
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
    print(sign_in_link(account, base_url=settings.BASE_URL, next_path="/desk/"))
    return 0
