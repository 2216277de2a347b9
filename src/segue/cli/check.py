"""`segue check`: what stands between this installation and a good night's sleep."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from segue.kit.errors import SegueError

OLDEST_POSTGRES = 16
EXTENSIONS = ("pg_trgm", "unaccent")
DISK_FREE_MB = 1_000
CLOCK_SKEW_S = 2.0
QUEUE_AGE_S = 600
LONG_QUEUE_AGE_S = 3 * 3600  # what takes minutes waits for its like
WITHOUT_ONNX = (
    "Where onnxruntime will not load: SEGUE_EMBEDDER=segue.ports.embedder.WordLlamaEmbedder "
    "(docs/operations.md, Embedders)."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table; `remedy` is empty where all is well."""

    name: str
    ok: bool
    says: str
    remedy: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print findings as JSON")


def main(args: argparse.Namespace) -> int:
    """Print every finding; return 1 if any of them needs a remedy."""
    found = list(findings())
    if args.json:
        print(json.dumps([asdict(finding) for finding in found], indent=1))
    else:
        print(table(found))
    return 0 if all(finding.ok for finding in found) else 1


def table(found: list[Finding]) -> str:
    """Lay findings out for a terminal, the remedy under the line that needs it."""
    width = max(len(finding.name) for finding in found)
    lines = []
    for finding in found:
        lines.append(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.name:<{width}}  {finding.says}")
        if finding.remedy:
            lines.append(f"{'':<{width + 8}}→ {finding.remedy}")
    return "\n".join(lines)


def findings() -> Iterator[Finding]:
    """Look at everything; a check that cannot be made is a finding, not a crash."""
    from segue.cli.database import data_dir, database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segue.settings")
    yield _made("data directory", lambda: data_directory(data_dir()))
    yield _made("disk", lambda: disk(data_dir()))
    try:
        with database():
            yield from (_made(name, check) for name, check in CHECKS.items())
    except SegueError as refused:
        yield Finding("database", False, refused.message, refused.remedy)


def _made(name: str, check: Callable[[], tuple[bool, str, str]]) -> Finding:
    try:
        ok, says, remedy = check()
    except Exception as error:
        words = f"{type(error).__name__}: {error}".splitlines()[0]
        is_schema = type(error).__name__ == "ProgrammingError"
        return Finding(
            name, False, words, "Run: segue migrate" if is_schema else "Mend what the message names."
        )
    return Finding(name, ok, says, "" if ok else remedy)


def data_directory(folder: Path) -> tuple[bool, str, str]:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    can_write = os.access(existing, os.W_OK | os.X_OK)
    remedy = "Make it writable for this user, or choose another with --data-dir or SEGUE_DATA_DIR."
    return can_write, str(folder) if can_write else f"{folder} cannot be written", remedy


def disk(folder: Path) -> tuple[bool, str, str]:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free_mb = shutil.disk_usage(existing).free // 2**20
    return free_mb >= DISK_FREE_MB, f"{free_mb:,} MB free", f"Make room: at least {DISK_FREE_MB:,} MB."


def configuration() -> tuple[bool, str, str]:
    from django.conf import settings

    wrong = list(_wrong_settings(settings))
    return (
        not wrong,
        "; ".join(wrong) or settings.BASE_URL,
        "Set the variables named; docs/operations.md lists all.",
    )


def _wrong_settings(settings: Any) -> Iterator[str]:
    host = urlparse(settings.BASE_URL).hostname or ""
    is_local = host in {"localhost", "127.0.0.1", "::1"}
    if not host:
        yield "SEGUE_BASE_URL is no address (https://jobs.example.com)"
    elif not {host, f"[{host}]", "*"} & set(settings.ALLOWED_HOSTS):
        yield f"SEGUE_ALLOWED_HOSTS does not hold {host}"
    if settings.DEBUG:
        yield "SEGUE_DEBUG is on: it shows secrets to visitors"
    if settings.DEMO and not is_local:
        yield "SEGUE_DEMO is on at a public address: it lets anybody sign in as anybody"
    if not is_local and not settings.HTTPS:
        yield "SEGUE_BASE_URL is public but not https"
    if "Smtp" in settings.MAIL_CHANNEL and not settings.SMTP_URL:
        yield "SEGUE_SMTP_URL is empty though mail goes by SMTP"


def secrets() -> tuple[bool, str, str]:
    from django.conf import settings

    folder = settings.DATA_DIR / "secrets"
    paths = [folder, *folder.iterdir()] if folder.is_dir() else []
    loose = [path.name for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]
    says = f"{', '.join(loose)}: others can read" if loose else f"{max(len(paths) - 1, 0)} kept, private"
    return not loose, says, f"chmod -R go= {folder}"


def database_version() -> tuple[bool, str, str]:
    major, text = _row(
        "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version')"
    )
    remedy = f"Move to PostgreSQL {OLDEST_POSTGRES} or newer (docs/operations.md tells how)."
    return major >= OLDEST_POSTGRES, f"PostgreSQL {text}", remedy


def extensions() -> tuple[bool, str, str]:
    (names,) = _row("SELECT array_agg(extname::text) FROM pg_extension")
    missing = [name for name in EXTENSIONS if name not in names]
    remedy = "; ".join(f"CREATE EXTENSION {name}" for name in missing) + " (as a superuser, in our database)."
    return not missing, f"missing: {', '.join(missing)}" if missing else ", ".join(EXTENSIONS), remedy


def migrations() -> tuple[bool, str, str]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return not pending, f"{pending} pending" if pending else "all applied", "Run: segue migrate"


def clock() -> tuple[bool, str, str]:
    before = time.time()
    (theirs,) = _row("SELECT clock_timestamp()")
    ours = datetime.fromtimestamp((before + time.time()) / 2, tz=UTC)
    skew_s = abs((theirs - ours).total_seconds())
    return (
        skew_s <= CLOCK_SKEW_S,
        f"{skew_s:.1f} s from the database's",
        "Let both machines keep time by NTP.",
    )


def embedder() -> tuple[bool, str, str]:
    from django.conf import settings

    from segue.learn.queries.lexicon import embedder as wired
    from segue.learn.queries.lexicon import scale_in_force
    from segue.ports.embedder import EmbedderUnavailable

    name = settings.EMBEDDER.rpartition(".")[2]
    try:
        made = wired()
        made.embed(["Is anybody there?"])
    except EmbedderUnavailable as refused:
        return False, f"{name}: {refused.message}", f"{refused.remedy} {WITHOUT_ONNX}"
    scale = scale_in_force()
    measured = f"near from {scale.near:.2f} on" if scale else "no lexicon fitted with it yet"
    return True, f"{name}, {made.dim} numbers a text, {made.model_hash}, {measured}", ""


def queue() -> tuple[bool, str, str]:
    from segue.kit.queue import figures

    found = figures()
    oldest_s = max(found.oldest_age_s, found.oldest_long_age_s)
    says = f"{found.waiting} waiting, oldest {oldest_s:.0f} s, {found.failed} gave up"
    if found.oldest_age_s > QUEUE_AGE_S or found.oldest_long_age_s > LONG_QUEUE_AGE_S:
        return False, says, "Nobody works it off, or not all lanes of it: start `segue worker`."
    return not found.failed, says, "Read their last_error, mend the cause, then: segue worker --retry-failed"


def stage_ledger() -> tuple[bool, str, str]:
    from segue.hire.queries.ledger import ledger_faults

    found = ledger_faults(limit=20)
    says = "; ".join(f"{one.application_id} {one.says}" for one in found[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    remedy = "Read the ledger of those applications (hire_stageentry), and write the entry that is missing."
    return not found, says + more if found else "every application is what its ledger says", remedy


def offers() -> tuple[bool, str, str]:
    from segue.hire.queries.offer_faults import offer_faults

    found = offer_faults()
    says = "; ".join(f"{one.offer_id} {one.says}" for one in found[:3])
    remedy = "Compare with a backup: neither a sent offer nor its ledger changes by anything Segue does."
    return not found, says or "every offer is what its sealed ledger says", remedy


def consumers() -> tuple[bool, str, str]:
    from segue.listen.queries.health import consumer_lag

    found = consumer_lag()
    still = [lag.name for lag in found if lag.stands_still]
    parked = sum(lag.parked for lag in found)
    says = (
        f"{len(found)}, at most {max((lag.age_s for lag in found if not lag.paused), default=0):.0f} s behind"
    )
    if still:
        return (
            False,
            f"{', '.join(still)} stand still",
            "Start `segue consume`; segue consumers list tells more.",
        )
    if parked:
        return (
            False,
            f"{says}, {parked} signals parked",
            "segue consumers parked; mend, then again with --retry.",
        )
    return True, says, ""


def _row(sql: str) -> tuple[Any, ...]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        found: tuple[Any, ...] = cursor.fetchone()
        return found


CHECKS: dict[str, Callable[[], tuple[bool, str, str]]] = {
    "configuration": configuration,
    "secrets": secrets,
    "database": database_version,
    "extensions": extensions,
    "migrations": migrations,
    "clock": clock,
    "embedder": embedder,
    "queue": queue,
    "consumers": consumers,
    "stage ledger": stage_ledger,
    "offers": offers,
}
