"""Whom a rule must hold of, worked out the plain way, and the same rule as one would first do it in Django.

It shares no code with what is measured: rules are walked here again, with sets of people who are surely in
and surely out, over the catalog's and the ledger's own rows; what rules read in the product is not looked at.
"""

from __future__ import annotations

import math
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.bench.rig.plain_search import words

Node = dict[str, Any]
People = frozenset[uuid.UUID]
PLACES = {"Berlin": (52.52, 13.41), "London": (51.51, -0.13), "Leeds": (53.80, -1.55), "Paris": (48.86, 2.35)}
DEGREES = ("school", "vocational", "bachelor", "master", "doctorate")
NEEDS = {
    **dict.fromkeys(("place", "country", "title", "skills", "licences", "years", "education"), "profile"),
    **dict.fromkeys(("remote", "wish", "fresh", "language"), "profile"),
    **dict.fromkeys(("did", "seen"), "behaviour"),
}
ACTS = (
    *("card.clicked", "card.saved", "card.liked", "card.skipped", "card.less", "card.hidden", "job.dwelled"),
    *("story.opened", "story.read", "video.finished"),
)


@dataclass(slots=True)
class Plain:
    """One person's rows."""

    row: Any
    granted: set[str] = field(default_factory=set)
    titles: list[tuple[str, ...]] = field(default_factory=list)
    jobs: list[tuple[date, date | None]] = field(default_factory=list)
    degrees: list[str] = field(default_factory=list)
    wishes: dict[str, float] = field(default_factory=dict)
    deeds: Counter[tuple[str, date]] = field(default_factory=Counter)


def everybody() -> dict[uuid.UUID, Plain]:
    """Read all people who are there."""
    from segue.catalog.models import Fact, Person
    from segue.learn.models import Taste
    from segue.listen.models import Signal
    from segue.trust.models import Consent

    found = {row.pk: Plain(row) for row in Person.objects.filter(erased_at=None, merged_into=None).iterator()}
    said: dict[tuple[uuid.UUID, str], bool] = {}
    for pk, purpose, yes in Consent.objects.order_by("at", "id").values_list(
        "person_id", "purpose", "granted"
    ):
        said[pk, purpose] = yes
    for (pk, purpose), yes in said.items():
        if yes and pk in found:
            found[pk].granted.add(purpose)
    facts = Fact.objects.filter(kind__in=["position", "education"], superseded_at=None)
    for pk, kind, value in facts.values_list("person_id", "kind", "value").iterator():
        if pk in found:
            _note(found[pk], kind, value)
    for one in found.values():
        one.titles.append(words(one.row.headline))
    for pk, wishes in Taste.objects.values_list("person_id", "wishes"):
        if pk in found:
            found[pk].wishes = wishes
    undone = set(Signal.objects.filter(undoes__isnull=False).values_list("undoes_id", flat=True))
    heard = Signal.objects.filter(person__isnull=False, tier__in="AB").exclude(kind="card.shown")
    for key, pk, kind, at in heard.values_list("pk", "person_id", "kind", "at").iterator(50_000):
        if key not in undone and pk in found:
            found[pk].deeds[kind, at.astimezone(UTC).date()] += 1
    return found


def _note(one: Plain, kind: str, value: dict[str, str]) -> None:
    if kind == "education":
        one.degrees.append(str(value.get("degree") or "").lower())
        return
    one.titles.append(words(str(value.get("title") or "")))
    if begin := value.get("start"):
        end = value.get("end")
        one.jobs.append((date.fromisoformat(begin), date.fromisoformat(end) if end else None))


def answer(node: Node, people: dict[uuid.UUID, Plain], today: date) -> set[uuid.UUID]:
    """Everybody of whom a rule surely holds."""
    return set(_sure(node, people, today)[0])


def _sure(node: Node, people: dict[uuid.UUID, Plain], today: date) -> tuple[People, People]:
    """Those in and those out; who did not allow what a condition reads is in neither."""
    if "not" in node:
        inside, outside = _sure(node["not"], people, today)
        return outside, inside
    if "kind" in node:
        needs = NEEDS.get(node["kind"])
        asked = [pk for pk, one in people.items() if needs is None or needs in one.granted]
        inside = frozenset(pk for pk in asked if _TESTS[node["kind"]](node, people[pk], today))
        return inside, frozenset(asked) - inside
    parts = [_sure(part, people, today) for part in node.get("all", node.get("any", []))]
    ins, outs = [part[0] for part in parts], [part[1] for part in parts]
    if "any" in node:
        return frozenset().union(*ins), frozenset.intersection(*outs)
    return frozenset.intersection(*ins), frozenset().union(*outs)


def _km(a: tuple[float, float], b: tuple[float, float]) -> float:
    p, q = math.radians(a[0]), math.radians(b[0])
    half = math.sin((q - p) / 2) ** 2
    half += math.cos(p) * math.cos(q) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(min(1.0, half)))


def _place(node: Node, one: Plain, _today: date) -> bool:
    row = one.row
    return row.lat is not None and _km(PLACES[node["near"]], (row.lat, row.lon)) <= node["km"]


def _title(node: Node, one: Plain, _today: date) -> bool:
    return any(_side_by_side(words(title), there) for title in node["titles"] for there in one.titles)


def _side_by_side(wanted: tuple[str, ...], there: tuple[str, ...]) -> bool:
    return any(there[at : at + len(wanted)] == wanted for at in range(len(there) - len(wanted) + 1))


def _skills(node: Node, one: Plain, _today: date) -> bool:
    has = [skill in one.row.skills for skill in node["skills"]]
    return {"all": all(has), "any": any(has), "none": not any(has)}[node["which"]]


def _years(node: Node, one: Plain, today: date) -> bool:
    if not one.jobs:
        return False
    days = {
        day for begin, end in one.jobs for day in range(begin.toordinal(), (end or today).toordinal())
    }  # every day somebody worked, once
    years = len(days) / 365.25
    return node.get("at_least", 0) <= years <= node.get("at_most", 999)


def _education(node: Node, one: Plain, _today: date) -> bool:
    signs = {"school certificate": 0, "vocational": 1, "apprentice": 1, "bootcamp": 1, "bsc": 2, "ba ": 2,
             "beng": 2, "bed ": 2, "msc": 3, "ma ": 3, "meng": 3}  # fmt: skip
    levels = [level for text in one.degrees for sign, level in signs.items() if text.startswith(sign)]
    levels += [0 for text in one.degrees if "secondary school" in text]
    levels += [1 for text in one.degrees if "bootcamp" in text]
    return max(levels, default=-1) >= DEGREES.index(node["level"])


def _often(node: Node, one: Plain, today: date) -> bool:
    kind = node.get("signal", "application.submitted")
    since = today - timedelta(days=node["days"] - 1) if "days" in node else date.min
    times = sum(
        n for (what, day), n in one.deeds.items() if what == kind and since <= day <= _upto(node, today)
    )
    return node.get("at_least", 0) <= times <= node.get("at_most", 10**9)


def _upto(node: Node, today: date) -> date:
    return today if "days" in node else date.max


def _seen(node: Node, one: Plain, today: date) -> bool:
    since = today - timedelta(days=node["days"] - 1)
    return any(what in ACTS and since <= day <= today for what, day in one.deeds)


def _since(moment: datetime, days: int, today: date) -> bool:
    return moment.astimezone(UTC).date() >= today - timedelta(days=days - 1)


_TESTS: dict[str, Callable[[Node, Plain, date], bool]] = {
    "place": _place,
    "title": _title,
    "skills": _skills,
    "years": _years,
    "education": _education,
    "did": _often,
    "applied": _often,
    "seen": _seen,
    "country": lambda n, p, t: p.row.country in n["countries"],
    "language": lambda n, p, t: p.row.locale[:2] in n["languages"],
    "licences": lambda n, p, t: set(n["licences"]) <= set(p.row.licences),
    "remote": lambda n, p, t: p.row.remote == n["mode"],
    "source": lambda n, p, t: p.row.source in n["sources"],
    "consent": lambda n, p, t: n["purpose"] in p.granted,
    "known": lambda n, p, t: _since(p.row.created_at, n["days"], t),
    "fresh": lambda n, p, t: _since(p.row.updated_at, n["days"], t),
    "wish": lambda n, p, t: p.wishes.get(n["what"], 0.0) * (1 if n["stance"] == "for" else -1) > 0,
}
IN_DJANGO = frozenset({"place", "title", "skills", "did", "applied", "seen", "country", "licences", "remote",
                       "source", "consent", "known", "fresh"})  # fmt: skip


def kinds_in(node: Node) -> Iterable[str]:
    """The kinds of conditions of a rule."""
    if "kind" in node:
        return [node["kind"]]
    parts = [node["not"]] if "not" in node else node.get("all", node.get("any", []))
    return [kind for part in parts for kind in kinds_in(part)]


def in_django(node: Node, today: date) -> Any:
    """The rule as a Q over people, each condition an EXISTS or a count: how one would first do it."""
    from django.db.models import Q

    def of(part: Node, *, said: bool) -> Any:
        if "not" in part:
            return of(part["not"], said=not said)
        if "kind" in part:
            found = _LEAVES[part["kind"]](part, today)
            held = found if said else ~found
            needs = NEEDS.get(part["kind"])
            return Q(_granted(needs)) & held if needs else held
        parts = [of(one, said=said) for one in part.get("all", part.get("any", []))]
        joined = parts[0]
        for one in parts[1:]:
            joined = joined & one if ("all" in part) is said else joined | one
        return joined

    return of(node, said=True)


def _granted(purpose: str) -> Any:
    from django.db.models import OuterRef, Subquery
    from django.db.models.lookups import Exact

    from segue.trust.models import Consent

    latest = Consent.objects.filter(person=OuterRef("pk"), purpose=purpose).order_by("-at", "-id")
    return Exact(Subquery(latest.values("granted")[:1]), True)


def _signals(node: Node, today: date, kinds: Iterable[str]) -> Any:
    from django.db.models import Exists, OuterRef

    from segue.listen.models import Signal

    rows = Signal.objects.filter(person=OuterRef("pk"), kind__in=list(kinds), tier__in=["A", "B"])
    rows = rows.filter(~Exists(Signal.objects.filter(undoes=OuterRef("pk"))))
    if "days" in node:
        begin = datetime.combine(today - timedelta(days=node["days"] - 1), datetime.min.time(), tzinfo=UTC)
        rows = rows.filter(at__gte=begin)
    return rows


def _counted(node: Node, today: date) -> Any:
    from django.db.models import Count, IntegerField, Q, Subquery, Value
    from django.db.models.functions import Coalesce
    from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

    rows = _signals(node, today, [node.get("signal", "application.submitted")])
    times = rows.order_by().values("person").annotate(n=Count("pk")).values("n")
    number = Coalesce(Subquery(times, output_field=IntegerField()), Value(0))
    held = Q()
    if "at_least" in node:
        held &= Q(GreaterThanOrEqual(number, node["at_least"]))
    if "at_most" in node:
        held &= Q(LessThanOrEqual(number, node["at_most"]))
    return held


def _near(node: Node, _today: date) -> Any:
    from django.db.models import F, Q, Value
    from django.db.models.functions import ASin, Cos, Power, Radians, Sin, Sqrt
    from django.db.models.lookups import LessThanOrEqual

    lat, lon = PLACES[node["near"]]
    half = Power(Sin((Radians(F("lat")) - math.radians(lat)) / 2), 2) + Value(
        math.cos(math.radians(lat))
    ) * Cos(Radians(F("lat"))) * Power(Sin((Radians(F("lon")) - math.radians(lon)) / 2), 2)
    return Q(lat__isnull=False) & Q(LessThanOrEqual(ASin(Sqrt(half)) * 2 * 6371.0088, node["km"]))


def _worked_as(node: Node, _today: date) -> Any:
    from django.db.models import Exists, OuterRef, Q

    from segue.catalog.models import Fact

    held = Q()
    for title in node["titles"]:
        mark = rf"\y{title}\y"
        facts = Fact.objects.filter(person=OuterRef("pk"), kind="position", superseded_at=None)
        held |= Q(headline__iregex=mark) | Q(Exists(facts.filter(value__title__iregex=mark)))
    return held


def _q(**said: Any) -> Any:
    from django.db.models import Q

    return Q(**said)


def _held_skills(node: Node, _today: date) -> Any:
    if node["which"] == "none":
        return ~_q(skills__overlap=node["skills"])
    return _q(**{"skills__contains" if node["which"] == "all" else "skills__overlap": node["skills"]})


def _exists(rows: Any) -> Any:
    from django.db.models import Exists, Q

    return Q(Exists(rows))


def _begin(node: Node, today: date) -> datetime:
    return datetime.combine(today - timedelta(days=node["days"] - 1), datetime.min.time(), tzinfo=UTC)


_LEAVES: dict[str, Callable[[Node, date], Any]] = {
    "place": _near,
    "title": _worked_as,
    "skills": _held_skills,
    "did": _counted,
    "applied": _counted,
    "seen": lambda n, t: _exists(_signals(n, t, ACTS)),
    "country": lambda n, t: _q(country__in=n["countries"]),
    "licences": lambda n, t: _q(licences__contains=n["licences"]),
    "remote": lambda n, t: _q(remote=n["mode"]),
    "source": lambda n, t: _q(source__in=n["sources"]),
    "consent": lambda n, t: _exists_granted(n["purpose"]),
    "known": lambda n, t: _q(created_at__gte=_begin(n, t)),
    "fresh": lambda n, t: _q(updated_at__gte=_begin(n, t)),
}


def _exists_granted(purpose: str) -> Any:
    from django.db.models import Q

    return Q(_granted(purpose))
