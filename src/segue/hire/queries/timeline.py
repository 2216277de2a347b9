"""One person's story in order of time, each line with who and from where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.models import Fact, FactSource, Person, Resume
from segue.engage.models import Message
from segue.hire.models import Application, Claim, Outcome, Stage, StageEntry
from segue.hire.queries.access import applications_visible_to, of_person
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotFound
from segue.listen.models import Signal, Tier
from segue.trust.models import Consent, Purpose

LIMIT = 200
# What somebody meant to do. How they read and browse is nobody's story, and a kind that is new stays untold
# until it is named here; applications are told from their own rows.
TOLD = {
    "card.clicked": gettext_lazy("Opened a job"),
    "card.dismissed": gettext_lazy("Put a card away"),
    "card.hidden": gettext_lazy("Hid a job"),
    "card.less": gettext_lazy("Asked for less like a job"),
    "card.liked": gettext_lazy("Liked a job"),
    "card.not_now": gettext_lazy("Said not now to a job"),
    "card.saved": gettext_lazy("Saved a job"),
    "card.skipped": gettext_lazy("Skipped a job"),
    "person.signed_in": gettext_lazy("Signed in"),
    "stance.undone": gettext_lazy("Took an answer to a card back"),
    "taste.edited": gettext_lazy("Changed their wishes"),
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened: `kind` is its family, `source` where we know it from."""

    at: datetime
    kind: str  # "application" | "stage" | "resume" | "facts" | "consent" | "message" | "signal" | "claim"
    title: str
    detail: str = ""
    actor_name: str = ""
    source: str = ""


def timeline_of(person: Person, by: Actor) -> list[TimelineEntry]:
    """Return the person's story, newest first, as far as this actor may know it.

    Who looks for people and the person see all; a hiring manager or interviewer only what concerns
    their jobs. Internal reasons of decisions stay with colleagues. Raises NotFound for others.
    """
    seen = applications_visible_to(by).filter(of_person(person.pk))
    own = by.person_id is not None and by.person_id == person.pk
    whole = by.finds_people or by.is_machine or own
    if not whole and not seen.exists():
        raise NotFound(_("There is no such person."), field="person")
    entries = [*_of_applications(list(seen), by)]
    if whole:
        entries += [*_of_resumes(person), *_of_facts(person), *_of_consents(person)]
        entries += [*_of_messages(person), *_of_signals(person)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:LIMIT]


def _of_applications(rows: list[Application], by: Actor) -> Iterator[TimelineEntry]:
    titles = {row.pk: row.job.title for row in rows}
    for row in rows:
        yield TimelineEntry(
            row.applied_at, "application", _("Applied for %s") % row.job.title, row.note, source=row.source
        )
    entries = StageEntry.objects.filter(application_id__in=titles).order_by("-pk")
    for entry in entries[:LIMIT]:
        if entry.stage != Stage.APPLIED or entry.outcome != Outcome.OPEN:
            yield _of_entry(entry, titles[entry.application_id], by)
    for claim in Claim.objects.filter(application_id__in=titles, settled_at=None)[:LIMIT]:
        yield TimelineEntry(
            claim.made_at,
            "claim",
            _("Not confirmed: an application for %s sent without signing in") % titles[claim.application_id],
            ", ".join(str(claim.said[key]) for key in ("name", "phone", "city") if claim.said.get(key)),
            actor_name=_("Somebody who knows the address"),
            source=_("Apply form"),
        )


def _of_entry(entry: StageEntry, job_title: str, by: Actor) -> TimelineEntry:
    internal = by.is_staff or by.is_machine or entry.by_role == Role.CANDIDATE
    return TimelineEntry(
        entry.at,
        "stage",
        f"{job_title}: {entry.label}",
        entry.reason if internal else "",
        actor_name=entry.by_name if internal else "",
        source=_("Stage ledger"),
    )


def _of_resumes(person: Person) -> Iterator[TimelineEntry]:
    for row in Resume.objects.filter(person=person).defer("text"):
        source = FactSource(row.source).label
        title = _("Résumé, version %d") % row.version
        yield TimelineEntry(row.received_at, "resume", title, row.file_name, source=str(source))


def _of_facts(person: Person) -> Iterator[TimelineEntry]:
    """Group facts said in one breath: by minute, source and speaker."""
    groups: dict[tuple[Any, ...], list[Fact]] = {}
    for fact in Fact.objects.filter(person=person).order_by("-stated_at")[:LIMIT]:
        breath = (fact.stated_at.replace(second=0, microsecond=0), fact.source, fact.stated_by)
        groups.setdefault(breath, []).append(fact)
    for (at, source, speaker), facts in groups.items():
        kinds = sorted({str(fact.get_kind_display()) for fact in facts})
        title = _("%d facts noted") % len(facts) if len(facts) > 1 else _("One fact noted")
        yield TimelineEntry(at, "facts", title, ", ".join(kinds), speaker, str(FactSource(source).label))


def _of_consents(person: Person) -> Iterator[TimelineEntry]:
    for row in Consent.objects.filter(person=person).order_by("-pk")[:LIMIT]:
        title = _("Said yes") if row.granted else _("Said no")
        detail = str(Purpose(row.purpose).label)
        yield TimelineEntry(row.at, "consent", title, detail, row.by, _("Consent page"))


def _of_messages(person: Person) -> Iterator[TimelineEntry]:
    rows = Message.objects.filter(person=person).exclude(kind="sign_in").defer("text")
    for row in rows.order_by("-pk")[:LIMIT]:
        yield TimelineEntry(
            row.created_at, "message", row.subject, str(row.get_state_display()), source=_("Mail")
        )


def _of_signals(person: Person) -> Iterator[TimelineEntry]:
    """Tell what the person did on the site; without consent those signals are nobody's, and absent.

    So are those that may be somebody else's, or a robot's.
    """
    rows = Signal.objects.filter(person=person, kind__in=list(TOLD), tier__in=[Tier.A, Tier.B])
    for row in rows.select_related("job").order_by("-pk")[:LIMIT]:
        title = str(TOLD[row.kind])
        yield TimelineEntry(row.at, "signal", title, row.job.title if row.job else "", source=_("Site"))
