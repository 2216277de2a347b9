"""Gather every text that people read, and keep the translations of src/segue/locale in step with them.

    .venv/bin/python -m tests.house.messages            # after changing texts: update .po, compile .mo
    .venv/bin/python -m tests.house.messages --missing  # what is still to be translated, a line a language

Translators edit the .po files, with any editor of theirs; then run this again. GNU gettext is not needed.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polib

if TYPE_CHECKING:
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(__file__).resolve().parents[2] / "src" / "segue"
LOCALE = ROOT / "locale"
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
    " : n%100>=11 && n%100<=99 ? 4 : 5;",
}
FORMS = {language: int(rule[9]) for language, rule in PLURALS.items()}
_PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_IN_CONTEXT = {"pgettext", "pgettext_lazy"}
_ARGUMENT = re.compile(r"""\b_\(["']([^"']+)["']\)""")
_HOLES = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")


class Text(NamedTuple):
    """What is said, what of many, and which of its meanings; the last two are empty for most."""

    said: str
    plural: str
    context: str = ""


def gather() -> dict[Text, list[str]]:
    """Return each text of the source and its templates with the files it stands in."""
    found: dict[Text, set[str]] = defaultdict(set)
    for path in sorted(ROOT.rglob("*.py")):
        for text in _in_python(path.read_text(encoding="utf-8")):
            found[text].add(str(path.relative_to(ROOT)))
    for path in sorted([*ROOT.rglob("templates/**/*.html"), *ROOT.rglob("templates/**/*.txt")]):
        for text in _in_template(path.read_text(encoding="utf-8")):
            found[text].add(str(path.relative_to(ROOT)))
    return {text: sorted(files) for text, files in found.items()}


def _in_python(source: str) -> Iterator[Text]:
    tree = ast.parse(source)
    known = _as_called_here(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        name = known.get(called, called)
        words = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if name in _PLAIN and len(words) == 1 == len(node.args) and words[0]:
            yield Text(words[0], "")
        elif name in _PLURAL and len(words) == 2:
            yield Text(words[0], words[1])
        elif name in _IN_CONTEXT and len(words) == 2 == len(node.args):
            yield Text(words[1], "", words[0])


def _as_called_here(tree: ast.Module) -> dict[str, str]:
    """Return what this file calls Django's functions: `gettext_noop as N_` is still gettext_noop."""
    return {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname
    }


def _in_template(source: str) -> Iterator[Text]:
    from django.template import Template
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    for said in _ARGUMENT.findall(source):  # {{ name|default:_("nobody") }}
        yield Text(said, "")
    nodes = Template(source).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        said = node.filter_expression.var
        said = said if isinstance(said, str) else getattr(said, "literal", "")
        if said:
            yield Text(str(said), "", _context_of(node))
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        one, _ = node.render_token_list(node.singular)
        many = node.render_token_list(node.plural)[0] if node.plural else ""
        if node.trimmed:
            one, many = (" ".join(line.strip() for line in text.strip().splitlines()) for text in (one, many))
        yield Text(one, many, _context_of(node))


def _context_of(node: TranslateNode | BlockTranslateNode) -> str:
    return str(node.message_context.resolve({})) if node.message_context else ""


def holes(text: str) -> list[str]:
    """Return what is filled in later: named holes in any order, nameless ones as they come."""
    return sorted(hole for hole in _HOLES.findall(text) if hole != "%%")


def update(language: str, texts: dict[Text, list[str]]) -> polib.POFile:
    """Return the language's file with exactly these texts, keeping what is translated."""
    before = read(language)
    kept = {text_of(entry): entry for entry in before}
    after = polib.POFile(wrapwidth=0)
    after.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for text, files in sorted(texts.items(), key=lambda item: (item[1][0], item[0])):
        old = kept.get(text)
        entry = polib.POEntry(
            msgid=text.said,
            msgid_plural=text.plural,
            msgctxt=text.context or None,
            occurrences=[(f, "") for f in files],
        )
        if text.plural:
            forms = dict(enumerate([""] * FORMS[language]))
            entry.msgstr_plural = {**forms, **(old.msgstr_plural if old else {})}
        else:
            entry.msgstr = old.msgstr if old else ""
        after.append(entry)
    return after


def text_of(entry: polib.POEntry) -> Text:
    """Return which text an entry translates."""
    return Text(entry.msgid, entry.msgid_plural, entry.msgctxt or "")


def read(language: str) -> polib.POFile:
    """Return the language's file as it is, or an empty one."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    return polib.pofile(str(path), wrapwidth=0) if path.exists() else polib.POFile(wrapwidth=0)


def main(arguments: list[str]) -> int:
    """Update and compile, or say what is missing."""
    texts = gather()
    for language in PLURALS:
        file = update(language, texts)
        missing = file.untranslated_entries()
        print(f"{language}: {len(file)} texts, {len(missing)} to translate")
        if "--missing" in arguments:
            for entry in missing:
                print(f"  {entry.occurrences[0][0]}: {entry.msgctxt or ''}|{entry.msgid}")
            continue
        folder = LOCALE / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "django.po").write_text(f"{file}\n", encoding="utf-8")
        file.save_as_mofile(str(folder / "django.mo"))
    return 0


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segue.settings")
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))
