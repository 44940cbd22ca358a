"""Collects the words of the screens into locale/ and compiles them: pure Python, so that it gives the same everywhere.

Usage: python tools/messages.py. What is new waits in locale/en untranslated or, when it resembles a sentence
that went, fuzzy; what went goes. Nothing of a machine, no line number and no date is written: only words change a file.
locale/fr holds the plurals alone: in French zero is singular, which the sources by themselves cannot say.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PLURALS = {"en": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
# Function → where its words stand among its arguments: context, singular, plural.
CALLS = {"_": (None, 0, None), "gettext": (None, 0, None), "gettext_noop": (None, 0, None)}
CALLS |= {"ngettext": (None, 0, 1), "pgettext": (0, 1, None), "npgettext": (0, 1, 2)}
CALLS |= {f"{name}_lazy": places for name, places in CALLS.items() if name != "_"}
CHOICES = "entremise/figures/data/policy.toml"
TRANSLATION = "django.utils.translation"
HEAD = "# The words of the screens: `make messages` collects them, a person translates them."
_STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_IN_TEMPLATE = re.compile(rf"\b(\w*gettext|_)\(({_STRING}(?:, *{_STRING})*)")


class Words(NamedTuple):
    """One entry: its sentence, the plural of it or "", its context or ""."""

    singular: str
    plural: str = ""
    context: str = ""


class Steady(Catalog):
    """A catalogue whose header says what a reader of it needs, and nothing that changes by itself."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", PLURALS[str(self.locale_identifier)]),
        ]


def in_python(text: str) -> Iterator[Words]:
    tree = ast.parse(text)
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    ours = {alias.asname: alias.name for node in imports if node.module == TRANSLATION for alias in node.names}
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        called = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        name = ours.get(called, called)
        said = [one.value if isinstance(one, ast.Constant) else None for one in call.args]
        if name in CALLS:
            yield from _entry(name, said)


def in_template(text: str) -> Iterator[Words]:
    for name, said in _IN_TEMPLATE.findall(templatize(text)):
        yield from _entry(name, list(ast.literal_eval(f"({said},)")))


def _entry(name: str, said: list[object]) -> Iterator[Words]:
    context, singular, plural = (
        "" if place is None else said[place] if place < len(said) else None for place in CALLS[name]
    )
    if isinstance(context, str) and isinstance(singular, str) and isinstance(plural, str) and singular:
        yield Words(singular, plural, context)


def collected() -> dict[Words, list[str]]:
    """Every marked sentence and the files that say it; the notes of the organisation's choices are said as they are."""
    choices = tomllib.loads((ROOT / CHOICES).read_text())["figures"].values()
    found = {Words(one["note"]): [CHOICES] for one in choices}
    python = [file for folder in ("config", "entremise") for file in sorted((ROOT / folder).rglob("*.py"))]
    pages = [file for ending in ("html", "txt", "svg") for file in sorted((ROOT / "templates").rglob(f"*.{ending}"))]
    for file in [*python, *pages]:
        for words in (in_python if file.suffix == ".py" else in_template)(file.read_text()):
            places = found.setdefault(words, [])
            if (place := str(file.relative_to(ROOT))) not in places:
                places.append(place)
    return found


def catalogue(language: str, found: dict[Words, list[str]]) -> Steady:
    """The catalogue of a language as the sources want it, with the translations that are there already."""
    wanted = Steady(language, fuzzy=False, header_comment=HEAD)
    for words, places in found.items():
        if language == "fr" and not words.plural:
            continue
        wanted.add(
            (words.singular, words.plural) if words.plural else words.singular,
            (words.singular, words.plural) if language == "fr" else None,
            locations=[(place, None) for place in places],
            context=words.context or None,
        )
    if language != "fr" and path(language).exists():
        with path(language).open("rb") as file:
            _fill(wanted, read_po(file, locale=language))
    return wanted


def _fill(wanted: Catalog, known: Catalog) -> None:
    """Each sentence gets its translation; a new one, fuzzy, that of a sentence that went and was nearly the same."""
    went = {str(one.id): one for one in known if one.id and wanted.get(one.id, one.context) is None}
    for message in wanted:
        if not message.id:
            continue
        same = known.get(message.id, message.context)
        near = None if same else get_close_matches(str(message.id), went, 1, 0.8)
        if same:
            message.string, message.flags = same.string, same.flags
        elif near and type(went[near[0]].string) is type(message.string):
            message.string = went[near[0]].string
            message.flags.add("fuzzy")


def steady(known: Catalog) -> Steady:
    """The same messages under a header that keeps; what went from the sources goes."""
    made = Steady(known.locale_identifier, fuzzy=False, header_comment=HEAD)
    for message in known:
        if message.id:
            made.add(message.id, message.string, message.locations, message.flags, context=message.context)
    return made


def path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def source_of(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, width=0, include_lineno=False)
    return out.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def files(found: dict[Words, list[str]]) -> dict[Path, bytes]:
    """What locale/ must hold."""
    made = {}
    for language in PLURALS:
        words = catalogue(language, found)
        made[path(language)] = source_of(words)
        made[path(language).with_suffix(".mo")] = compiled(words)
    return made


def waiting(words: Catalog) -> Iterator[Message]:
    """What a person must still translate, or look at."""
    for message in words:
        said = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id and (message.fuzzy or not all(said)):
            yield message


def main() -> int:
    found = collected()
    for file, content in files(found).items():
        if not file.exists() or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    left = list(waiting(catalogue("en", found)))
    sys.stdout.write("".join(f"{one.locations[0][0]}: {one.id}\n" for one in left))
    sys.stdout.write(f"{len(found)} sentences, {len(left)} to translate in {path('en').relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
