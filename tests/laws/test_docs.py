"""Documents that name files name files that exist; the glossary knows every noun; decisions stay short."""

import ast
import re
from collections.abc import Iterator

from django.apps import apps

from tests.laws.tree import ROOT, clean, sources

ADR = sorted((ROOT / "docs" / "adr").glob("*.md"))
TOLD = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
PATH = re.compile(
    r"`((?:entremise|templates|static|tests|docs|config|tools|locale)/[\w./-]+|[\w-]+/[\w./-]+\.(?:py|toml|html))`"
)


def lost(text: str) -> Iterator[str]:
    """Paths between back ticks that lead nowhere. A room's file may be named from its room: `jobs/rules/limits.py`."""
    for path in PATH.findall(text):
        if not any(
            (folder / path).exists() for folder in (ROOT, ROOT / "entremise", ROOT / "templates", ROOT / "static")
        ):
            yield path


def test_files_that_documents_name_exist() -> None:
    clean(f"{document.name}: {path} is not there" for document in TOLD for path in lost(document.read_text()))


def test_a_lost_path_is_found() -> None:
    assert list(lost("see `entremise/kernel/money.py`, `kernel/act.py` and `entremise/kernel/gone.py`")) == [
        "entremise/kernel/gone.py"
    ]


def glossary() -> str:
    return (ROOT / "docs" / "glossary.md").read_text()


def unknown_nouns(text: str) -> list[str]:
    ours = {model.__name__ for model in apps.get_models() if model.__module__.startswith("entremise.")}
    return sorted(noun for noun in ours if f"`{noun}`" not in text)


def test_the_glossary_knows_every_noun() -> None:
    assert unknown_nouns(glossary()) == [], "add the word of the trade, the noun and its meaning to docs/glossary.md"


def test_a_noun_that_the_glossary_lacks_is_found() -> None:
    assert unknown_nouns(glossary().replace("`Person`", "")) == ["Person"]


def test_the_glossary_names_no_noun_of_the_past() -> None:
    ours = {node.name for source in sources() for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)}
    named = re.findall(r"^\| [^|]+ \| `([A-Z][a-z]\w*)`", glossary(), re.MULTILINE)
    assert [noun for noun in named if noun not in ours] == []


def test_decisions_are_numbered_and_short() -> None:
    assert [int(one.name[:4]) for one in ADR] == list(range(1, len(ADR) + 1))
    for one in ADR:
        text = one.read_text()
        assert text.count("\n") <= 40, f"{one.name}: a decision fits on a page"
        assert [part for part in ("## Context", "## Decision", "## Consequences") if part not in text] == [], one.name
