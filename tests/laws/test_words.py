"""Words that people see or hear are marked, whatever file says them: code of the doors and scripts as well as pages."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.laws.test_templates import TAG
from tests.laws.tree import ROOT, Source, clean, sources
from tools.messages import CALLS

SHOWN = ("entremise/doors/desk/", "entremise/doors/site/", "entremise/doors/frame/", "entremise/doors/api/")
ACCENTS = re.compile(r"[àâçéèêëîïôöùûüÿœæ«»]", re.IGNORECASE)
PHRASE = re.compile(
    r"\b(?:le|la|les|des|du|une?|vous|votre|nous|notre|est|sont|pour|avec|dans|sur|pas|par|heures?|jours?)\b \w"
)
# What a string that stays French begins with, and why it stays.
MAY = {
    "Ce moment est passé. Dites un jour": "an example in the API’s document, in the language of an answer",
    r"^\s*\d{1,2}[h:]?": "how hours are typed",
    r" (?:(?<=\S )(?=[?!:;»%€])": "the marks that French typography is about",
}
COMMENT = re.compile(r"/\*.*?\*/|(?m:(?<![:\"'])//.*$)", re.DOTALL)
QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`")


def french(text: str) -> bool:
    told = len(text) > 1 and (ACCENTS.search(text) or PHRASE.search(text))  # A letter alone is a separator.
    return bool(told) and not text.startswith(tuple(MAY))


def unmarked(source: Source) -> Iterator[str]:
    """Strings of a door that are French and that no gettext call holds; what documents the code is none."""
    marked = {id(one) for call, name in source.calls if name.rpartition(".")[2] in CALLS for one in ast.walk(call)}
    silent = {id(node.value) for node in ast.walk(source.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in marked | silent:
            continue
        if french(node.value):
            yield f"{source.at(node)}: « {node.value.strip()[:60]} » → _()"


def unmarked_in_script(name: str, text: str) -> Iterator[str]:
    for found in QUOTED.findall(COMMENT.sub("", text)):
        said = "".join(found)
        if french(said):
            yield f"{name}: « {said[:60]} » → a data attribute that the page translates"


def unmarked_in_picture(name: str, text: str) -> Iterator[str]:
    for said in re.findall(r'(?:aria-label|alt|title)="([^"]*)"', TAG.sub("", text)):
        if french(said):
            yield f"{name}: « {said[:60]} » → {{% translate %}}"


def test_every_word_of_the_doors_is_marked() -> None:
    clean(sentence for source in sources() if source.path.startswith(SHOWN) for sentence in unmarked(source))


def test_scripts_say_nothing_of_their_own() -> None:
    files = sorted((ROOT / "static" / "js").rglob("*.js"))
    clean(sentence for file in files for sentence in unmarked_in_script(file.name, file.read_text()))


def test_every_picture_is_told_in_marked_words() -> None:
    files = sorted((ROOT / "templates").rglob("*.svg"))
    clean(sentence for file in files for sentence in unmarked_in_picture(file.name, file.read_text()))


@pytest.mark.parametrize(
    "text", ['x = "Demande envoyée"', 'say("Il n\'y a rien pour vous")', 'x = f"{n} missions à voir"']
)
def test_unmarked_french_is_found(text: str) -> None:
    assert list(unmarked(Source("entremise/doors/desk/planted.py", text)))


def test_marked_french_and_comments_pass() -> None:
    text = (
        '"""Écrit « ici »."""\nfrom django.utils.translation import gettext as _\nx = _("Déjà vu")  # été\ny = "done"'
    )
    assert list(unmarked(Source("entremise/doors/desk/sound.py", text))) == []


def test_french_of_a_script_or_a_picture_is_found() -> None:
    assert list(unmarked_in_script("planted.js", 'tell("Envoyé")  // noté'))
    assert not list(unmarked_in_script("sound.js", "// « 4 h 30 », noté\ntell('sent')"))
    assert list(unmarked_in_picture("planted.svg", '<svg role="img" aria-label="Une rue animée">'))
