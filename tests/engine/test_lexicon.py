from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.lexicon import SkillVocabulary, find_skills, skills_in, slug_of
from segue.engine.lexicon_data import STARTER_SKILLS

STARTER = SkillVocabulary([(skill.slug, skill.labels) for skill in STARTER_SKILLS])


def spotted(text: str) -> set[str]:
    return set(skills_in(text, STARTER))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Web apps in JS, ReactJS and C#.NET", {"javascript", "react", "c-sharp"}),
        ("RN with ICU and phlebotomy experience", {"registered-nursing", "intensive-care", "phlebotomy"}),
        ("HGV driver, forklift licence", {"truck-driving", "forklift-operation"}),
        ("Tax returns, IFRS, month-end close", {"taxation", "ifrs", "financial-reporting"}),
        ("Line cook, food hygiene", {"cooking", "food-safety"}),
        ("Structural analysis in STAAD Pro and AutoCAD", {"structural-engineering", "autocad"}),
        ("casework and child protection", {"social-work", "child-protection"}),
        ("Tendering for local government", {"public-procurement", "public-administration"}),
        ("Adobe Photoshop, Figma", {"adobe-photoshop", "figma"}),
        ("CCTV and patrol", {"surveillance", "patrolling"}),
        ("CNC lathe, MIG welding", {"cnc-machining", "welding"}),
    ],
)
def test_the_starter_list_reads_many_occupations(text: str, expected: set[str]) -> None:
    assert expected <= spotted(text)


def test_the_longest_name_wins() -> None:
    assert spotted("Microsoft SQL Server") == {"microsoft-sql-server"}


@pytest.mark.parametrize("text", ["the r&d team", "R&D", "John's car go", "we go far", "h r", "C'mon"])
def test_short_labels_do_not_fire_by_accident(text: str) -> None:
    assert not spotted(text) & {"r-language", "go-language", "c-language", "human-resources"}


def test_short_labels_fire_when_written_so() -> None:
    assert {"r-language", "go-language"} <= spotted("We use R, Go.")


def test_a_sentence_end_parts_words() -> None:
    vocabulary = SkillVocabulary([("machine-learning", ["machine learning"])])
    assert not find_skills("the machine. Learning is fun", vocabulary)
    assert find_skills("machine-\nlearning", vocabulary)


def test_spans_point_into_the_original_text() -> None:
    text = "Große Erfahrung: Node.js & Crème"
    vocabulary = SkillVocabulary([("node-js", ["Node.js"]), ("cream", ["creme"])])
    assert [text[span.start : span.end] for span in find_skills(text, vocabulary)] == ["Node.js", "Crème"]


@given(st.text(max_size=200))
def test_spans_never_overlap_and_stay_in_order(text: str) -> None:
    spans = find_skills(f"{text} sql server python", STARTER)
    assert all(left.end <= right.start for left, right in pairwise(spans))


def test_the_first_skill_to_claim_a_label_keeps_it() -> None:
    vocabulary = SkillVocabulary([("first", ["java"]), ("second", ["Java"])])
    assert [span.slug for span in find_skills("Java", vocabulary)] == ["first"]


def test_the_starter_list_is_whole() -> None:
    slugs = Counter(skill.slug for skill in STARTER_SKILLS)
    assert len(STARTER_SKILLS) >= 400
    assert max(slugs.values()) == 1
    assert len({skill.family for skill in STARTER_SKILLS}) >= 20
    assert all(skill.slug and skill.label == skill.label.strip() for skill in STARTER_SKILLS)


def test_every_starter_label_finds_its_own_skill() -> None:
    for skill in STARTER_SKILLS:
        assert skill.slug in spotted(skill.label), skill.label


def test_no_two_starter_skills_claim_one_label() -> None:
    claims = Counter(
        fold for skill in STARTER_SKILLS for fold in {label.casefold() for label in skill.labels}
    )
    assert [label for label, count in claims.items() if count > 1] == []


def test_slugs_tell_the_c_family_apart() -> None:
    assert len({slug_of(label) for label in ("C", "C++", "C#", ".NET")}) == 4
