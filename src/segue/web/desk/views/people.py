"""The list of people, and what we know of one of them and from where."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from segue.catalog.queries.fact_stories import fact_stories
from segue.catalog.queries.people import person_for, resumes_of, search_people
from segue.catalog.queries.same_people import open_pairs, standing_merges_into
from segue.catalog.queries.skills import all_skills, labels
from segue.hire.queries.applications import applications_of, timeline_of
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import NotFound
from segue.kit.htmx import wants_fragment
from segue.kit.paging import page_of
from segue.learn.actions.saved_searches import look_at_search
from segue.learn.models import SavedSearch
from segue.learn.queries.search.saved import saved_search_for, saved_searches_of
from segue.trust.actions.access import note_access
from segue.trust.actions.looks import note_looks
from segue.trust.models import LookedAt, Purpose
from segue.trust.queries.consent import purposes_granted
from segue.web.actors import actor_of
from segue.web.desk.doors import finders
from segue.web.desk.fact_words import fact_sections
from segue.web.desk.job_form import skill_slugs
from segue.web.desk.pages import PAGE_SIZE, desk_page, next_page
from segue.web.desk.people_found import Results, Row, count_words, search_results
from segue.web.desk.same_words import rule_words
from segue.web.desk.toast import SeeOther


@finders
def people_list(request: HttpRequest) -> HttpResponse:
    """Find people by words, fields, place and skill; a page costs the same at the end of the list."""
    actor = actor_of(request)
    wanted = {key: request.GET.get(key, "").strip() for key in ("q", "text", "skill", "country")}
    saved = _opened(request, actor)
    wanted["q"] = saved.text if saved and not wanted["q"] else wanted["q"]
    results = _looked_for(actor, wanted, request.GET.get("after", ""))
    if saved:
        look_at_search(saved, by=actor)
    note_looks([row.person.pk for row in results.rows], what=LookedAt.SEARCH, by=actor)
    return desk_page(
        request,
        "people",
        "people",
        results=results,
        rows=[row.person for row in results.rows],
        count_words=count_words(results),
        wanted=wanted,
        kept=list(wanted.items()),
        saved=saved,
        searches=list(saved_searches_of(actor)),
        same_count=open_pairs(actor).count(),
        skills=[] if _typing(request) else all_skills(),
        next_page=next_page(request, results.next_after),
    )


def _looked_for(actor: Actor, wanted: dict[str, str], after: str) -> Results:
    slug = (skill_slugs(wanted["skill"]) or [""])[0]
    if wanted["q"]:
        text = f"{wanted['q']} {wanted['text']}".strip()
        return search_results(actor, text, skill=slug, country=wanted["country"], after=after)
    found = search_people(actor, text=wanted["text"], skill=slug, country=wanted["country"])
    page = page_of(found, after=after, size=PAGE_SIZE)
    return Results(
        rows=[Row(person) for person in page.rows],
        next_after=page.next_after,
        skill_labels=labels({skill for person in page.rows for skill in person.skills[:3]}),
    )


def _typing(request: HttpRequest) -> bool:
    """Only the list is taken over from the answer then, so nothing else need be in it."""
    return wants_fragment(request) and request.headers.get("HX-History-Restore-Request") != "true"


def _opened(request: HttpRequest, actor: Actor) -> SavedSearch | None:
    """The kept search the address names, if it is theirs."""
    key = request.GET.get("saved", "")
    try:
        return saved_search_for(actor, key) if key else None
    except NotFound:
        return None


@finders
def person_page(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show a person's facts with their sources; that somebody looked is written down."""
    actor = actor_of(request)
    person = person_for(actor, person_id)
    if person.pk != person_id:  # a link to a record that was merged into this person
        return SeeOther(reverse("desk:person", args=[person.pk]))
    note_access(person, why="person page", by=actor)
    granted = purposes_granted(person.pk)
    sections, gone = fact_sections(fact_stories(person, actor))
    return desk_page(
        request,
        "person",
        "people",
        person=person,
        merges=[(merge, rule_words(merge)) for merge in standing_merges_into(person, by=actor)],
        now=clock.now(),
        sections=sections,
        gone=gone,
        resumes=resumes_of(person, actor),
        applications=applications_of(person.pk, by=actor),
        timeline=timeline_of(person, by=actor),
        consents=[(purpose.label, purpose.value in granted) for purpose in Purpose],
    )
