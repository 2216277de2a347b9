"""`segue demo`: a whole company to look at, made on first start and kept."""

from __future__ import annotations

import argparse
import time

from segue.cli import serve
from segue.cli.database import data_dir


def add_arguments(parser: argparse.ArgumentParser) -> None:
    serve.add_arguments(parser)
    parser.add_argument("--people", type=int, default=5000, help="candidates to invent on first start (5000)")
    parser.add_argument("--jobs", type=int, default=200, help="open jobs to invent on first start (200)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same company (1)")


def main(args: argparse.Namespace) -> int:
    return serve.run(
        args,
        environment={"SEGUE_DEMO": "1"},
        prepare=lambda: found_when_empty(args),
        announce=lambda: welcome(args),
        logs=data_dir() / "logs",
    )


def found_when_empty(args: argparse.Namespace) -> None:
    """Invent the company once; a later start finds it as it was left."""
    from segue.kit.actor import Actor
    from segue.measure.actions.world import found_company
    from segue.measure.queries.world import company_exists

    if company_exists():
        return
    print(f"Inventing a company of {args.people:,} people and {args.jobs:,} jobs (only once) …", flush=True)
    began_s = time.monotonic()
    found_company(people=args.people, jobs=args.jobs, seed=args.seed, by=Actor.machine("demo"))
    print(f"Done in {time.monotonic() - began_s:.0f} s.", flush=True)


def welcome(args: argparse.Namespace) -> None:
    """Say where it is, whom to be, and how to end it."""
    home = serve.address(args)
    lines = ["", f"  Segue is ready: {home}", ""]
    for role, email in _faces():
        lines.append(f"  {role:<16} {email}")
    lines += [
        "",
        f"  Sign in at {home}sign-in/ as any of them; the mail with the link lies in {home}outbox/",
        f"  The talent team's desk: {home}desk/",
        f"  Data and logs: {data_dir()}",
        "  Ctrl-C stops everything.",
        "",
    ]
    if args.host in serve.EVERYWHERE:
        lines.insert(1, "  Careful: whoever reaches this machine can read the outbox and sign in as anybody.")
    print("\n".join(lines), flush=True)


def _faces() -> list[tuple[str, str]]:
    """Somebody of each kind to sign in as; a candidate gets an account by doing so."""
    from django.db.models.functions import Length

    from segue.catalog.models import Person
    from segue.engine.world.cast import ADA_EMAIL
    from segue.kit.actor import Role
    from segue.trust.models import Account

    faces = []
    people = Person.objects.exclude(email=None)
    if candidate := people.filter(email=ADA_EMAIL).first() or people.order_by("id").first():
        faces.append(("candidate", str(candidate.email)))
    shortest = Length("email")  # the standing cast has the plainest addresses
    for role in (Role.RECRUITER, Role.HIRING_MANAGER, Role.ADMINISTRATOR):
        if colleague := Account.objects.filter(role=role, is_active=True).order_by(shortest, "id").first():
            faces.append((role.replace("_", " "), colleague.email))
    return faces
