"""segue import: bring in jobs or people from files."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from segue.kit.errors import Invalid

if TYPE_CHECKING:
    from segue.catalog.actions.importing.report import Report
    from segue.catalog.actions.imports import Surveyed, Wish
    from segue.kit.actor import Actor

_PATHS = (
    "CSV, Excel (.xlsx), Indeed XML, JSON, JSON Resume, JobPosting, HTML; "
    "people also as PDF, Word, text, folder or zip"
)
_SYSTEMS = ("greenhouse", "lever", "ashby", "workable")
_EXAMPLE = """
examples:
  segue import jobs postings.csv --preview
  segue import jobs postings.csv --currency EUR --period year --country DE --save-map our-ats
  segue import people resume.json more-resumes.csv --source our-ats
  segue import people resumes/ more.zip ada.pdf
  segue import greenhouse export.zip --dry-run
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLE
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("kind", choices=["jobs", "people", *_SYSTEMS], help="what is in it, or whose export")
    parser.add_argument("files", nargs="+", type=Path, metavar="PATH", help=_PATHS)
    parser.add_argument(
        "--map", default="auto", metavar="auto|NAME|FILE.json", help="which columns fill which field"
    )
    parser.add_argument(
        "--save-map", default="", metavar="NAME", help="remember the mapping for these headers"
    )
    parser.add_argument(
        "--preview", action="store_true", help="show the mapping and the first rows; write nothing"
    )
    parser.add_argument("--dry-run", action="store_true", help="do everything, then take it back")
    parser.add_argument("--strict", action="store_true", help="refuse the whole file if any row is rejected")
    parser.add_argument(
        "--rejects", type=Path, metavar="FILE", help="where rows not accepted go, with the reason"
    )
    parser.add_argument("--source", default="", metavar="NAME", help="whose ids these are (default: import)")
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    parser.add_argument(
        "--basis",
        choices=["sent-in", "none"],
        default="sent-in",
        help="people only: sent-in = they sent their profile to be considered, so jobs may be chosen by it "
        "(each can switch that off); none = nothing may be read until they say so",
    )
    for name, text in (
        ("currency", "of all pay"),
        ("period", "of all pay"),
        ("country", "of all rows"),
        ("city", "of all rows"),
    ):
        parser.add_argument(f"--{name}", default="", help=f"{text}, where a row does not say it")


def main(args: argparse.Namespace) -> int:
    """Import; return 0, or 1 where not a single row was accepted. A refused file is the caller's 2."""
    from segue.catalog.actions.importing.resume_folder import is_resume_source
    from segue.catalog.actions.imports import preview_file, remember_mapping
    from segue.kit.actor import Actor

    if args.kind in _SYSTEMS:
        return _bring_in_exports(args)
    wish = _wish(args)
    if args.rejects and len(args.files) > 1:
        raise Invalid(
            "One file of rejects for several imports.", field="--rejects", remedy="Import one at a time."
        )
    if args.preview:
        for path in args.files:
            if args.kind == "people" and is_resume_source(path):
                _show_folder(path)
            else:
                _show_preview(args.kind, preview_file(args.kind, path, wish), as_json=args.json)
        return 0
    reports = _bring_in(args, wish, Actor.machine("segue import"))
    if args.save_map and not args.dry_run and not is_resume_source(args.files[0]):
        remember_mapping(args.kind, preview_file(args.kind, args.files[0], wish), args.save_map)
    if args.kind == "people" and args.basis == "sent-in" and not args.dry_run:
        from segue.trust.actions.consent import take_imported_as_sent_in

        for source in {report.source for report in reports}:
            take_imported_as_sent_in(source, by=Actor.machine("segue import"))
    _show(reports, as_json=args.json)
    return 1 if any(report.read and not report.accepted for report in reports) else 0


def _bring_in_exports(args: argparse.Namespace) -> int:
    """Bring in exports whose columns are known; what is held waits on the desk, at /desk/imports/."""
    from segue.catalog.actions.staging.whole import import_export
    from segue.kit.actor import Actor

    given = [name for name in ("preview", "strict", "rejects", "save_map", "source") if getattr(args, name)]
    if given or args.map != "auto":
        raise Invalid(
            "An export of another system has columns and ids of its own.",
            field=f"--{(given or ['map'])[0].replace('_', '-')}",
            remedy="Leave this out; try it with --dry-run first.",
        )
    by = Actor.machine("segue import")
    progress = _progress if sys.stderr.isatty() and not args.json else None
    reports = [
        import_export(path, system=args.kind, by=by, dry_run=args.dry_run, progress=progress)
        for path in args.files
    ]
    _show(reports, as_json=args.json)
    return 1 if any(report.read and not report.accepted for report in reports) else 0


def _bring_in(args: argparse.Namespace, wish: Wish, by: Actor) -> list[Report]:
    """Tables in one transaction: all of them come in or none; folders of résumés handful by handful."""
    from segue.catalog.actions.importing.resume_folder import is_resume_source
    from segue.catalog.actions.imports import import_jobs, import_people
    from segue.catalog.actions.resume_imports import import_resumes

    if args.kind == "jobs":
        return import_jobs(args.files, wish=wish, by=by)
    tables = [path for path in args.files if not is_resume_source(path)]
    reports = import_people(tables, wish=wish, by=by) if tables else []
    for path in args.files:
        if is_resume_source(path):
            reports += import_resumes(path, wish=wish, by=by)
    return reports


def _wish(args: argparse.Namespace) -> Wish:
    from django.conf import settings

    from segue.catalog.actions.importing.values import read_choice
    from segue.catalog.actions.imports import Wish

    period = read_choice("pay_period", args.period) if args.period else ""
    given = {
        "pay_currency": args.currency.upper(),
        "pay_period": period,
        "country": args.country,
        "city": args.city,
    }
    return Wish(
        rejects_folder=settings.DATA_DIR / "imports",
        mapping=args.map,
        source=args.source,
        constants=given,
        rejects=args.rejects,
        dry_run=args.dry_run,
        strict=args.strict,
        progress=_progress if sys.stderr.isatty() and not args.json else None,
    )


def _progress(done: int, total: int) -> None:
    end = "\n" if done >= total else ""
    print(f"\r{done:,} of {total:,} rows", end=end, file=sys.stderr, flush=True)


def _show(reports: list[Report], *, as_json: bool) -> None:
    if as_json:
        found = [report.as_dict() for report in reports]
        print(json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False, indent=2))
        return
    for report in reports:
        _show_table(report)


def _show_table(report: Report) -> None:
    told = report.as_dict()
    encoding = f" ({report.encoding})" if report.encoding else ""
    print(
        f"{report.file}: {report.form}{encoding}, mapping {report.mapping or 'none'}, source {report.source}"
    )
    merged = f"  ({report.merged} of them repeat a row of this file)" if report.merged else ""
    for name in ("read", "created", "updated", "unchanged", "held", "rejected"):
        print(f"  {name:<10}{told[name]:>9,}{merged if name == 'unchanged' else ''}")
    print("  " + "read = created + updated + unchanged + held + rejected")
    for error, count in report.errors.most_common():
        print(f"  {count:>9,} × {error}")
    for name, count in report.ignored.items():
        print(f"  {count:>9,} × {name} (no place for it: left out)")
    if report.rejects_file:
        print(f"  Rows not accepted, each with the reason: {report.rejects_file}")
    if report.dry_run:
        print("  Dry run: nothing was kept.")


def _show_folder(path: Path) -> None:
    """Say what lies there, by kind; reading it is what the import does."""
    from segue.catalog.actions.importing.resume_folder import TABLES, files_in
    from segue.catalog.resume_files import ENDINGS

    files = files_in(path)
    print(f"{path.name}: {len(files):,} files")
    for ending, count in Counter(file.ending for file in files).most_common():
        how = "a table" if ending in TABLES else "a résumé" if ending in ENDINGS else "not read: wrong_type"
        print(f"  {ending or '(no ending)':<10}{count:>9,}  {how}")


def _show_preview(kind: str, file: Surveyed, *, as_json: bool) -> None:
    from segue.catalog.actions.imports import rows_of

    used = {header for headers in file.mapping.fields.values() for header in headers}
    unused = [
        column for column in file.source.columns if column not in used and column not in file.mapping.prefer
    ]
    told = {
        "file": file.path.name,
        "format": file.source.form,
        "encoding": file.source.text.encoding,
        "rows": file.found.rows,
        "rejected": file.found.rejected,
        "distinct": len(file.found.winners),
        "mapping": {"name": file.mapping.name, "origin": file.mapping.origin, **file.mapping.as_json()},
        "unused_columns": unused,
        "problems": [{"line": line, "error": p.error, "field": p.field, "remedy": p.remedy}
                     for line, p in file.found.problems],
    }  # fmt: skip
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    print(f"{file.path.name}: {file.source.form} ({file.source.text.encoding}), {file.found.rows:,} rows")
    print(f"mapping: {file.mapping.name or 'by the names of the columns'} ({file.mapping.origin})")
    first = next(rows_of(file, 1), None)
    for name, headers in file.mapping.fields.items():
        sample = " ".join(str(first.data.get(headers[0], "")).split())[:50] if first else ""
        print(f"  {name:<16} ← {' + '.join(headers):<40} {sample}")
    for name, value in file.mapping.constants.items():
        print(f"  {name:<16} = {value}")
    if unused:
        print(f"  not used: {', '.join(unused)}")
    if kind == "jobs" and file.source.form != "page" and "external_id" not in file.mapping.fields:
        print("  No column holds an id: a row is known by its content, so an edited row becomes a new job.")
    for line, problem in file.found.problems:
        print(f"  line {line}: {problem.error} in {problem.field}: {problem.message} {problem.remedy}")
    print(f"  {file.found.rejected:,} of {file.found.rows:,} rows would be rejected.")
