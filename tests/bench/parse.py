"""How well résumés are read, on files made with their truth, beside pdfminer.six and pypdf (and python-docx).

    ./run bench parse [--seeds 201-204] [--markdown] [--worst 10]
    ./run bench parse --fit --seeds 1-8          # prints the numbers for engine/resume/confidence.py

Each seed gives six languages × five layouts as PDF and as Word, with fonts, sizes, orders, date forms,
bullets, heads, furniture and accents drawn anew; one in twenty has an Arabic name. "Order" is the share
of neighbouring lines (within a column, cell or page) that are neighbours in what was read, white space
and bullets aside. A position is right if title, employer and both dates are. "Sure" are fields that state
a confidence of .9 or more. CPU is that of one file: for us the whole child process, its start included,
and the reading of its answer; for the peers, which run unguarded in this process, the extraction alone.
"""

from __future__ import annotations

import argparse
import io
import logging
import os
import resource
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import django
import docx
import pypdf
from pdfminer.high_level import extract_text

from segue.catalog.places import Gazetteer
from segue.engine.resume.reading import read_document
from tests.bench.rig.resumes.corpus import Case, cases
from tests.bench.rig.resumes.fitting import fitted
from tests.bench.rig.resumes.flow import LAYOUTS
from tests.bench.rig.resumes.marking import Mark, marks, order_kept

Peer = Callable[[bytes], str]
GOALS = {"name": 0.98, "email": 0.98, "phone": 0.98, "city": 0.98, "position": 0.90}
SURE = 0.9


@dataclass
class Order:
    """Neighbours kept, by layout, and the processor time it took."""

    kept: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    pairs: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    cpu_s: float = 0.0
    files: int = 0

    def add(self, case: Case, text: str, cpu_s: float) -> None:
        kept, pairs = order_kept(case.flows, text)
        self.kept[case.layout] += kept
        self.pairs[case.layout] += pairs
        self.cpu_s += cpu_s
        self.files += 1

    def share(self, layout: str = "") -> float:
        chosen = [layout] if layout else list(self.pairs)
        return sum(self.kept[name] for name in chosen) / max(sum(self.pairs[name] for name in chosen), 1)


def main() -> None:
    args = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segue.settings")
    django.setup()  # for the words of refusals; no database is asked
    logging.disable(logging.ERROR)
    warnings.simplefilter("ignore")
    orders: dict[tuple[str, str], Order] = defaultdict(Order)
    found: list[tuple[Case, Mark]] = []
    for case in cases(args.seeds):
        found += [(case, mark) for mark in _ours(case, orders["segue", case.form])]
        for name, peer in PEERS[case.form].items():
            if not args.fit:
                _theirs(case, peer, orders[name, case.form])
    if args.fit:
        print(fitted([mark for _case, mark in found]))
        return
    _show_order(orders)
    _show_fields([mark for _case, mark in found])
    _show_worst(found, args.worst)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench parse", description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=_seeds, default=range(201, 205), help="201-204")
    parser.add_argument("--fit", action="store_true", help="fit the confidences on these seeds instead")
    parser.add_argument("--worst", type=int, default=0, help="show so many misreadings")
    return parser.parse_args()


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _cpu_s() -> float:
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime


def _ours(case: Case, order: Order) -> list[Mark]:
    from segue.ports.resumes.jail import JailedReader

    start = _cpu_s()
    document = JailedReader().read(case.content, case.name).document
    reading = read_document(document, Gazetteer())
    order.add(case, document.text, _cpu_s() - start)
    return list(marks(case.truth, reading))


def _theirs(case: Case, peer: Peer, order: Order) -> None:
    start = _cpu_s()
    text = peer(case.content)
    order.add(case, text, _cpu_s() - start)


def _pypdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def _paragraphs(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


PEERS: dict[str, dict[str, Peer]] = {
    "pdf": {"pdfminer.six": lambda content: extract_text(io.BytesIO(content)), "pypdf": _pypdf},
    "docx": {"python-docx paragraphs": _paragraphs},
}


def _show_order(orders: dict[tuple[str, str], Order]) -> None:
    print(f"| reading order kept | files | all | {' | '.join(LAYOUTS)} | CPU-ms a file |")
    print("|---|---:|---:|" + "---:|" * len(LAYOUTS) + "---:|")
    for (name, form), order in sorted(orders.items(), key=lambda item: item[0][1], reverse=True):
        shares = " | ".join(f"{order.share(layout):.3f}" for layout in LAYOUTS)
        each = 1000 * order.cpu_s / order.files
        print(f"| {name}, {form} | {order.files} | {order.share():.3f} | {shares} | {each:.0f} |")
    ours = [order for (name, _), order in orders.items() if name == "segue"]
    kept, pairs = (sum(sum(getattr(o, part).values()) for o in ours) for part in ("kept", "pairs"))
    print(f"\nReading order over both kinds of file: {kept / pairs:.3f} (goal .95)\n")


def _show_fields(found: Sequence[Mark]) -> None:
    print("| field | there | right of these | right of those read | sure (≥ .9) | right of the sure | goal |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for kind in dict.fromkeys(mark.kind for mark in found):
        _show_kind(kind, [mark for mark in found if mark.kind == kind])
    _show_kind("all", list(found))


def _show_kind(kind: str, found: Sequence[Mark]) -> None:
    there = [mark for mark in found if mark.was_there]
    read = [mark for mark in found if mark.was_read]
    sure = [mark for mark in read if mark.confidence >= SURE]
    goal = f"{GOALS[kind]:.2f}" if kind in GOALS else "sure: .95" if kind == "all" else ""
    print(
        f"| {kind} | {len(there)} | {_share(there)} | {_share(read)} "
        f"| {len(sure)} | {_share(sure)} | {goal} |"
    )


def _share(found: Sequence[Mark]) -> str:
    return f"{sum(mark.is_right for mark in found) / len(found):.3f}" if found else "–"


def _show_worst(found: Sequence[tuple[Case, Mark]], count: int) -> None:
    wrong = [(case, mark) for case, mark in found if not mark.is_right]
    for case, mark in sorted(wrong, key=lambda pair: -pair[1].confidence)[:count]:
        print(f"{case.name:26} {mark.kind:9} {mark.confidence:.2f} {mark.told}")


if __name__ == "__main__":
    main()
