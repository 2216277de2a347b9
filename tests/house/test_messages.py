"""What people read can be read in every language we speak, with nothing lost on the way."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

from tests.house.messages import (
    FORMS,
    LOCALE,
    PLURALS,
    Text,
    _in_python,
    gather,
    holes,
    read,
    text_of,
    update,
)

# Pages that candidates see; the desk may wait a while for its translators, and speaks English meanwhile.
FOR_CANDIDATES = ("web/portal/", "web/templates/", "recommend/wording.py", "hire/actions/letters.py")
_TAGS = re.compile(r"</?\w+")


@pytest.fixture(scope="module")
def texts() -> dict:  # type: ignore[type-arg]  # as gather says
    return gather()


@pytest.mark.parametrize("language", PLURALS)
def test_every_text_has_its_place_and_no_old_one_lingers(language: str, texts: dict) -> None:  # type: ignore[type-arg]
    said = {text_of(entry) for entry in read(language)}
    assert said == set(texts), "Run python -m tests.house.messages."


@pytest.mark.parametrize("language", PLURALS)
def test_candidates_read_their_own_language_everywhere(language: str) -> None:
    missing = [
        entry.msgid
        for entry in read(language).untranslated_entries()
        if any(file.startswith(FOR_CANDIDATES) for file, _line in entry.occurrences)
    ]
    assert not missing


@pytest.mark.parametrize("language", PLURALS)
def test_what_is_filled_in_survives_the_translation(language: str) -> None:
    for entry in read(language).translated_entries():
        if entry.msgid_plural:
            most = holes(entry.msgid_plural)
            assert len(entry.msgstr_plural) == FORMS[language], entry.msgid
            assert holes(entry.msgstr_plural[FORMS[language] - 1]) == most, entry.msgid
            assert all(set(holes(form)) <= set(most) for form in entry.msgstr_plural.values()), entry.msgid
        else:
            assert holes(entry.msgstr) == holes(entry.msgid), entry.msgid
            assert sorted(_TAGS.findall(entry.msgstr)) == sorted(_TAGS.findall(entry.msgid)), entry.msgid
            nameless = [re.findall(r"%[sd]", text) for text in (entry.msgid, entry.msgstr)]
            assert nameless[0] == nameless[1], entry.msgid


@pytest.mark.parametrize("language", PLURALS)
def test_what_is_compiled_is_what_was_written(language: str, tmp_path: Path) -> None:
    compiled = LOCALE / language / "LC_MESSAGES" / "django.mo"
    assert compiled.read_bytes() == read(language).to_binary(), "Run python -m tests.house.messages."


def test_a_translation_outlives_an_update() -> None:
    texts = gather()
    some = next(text for text in texts if not text.plural)
    before = read("fr")
    assert update("fr", {some: ["x"]})[0].msgstr == before.find(some.said).msgstr
    assert isinstance(update("fr", {}), polib.POFile)


def test_a_text_is_found_by_whatever_name_its_function_goes() -> None:
    source = """
from django.utils.translation import gettext_noop as N_, pgettext as in_sense, ngettext
A = N_("kept for later")
B = in_sense("do it", "Open")
C = ngettext("one", "many", 2)
D = other("not ours")
"""
    assert list(_in_python(source)) == [
        Text("kept for later", ""),
        Text("Open", "", "do it"),
        Text("one", "many"),
    ]


def test_one_word_of_two_meanings_has_two_translations() -> None:
    for language in PLURALS:
        said = {entry.msgctxt or "": entry.msgstr for entry in read(language) if entry.msgid == "Open"}
        assert said[""] != said["do it"], language
