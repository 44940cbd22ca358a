"""A work mode is one folder and one line of the registry: nobody else asks which one it is."""

import ast
from collections.abc import Iterator

from entremise.jobs.rules.modes.registry import MODES
from tests.laws.tree import ROOT, Source, broken, clean, found

HOME = "entremise/jobs/rules/modes/"


def names_no_mode(source: Source) -> Iterator[str]:
    if source.path.startswith(HOME):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and node.value in MODES:
            yield f"{source.at(node)}: ask the Mode what it says, not whether it is {node.value}"
    for line, name in source.imports:
        if any(name.startswith(f"entremise.jobs.rules.modes.{code}") for code in MODES):
            yield f"{source.at(line)}: only the registry knows {name}; read MODES"


def test_nobody_asks_which_mode_it_is() -> None:
    clean(broken(names_no_mode))


def test_no_template_names_a_mode() -> None:
    texts = {file: file.read_text() for file in sorted((ROOT / "templates").rglob("*.*")) if file.suffix != ".ttf"}
    clean(f"{file.relative_to(ROOT)}: names {code}" for file, text in texts.items() for code in MODES if code in text)


def test_a_name_of_a_mode_elsewhere_is_found() -> None:
    assert found(names_no_mode, "entremise/settlement/rules/claims.py", "x = mode == 'placement_fr'\n")
    planted = "from entremise.jobs.rules.modes.self_employed_fr import shares\n"
    assert found(names_no_mode, "entremise/jobs/queries/prices.py", planted)


def test_every_mode_lives_in_a_folder_of_its_name() -> None:
    folders = {path.name for path in (ROOT / HOME).iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(MODES)
