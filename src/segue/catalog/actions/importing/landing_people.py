"""Person drafts become people with facts and résumés: a batch at a time, in a fixed number of statements."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy

from segue.catalog.actions.erased_marks import digest_of_email, digest_of_id, marked
from segue.catalog.actions.importing.drafts import PersonDraft
from segue.catalog.actions.importing.problems import Problem
from segue.catalog.actions.resume_facts import METHODS, PURPOSES, said_in
from segue.catalog.actions.settling import Merge, Said, kinds_known, merge_facts, settled_columns
from segue.catalog.models import Fact, FactKind, FactSource, Person, Resume
from segue.engine.lexicon import SkillVocabulary, find_skills
from segue.engine.resume.layout import MOST_READ, Document
from segue.engine.same_person.names import Agree, compare_names, read_name
from segue.kit import clock
from segue.kit.copying import copy_rows

SHARED_EMAIL = "shared_email"
HOUSEHOLD_CONFLICT = "household_conflict"
IDENTITY_CONFLICT = "identity_conflict"
ERASED_PERSON = "erased_person"
_HELD_WORDS = {
    SHARED_EMAIL: (
        gettext_lazy("Another person of this source has this address."),
        gettext_lazy("Say whether they are one: give both rows the same id, or correct the address."),
    ),
    HOUSEHOLD_CONFLICT: (
        gettext_lazy("Somebody of this source with another first name has this address."),
        gettext_lazy(
            "See whether it is a household or a slip: give each their own address, or leave it out."
        ),
    ),
    IDENTITY_CONFLICT: (
        gettext_lazy("The id belongs to one person and the address to another."),
        gettext_lazy("Merge the two people, or correct the row."),
    ),
    ERASED_PERSON: (
        gettext_lazy("This person asked to be forgotten."),
        gettext_lazy("Leave them out. They are welcome to apply by themselves."),
    ),
}


class _Held(Mapping[str, Problem]):
    """Why a landing holds a row, in the language of whoever asks."""

    def __getitem__(self, error: str) -> Problem:
        message, remedy = _HELD_WORDS[error]
        return Problem(error, "email", str(message), str(remedy))

    def __iter__(self) -> Iterator[str]:
        return iter(_HELD_WORDS)

    def __len__(self) -> int:
        return len(_HELD_WORDS)


HELD = _Held()  # whom a row is about is for a person to say where address and id disagree


@dataclass
class _Batch:
    """What is known of the people of a batch, and what is to be written."""

    by_id: dict[str, Person]
    by_email: dict[str, Person]
    facts: dict[UUID, list[Fact]]
    resumes: dict[UUID, list[Resume]]
    absorbed: dict[str, Person]  # by external id: rows whose person was merged into another
    joined: frozenset[UUID]  # people of more rows than one
    erased: frozenset[str]  # marks of those who asked to be forgotten
    new_people: list[Person] = field(default_factory=list)
    changed_people: list[Person] = field(default_factory=list)
    new_resumes: list[Resume] = field(default_factory=list)
    new_facts: list[Fact] = field(default_factory=list)
    past_facts: list[Fact] = field(default_factory=list)


class PersonLanding:
    """Lands the drafts of one source; `land` answers with what each came to."""

    def __init__(self, source: str, words: SkillVocabulary, *, file_name: str, stated_by: str) -> None:
        self.source = source
        self.method = f"import:{source}"
        self.words = words
        self.file_name = file_name[:255]
        self.stated_by = stated_by[:200]

    def land(self, drafts: Sequence[PersonDraft]) -> list[str]:
        """Write a batch; say created, updated, unchanged, or held and why, for each."""
        batch = self._load(drafts)
        outcomes = [self._one(batch, draft) for draft in drafts]
        copy_rows(Person, batch.new_people)
        copy_rows(Resume, batch.new_resumes)
        if batch.past_facts:
            Fact.objects.filter(pk__in=[f.pk for f in batch.past_facts]).update(superseded_at=clock.now())
        copy_rows(Fact, batch.new_facts)
        if batch.changed_people:
            Person.objects.bulk_update(batch.changed_people, _COLUMNS, batch_size=500)
        return outcomes

    def _load(self, drafts: Sequence[PersonDraft]) -> _Batch:
        present = Person.objects.select_for_update().filter(erased_at=None)
        ids = [draft.external_id for draft in drafts]
        by_id = {p.external_id: p for p in present.filter(external_source=self.source, external_id__in=ids)}
        emails = [draft.email for draft in drafts if draft.email]
        addressed = present.annotate(address=Upper("email")).filter(
            address__in=[email.upper() for email in emails]
        )
        by_email: dict[str, Person] = {person.email.lower(): person for person in addressed if person.email}
        by_email |= {p.email.lower(): p for p in by_id.values() if p.email}
        absorbed = {key: person for key, person in by_id.items() if person.merged_into_id}
        survivors = self._survivors([*by_id.values(), *by_email.values()])
        by_id = {key: survivors.get(person.pk, person) for key, person in by_id.items()}
        by_email = {key: survivors.get(person.pk, person) for key, person in by_email.items()}
        known = {p.pk for p in (*by_id.values(), *by_email.values())}
        facts: dict[UUID, list[Fact]] = defaultdict(list)
        resumes: dict[UUID, list[Resume]] = defaultdict(list)
        for fact in Fact.objects.filter(person__in=known):
            facts[fact.person_id].append(fact)
        for resume in Resume.objects.filter(person__in=known).defer("text"):
            resumes[resume.person_id].append(resume)
        strangers = [d for d in drafts if d.external_id not in by_id and d.email not in by_email]
        erased = marked(digest for draft in strangers for digest in self._marks(draft))
        others = Person.objects.filter(merged_into__in=known).values_list("merged_into", flat=True)
        joined = frozenset(one for one in others if one is not None)
        return _Batch(by_id, by_email, facts, resumes, absorbed, joined, erased)

    def _survivors(self, people: Sequence[Person]) -> dict[UUID, Person]:
        """Return whom the merged ones among these people are now."""
        into = {p.pk: p.merged_into_id for p in people if p.merged_into_id}
        held = {p.pk: p for p in Person.objects.select_for_update().filter(pk__in=set(into.values()))}
        return {key: held[one] for key, one in into.items() if one is not None}

    def _marks(self, draft: PersonDraft) -> list[str]:
        marks = [digest_of_id(self.source, draft.external_id)]
        return [*marks, digest_of_email(draft.email)] if draft.email else marks

    def _one(self, batch: _Batch, draft: PersonDraft) -> str:
        person, twin = batch.by_id.get(draft.external_id), batch.by_email.get(draft.email)
        if held := self._why_held(batch, draft, person, twin):
            return held
        person = person or twin
        if person is None:
            return self._create(batch, draft)
        if draft.external_id in batch.absorbed:
            return self._change_absorbed(batch, person, batch.absorbed[draft.external_id], draft)
        return "unchanged" if person.imported_sha256 == draft.sha256 else self._change(batch, person, draft)

    def _why_held(self, batch: _Batch, draft: PersonDraft, person: Person | None, twin: Person | None) -> str:
        if person is None and twin is None:
            return "" if batch.erased.isdisjoint(self._marks(draft)) else ERASED_PERSON
        if person is not None and twin is not None and person.pk != twin.pk:
            return IDENTITY_CONFLICT
        if person is None and twin is not None and twin.external_source == self.source and twin.external_id:
            return HOUSEHOLD_CONFLICT if _is_somebody_else(draft, twin) else SHARED_EMAIL
        return ""

    def _create(self, batch: _Batch, draft: PersonDraft) -> str:
        person = Person(
            external_source=self.source,
            external_id=draft.external_id,
            email=draft.email or None,
            name=draft.placeholder[:300],
            source="import",
            imported_sha256=draft.sha256,
        )
        batch.new_people.append(person)
        batch.by_id[draft.external_id] = person
        if draft.email:
            batch.by_email[draft.email] = person
        self._state(batch, person, draft)
        return "created"

    def _change(self, batch: _Batch, person: Person, draft: PersonDraft) -> str:
        """A file that says nothing new about somebody leaves them unchanged, whoever sent it."""
        if not self._state(batch, person, draft):
            return "unchanged"
        if (person.external_source, person.external_id) == (self.source, draft.external_id):
            person.imported_sha256 = draft.sha256
        person.updated_at = clock.now()
        batch.changed_people.append(person)
        return "updated"

    def _change_absorbed(self, batch: _Batch, person: Person, row: Person, draft: PersonDraft) -> str:
        """A second row of one human adds to what the first says; neither takes back what the other said."""
        if row.imported_sha256 == draft.sha256:
            return "unchanged"
        row.imported_sha256 = draft.sha256
        batch.changed_people.append(row)
        if not self._state(batch, person, draft, adds_only=True):
            return "unchanged"
        person.updated_at = clock.now()
        batch.changed_people.append(person)
        return "updated"

    def _state(self, batch: _Batch, person: Person, draft: PersonDraft, *, adds_only: bool = False) -> bool:
        resume, parsed, is_new = self._resume(batch, person, draft)
        known = batch.facts[person.pk]
        stated = self._merge(known, person, self._in_our_words(draft.said), FactSource.ATS, None)
        past = stated.superseded
        if not (adds_only or person.pk in batch.joined):
            past = past + _outdated(known, stated, FactSource.ATS, self.method)
        fresh = stated.fresh
        if is_new:
            read = self._merge(known, person, parsed, FactSource.PARSED, resume)
            fresh = fresh + read.fresh
            past += read.superseded + _outdated(known, read, FactSource.PARSED, *METHODS)
        if not (fresh or past or is_new):
            return False
        for fact in past:
            fact.superseded_at = clock.now()
        known += fresh
        batch.new_facts += fresh
        batch.past_facts += past
        self._settle(person, known)
        return True

    def _merge(
        self,
        known: list[Fact],
        person: Person,
        said: Sequence[Said],
        source: FactSource,
        resume: Resume | None,
    ) -> Merge:
        purposes = PURPOSES if resume else []
        return merge_facts(
            person, known, said, source=source, resume=resume, stated_by=self.stated_by, purposes=purposes
        )

    def _settle(self, person: Person, known: Sequence[Fact]) -> None:
        current = [fact for fact in known if fact.superseded_at is None]
        columns = settled_columns(person, current, once_known=kinds_known(known))
        columns.pop("email", None)  # an import finds people by their address, and never changes it
        for name, value in columns.items():
            setattr(person, name, value)

    def _resume(
        self, batch: _Batch, person: Person, draft: PersonDraft
    ) -> tuple[Resume | None, list[Said], bool]:
        text = draft.resume_text.strip()
        if not text:
            return None, [], False
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        versions = batch.resumes[person.pk]
        known = next((resume for resume in versions if resume.sha256 == digest), None)
        if known is not None:
            return known, [], False
        version = max((resume.version for resume in versions), default=0) + 1
        resume = Resume(
            person=person,
            version=version,
            text=text,
            sha256=digest,
            file_name=draft.file_name or self.file_name,
            media_type=draft.media_type,
        )
        versions.append(resume)
        batch.new_resumes.append(resume)
        return resume, self._read(draft, text), True

    def _read(self, draft: PersonDraft, text: str) -> list[Said]:
        """Read the résumé for what its row does not say itself; nobody's address is changed by one."""
        told = {thing.kind for thing in draft.said} - {FactKind.SKILL} | {FactKind.EMAIL}
        if draft.email and draft.document:
            told.discard(FactKind.EMAIL)  # it is the address by which the file was filed
        return said_in(draft.document or Document.of_text(text[:MOST_READ]), self.words, without=told)

    def _in_our_words(self, said: Sequence[Said]) -> list[Said]:
        """A skill the vocabulary knows under another name takes its slug; each thing names its source."""
        signed = (replace(thing, method=self.method) for thing in said)
        return [self._in_our_word(thing) if thing.kind == FactKind.SKILL else thing for thing in signed]

    def _in_our_word(self, thing: Said) -> Said:
        spans = find_skills(thing.value, self.words)
        whole = len(spans) == 1 and spans[0].end - spans[0].start == len(thing.value)
        return replace(thing, value=spans[0].slug) if whole else thing


def _outdated(known: Iterable[Fact], merge: Merge, source: FactSource, *methods: str) -> list[Fact]:
    """What this source said before and says no more."""
    stands = {id(fact) for fact in merge.facts} | {id(fact) for fact in merge.superseded}
    current = (fact for fact in known if fact.superseded_at is None and fact.source == source)
    return [fact for fact in current if fact.method in methods and id(fact) not in stands]


_NEVER_IMPORTED = frozenset({"id", "email", "created_at", "erased_at", "merged_into"})
_COLUMNS = [f.name for f in Person._meta.concrete_fields if f.name not in _NEVER_IMPORTED]


def _is_somebody_else(draft: PersonDraft, twin: Person) -> bool:
    """Tell whether the two have different first names, where both have names."""
    name = next((str(said.value) for said in draft.said if said.kind == FactKind.NAME), "")
    return (
        bool(name) and compare_names(read_name(name, ""), read_name(twin.name, "")).given is Agree.DIFFERENT
    )
