"""A row about a person: read into a draft, or refused by name. What is not said stays empty."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.actions.fact_values import read_fact
from segue.catalog.actions.importing.drafts import PersonDraft, content_hash
from segue.catalog.actions.importing.json_resume import person_values, records
from segue.catalog.actions.importing.mapping import Mapping
from segue.catalog.actions.importing.reading import RawRow
from segue.catalog.actions.importing.values import UNSTORABLE, plain_text, read_choice, read_list
from segue.catalog.actions.refusals import refusal
from segue.catalog.actions.settling import Said
from segue.catalog.models import FactKind
from segue.catalog.places import country_code, read_place
from segue.kit.errors import Invalid

_DIRECT = (FactKind.NAME, FactKind.EMAIL, FactKind.PHONE, FactKind.HEADLINE, FactKind.CITY, FactKind.LOCALE)
_LONGEST_SKILL_WORDS = 5
_SHORTEST_RESUME = 40  # characters; less could be anybody


def person_draft(row: RawRow, mapping: Mapping) -> PersonDraft:
    """Read one row. Raises Invalid with the name of what is wrong."""
    if row.shape == "job_posting":
        raise _not_a_resume("title")
    if row.shape == "profile" and (why := row.data.get("refused")):
        raise _kept_out(str(why))
    values = _values(row, mapping)
    said = [thing for thing in _said(values) if _storable(thing)]
    if row.shape in ("json_resume", "profile"):
        told = [Said(kind, record) for kind, record in records(row.data)]
        said += [thing for thing in told if _storable(thing)]
    text = values.get("resume_text", "").replace("\x00", "")
    external_id, placeholder = _identity(row, values, text)
    email = values.get("email", "").strip().lower()
    digest = content_hash({"said": [[thing.kind, thing.value] for thing in said], "text": text})
    return PersonDraft(
        external_id, digest, email, placeholder, said, text, preferred=mapping.prefers(row.data)
    )


def _values(row: RawRow, mapping: Mapping) -> dict[str, str]:
    if row.shape == "json_resume":
        return {**mapping.constants, **{name: text for name, text in person_values(row.data).items() if text}}
    values = mapping.apply(row.data)
    if not values.get("name"):
        values["name"] = f"{values.get('given_name', '')} {values.get('family_name', '')}".strip()
    if values.get("place") and not values.get("city"):
        values["city"], country = read_place(values["place"])
        values["country"] = values.get("country") or country
    return values


def _said(values: dict[str, str]) -> list[Said]:
    """Turn what the row states into things said, each in the form its fact takes."""
    said = [Said(kind, values[kind]) for kind in _DIRECT if values.get(kind)]
    if values.get("country"):
        said.append(Said(FactKind.COUNTRY, country_code(values["country"]) or values["country"]))
    if values.get("remote"):
        said.append(Said(FactKind.REMOTE, read_choice("remote", values["remote"])))
    said += [Said(FactKind.SKILL, word) for word in _short(values.get("skills", ""))]
    said += [Said(FactKind.LICENCE, word) for word in _short(values.get("licences", ""))]
    permits = map(country_code, read_list(values.get("permits", "")))
    said += [Said(FactKind.PERMIT, code) for code in permits if code]
    if values.get("employer"):
        held = {"title": values.get("headline", ""), "employer": values["employer"]}
        said.append(Said(FactKind.POSITION, held))
    return said


def _short(cell: str) -> list[str]:
    return [word for word in read_list(cell) if len(word.split()) <= _LONGEST_SKILL_WORDS]


def _storable(thing: Said) -> bool:
    """Check a fact where its row is still known. Raises Invalid, unless it is a mere word without letters."""
    try:
        read_fact(thing.kind, thing.value)
    except Invalid:
        if thing.kind in {FactKind.SKILL, FactKind.LICENCE}:
            return False
        raise
    if UNSTORABLE.search(str(thing.value)):
        raise refusal(
            "forbidden_character",
            thing.kind,
            _("This holds a character that cannot be stored."),
            _("Remove it."),
        )
    return True


def _identity(row: RawRow, values: dict[str, str], text: str) -> tuple[str, str]:
    """Return (external id, placeholder name): by id, else by address, else by the very text of the résumé."""
    name = values.get("name", "")
    if values.get("external_id"):
        if len(values["external_id"]) > 200:
            raise refusal(
                "too_long", "external_id", _("This id is longer than 200 characters."), _("Shorten it.")
            )
        return values["external_id"], name or _("Imported person %s") % values["external_id"][:12]
    if values.get("email"):
        return values["email"].strip().lower()[:200], name or values["email"]
    if len(plain_text(text)) >= _SHORTEST_RESUME:
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        return digest, name or _("Imported résumé %s") % digest[:6]
    if row.shape == "table" and not (name or text):
        raise _not_a_resume(next(iter(row.data), ""))
    raise refusal(
        "no_identity", "email", _("Nothing here says who this is."), _("Give an e-mail address or an id.")
    )


_KEPT_OUT = {
    "anonymised_in_source": gettext_lazy("This person was anonymised where the export is from."),
    "private_in_source": gettext_lazy("This person is marked private where the export is from."),
    "storing_not_allowed_in_source": gettext_lazy("This person may not be stored any longer."),
}


def _kept_out(why: str) -> Invalid:
    """Somebody the export itself says should not travel."""
    words = _KEPT_OUT.get(why, _KEPT_OUT["private_in_source"])
    remedy = _("Leave them out, or ask them and enter them by hand.")
    return refusal(why if why in _KEPT_OUT else "private_in_source", "refused", str(words), remedy)


def _not_a_resume(field: str) -> Invalid:
    return refusal(
        "not_a_resume",
        field,
        _("This is not a résumé, nor a person."),
        _("Jobs come in with: segue import jobs."),
    )
