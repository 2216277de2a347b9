"""JSON Resume: its sections as facts, and as the text a person would read.

Source: https://jsonresume.org/schema (v1.0.0). Every part is optional;
what is not as the schema says is left out.
"""

from __future__ import annotations

from typing import Any

from segue.catalog.models import FactKind

_POSITION = {
    "title": "position",
    "employer": "name",
    "start": "startDate",
    "end": "endDate",
    "summary": "summary",
}
_EDUCATION = {
    "title": "studyType",
    "area": "area",
    "school": "institution",
    "start": "startDate",
    "end": "endDate",
}


def person_values(resume: dict[str, Any]) -> dict[str, str]:
    """Return our person fields, as text, from the basics."""
    basics = _dict(resume.get("basics"))
    location = _dict(basics.get("location"))
    return {
        "name": _text(basics.get("name")),
        "email": _text(basics.get("email")),
        "phone": _text(basics.get("phone")),
        "headline": _text(basics.get("label")),
        "city": _text(location.get("city")),
        "country": _text(location.get("countryCode")),
        "skills": "\n".join(skill_words(resume)),
        "resume_text": as_text(resume),
    }


def records(resume: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return (kind of fact, record) for each position held and each education."""
    held = [(FactKind.POSITION.value, _record(item, _POSITION)) for item in _list(resume.get("work"))]
    learnt = [
        (FactKind.EDUCATION.value, _record(item, _EDUCATION)) for item in _list(resume.get("education"))
    ]
    return [(kind, record) for kind, record in (*held, *learnt) if record]


def skill_words(resume: dict[str, Any]) -> list[str]:
    """Return the names and keywords of the skills section."""
    words: list[str] = []
    for skill in _list(resume.get("skills")):
        words += [_text(skill.get("name")), *_texts(skill.get("keywords"))]
    return list(dict.fromkeys(word for word in words if word))


def as_text(resume: dict[str, Any]) -> str:
    """Write the résumé out, section by section, leaving out what identifies nobody's work."""
    basics = _dict(resume.get("basics"))
    lines = [_text(basics.get("name")), _text(basics.get("label")), "", _text(basics.get("summary"))]
    lines += _section("Experience", resume.get("work"), ("position", "name", "description"))
    lines += _section("Volunteering", resume.get("volunteer"), ("position", "organization"))
    lines += _section("Education", resume.get("education"), ("studyType", "area", "institution"))
    lines += _section("Projects", resume.get("projects"), ("name", "description"))
    lines += _section("Awards", resume.get("awards"), ("title", "awarder"))
    lines += _section("Publications", resume.get("publications"), ("name", "publisher"))
    lines += _section("Certificates", resume.get("certificates"), ("name", "issuer"))
    lines += _section("Skills", resume.get("skills"), ("name",))
    lines += _section("Languages", resume.get("languages"), ("language", "fluency"))
    return "\n".join(lines).strip()


def _section(heading: str, items: Any, keys: tuple[str, ...]) -> list[str]:
    lines: list[str] = []
    for item in _list(items):
        dates = " – ".join(filter(None, (_text(item.get("startDate")), _text(item.get("endDate")))))
        head = ", ".join(filter(None, (*(_text(item.get(key)) for key in keys), dates)))
        more = [_text(item.get("summary")), *(f"- {text}" for text in _texts(item.get("highlights")))]
        listed = ", ".join(_texts(item.get("keywords")) + _texts(item.get("courses")))
        lines += [line for line in (head, *more, listed) if line]
    return ["", heading, *lines] if lines else []


def _record(item: dict[str, Any], keys: dict[str, str]) -> dict[str, Any]:
    record = {ours: _text(item.get(theirs)) for ours, theirs in keys.items()}
    record["highlights"] = _texts(item.get("highlights"))  # type: ignore[assignment]  # a list among texts
    return {key: value for key, value in record.items() if value}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _texts(value: Any) -> list[str]:
    return [text for text in map(_text, value) if text] if isinstance(value, list) else []
