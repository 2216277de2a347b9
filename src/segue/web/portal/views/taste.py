"""Your taste: what we believe you like, in your hands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segue.catalog.models import Remote
from segue.catalog.queries.job_search import job_facets
from segue.catalog.queries.skills import all_skills, labels
from segue.kit.errors import Invalid
from segue.learn.actions.tastes import reset_taste, set_wishes
from segue.learn.queries.tastes import Wish, taste_export, taste_view
from segue.web.actors import actor_of, candidates_only
from segue.web.places import country_name
from segue.web.portal.doors import SeeOther, candidate_of, me

GROUPS = ("skill", "department", "remote", "country")
FIELD = "wish:"
SURE = 0.25  # what behaviour says beyond this is said plainly
MOVED = 0.25  # a wish that behaviour moved by so much is shown as what it came to


@require_http_methods(["GET", "HEAD", "POST"])
@candidates_only
def taste(request: HttpRequest) -> HttpResponse:
    """Show wishes as sliders; keep them when they come back."""
    actor, person = me(request)
    if request.method == "POST":
        set_wishes(person, wishes=_wishes_in(request), by=actor)
        messages.info(request, _("Kept. Your shelves follow from now on."))
        return SeeOther(reverse("portal:taste"))
    view = taste_view(person.pk, by=actor)
    context = {
        "taste": view,
        "groups": _grouped(view.wishes),
        "suggestions": _suggestions(request, view.wishes),
    }
    return render(request, "portal/taste.html", context)


@require_POST
@candidates_only
def reset(request: HttpRequest) -> HttpResponse:
    """Forget wishes and behaviour up to now, after the page has asked once."""
    actor, person = me(request)
    reset_taste(person, by=actor)
    messages.info(request, _("Forgotten. We start afresh."))
    return SeeOther(reverse("portal:taste"))


@require_safe
@candidates_only
def export(request: HttpRequest) -> HttpResponse:
    """Hand the taste out as a file."""
    actor, person_id = candidate_of(request)
    response = JsonResponse(taste_export(person_id, by=actor), json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="taste.json"'
    return response


def _wishes_in(request: HttpRequest) -> dict[str, float]:
    """Read the sliders and the newly added wish from the form. Raises Invalid."""
    wishes = {}
    for name, text in request.POST.items():
        if name.startswith(FIELD):
            try:
                wishes[name.removeprefix(FIELD)] = float(str(text))
            except ValueError:
                raise Invalid(_("A wish is a number."), field=name, remedy=_("Move the slider.")) from None
    added = request.POST.get("add", "").strip()
    if added:
        wishes[_key_of(request, added)] = 1.0
    return wishes


def _key_of(request: HttpRequest, label: str) -> str:
    """Find the wish somebody typed or picked. Raises Invalid for a word we do not know."""
    known = {words.casefold(): key for key, words, _group in _everything(request)}
    key = known.get(label.casefold())
    if key is None:
        raise Invalid(_("We do not know “%s” yet.") % label, field="add", remedy=_("Pick one from the list."))
    return key


def _everything(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Return all that can be wished for: (key, words, group)."""
    facets = job_facets(actor_of(request))
    found = [(f"department:{name}", name, _("Department")) for name, _count in facets.departments]
    found += [(f"country:{code}", country_name(code), _("Country")) for code, _count in facets.countries]
    found += [
        (f"remote:{value}", str(words), _("Way of working")) for value, words in Remote.choices if value
    ]
    return found + [(f"skill:{slug}", words, _("Skill")) for slug, words in all_skills()]


def _suggestions(request: HttpRequest, wishes: list[Wish]) -> list[tuple[str, str, str]]:
    held = {wish.key for wish in wishes}
    return [row for row in _everything(request) if row[0] not in held]


@dataclass(frozen=True, slots=True)
class Slider:
    """One wish on the page: what they said, what was noticed, and what the two come to where they differ."""

    place: str
    key: str
    label: str
    value: float
    said: str
    noticed: str
    counts: str


def _grouped(wishes: list[Wish]) -> list[dict[str, Any]]:
    titles = {
        "skill": _("Skills"),
        "department": _("Departments"),
        "remote": _("Way of working"),
        "country": _("Countries"),
    }
    named = list(enumerate(_named(wishes)))
    groups = [
        {"title": titles[g], "wishes": [_slider(i, w) for i, w in named if w.group == g]} for g in GROUPS
    ]
    return [group for group in groups if group["wishes"]]


def _slider(place: int, wish: Wish) -> Slider:
    differ = bool(wish.value and wish.learned) and abs(wish.settled - wish.value) >= MOVED
    return Slider(
        place=str(place),  # a label in another script makes no id of its own
        key=wish.key,
        label=wish.label,
        value=wish.value,
        said=said_words(wish.value) if wish.value else _("nothing yet"),
        noticed=noticed_words(wish.learned),
        counts=said_words(wish.settled) if differ else "",
    )


def said_words(value: float) -> str:
    """A wish in words: the five steps of its slider."""
    steps = [_("much less"), _("less"), _("neither"), _("more"), _("much more")]
    return steps[round(2 * value) + 2]


def noticed_words(learned: float) -> str:
    """What behaviour seems to say, no surer than it is."""
    if learned > SURE:
        return _("you seem to like it")
    if learned < -SURE:
        return _("you seem to avoid it")
    if learned:
        return _("you may like it") if learned > 0 else _("you may not care for it")
    return _("nothing yet")


def _named(wishes: list[Wish]) -> list[Wish]:
    """Give skills and countries the names people use."""
    slugs = [wish.key.partition(":")[2] for wish in wishes if wish.group == "skill"]
    words = {f"skill:{slug}": label for slug, label in labels(slugs).items()}
    words |= {w.key: country_name(w.key.partition(":")[2]) for w in wishes if w.group == "country"}
    return [replace(wish, label=words.get(wish.key, wish.label)) for wish in wishes]
