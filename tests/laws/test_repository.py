"""What is committed: no address of an index, no path of a machine, locks that match."""

import re
import subprocess
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.laws.tree import ROOT, clean

# Written in two halves, or this file would break its own law.
HOSTS = [
    first + second
    for first, second in [("pypi.", "org"), ("pythonhosted.", "org"), ("registry.", "npmjs"), ("--index", "-url ")]
]
MACHINE = re.compile(r"(?<![\w.~])/" + r"(?:work|root|home/\w+|Users/\w+)/[\w.]")
LINES_THAT_MAY = re.compile("--no-emit-index" + "-url")


@cache
def committed() -> tuple[Path, ...]:
    """Files that git tracks, or would."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return tuple(ROOT / name for name in names if name and (ROOT / name).is_file())


def addresses_in(text: str) -> list[str]:
    return [host for host in HOSTS if host in LINES_THAT_MAY.sub("", text)] + MACHINE.findall(text)


def test_no_file_names_an_index_or_a_machine() -> None:
    for file in committed():
        content = file.read_bytes()
        if b"\0" not in content[:8000] and file.parent.name != "vendor":
            found = addresses_in(content.decode(errors="replace"))
            assert found == [], f"{file.relative_to(ROOT)}: take the address out"


@pytest.mark.parametrize(
    "text", ["https://" + HOSTS[0] + "/simple", "in /" + "work/main/x", HOSTS[3] + "x", "/" + "root/.cache/a"]
)
def test_an_address_is_found(text: str) -> None:
    assert addresses_in(text)


def test_paths_of_our_own_pass() -> None:
    assert not addresses_in("frame/work/x, /bureau/, " + "uv pip compile --no-emit-index" + "-url")


def test_no_file_is_large() -> None:
    large = [file for file in committed() if file.stat().st_size > 1_500_000]
    assert large == [], "keep it out of the repository, or make it smaller"


# Dependencies


def direct(group: str = "") -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["dependency-groups"][group] if group else project["project"]["dependencies"]
    return [Requirement(one) for one in wanted]


def pins(text: str) -> dict[str, str]:
    """Package → version of a lock file."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ \\;]+)", text, re.MULTILINE)
    return {canonicalize_name(name): number for name, number in found}


def unpinned(wanted: list[Requirement], lock: str) -> list[str]:
    pinned = pins(lock)
    faults = []
    for one in wanted:
        number = pinned.get(canonicalize_name(one.name))
        if number is None:
            faults.append(f"{one.name} is not locked; run make lock")
        elif not one.specifier.contains(number, prereleases=True):
            faults.append(f"{one} is locked at {number}; run make lock")
    return faults


RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"


def test_locks_hold_every_direct_dependency() -> None:
    clean(unpinned(direct(), RUNTIME.read_text()))
    clean(unpinned(direct() + direct("dev"), DEVELOPMENT.read_text()))


def test_a_missing_or_wrong_pin_is_found() -> None:
    lock = "Alpha==1.0 \\\n    --hash=sha256:00\n"
    assert unpinned([Requirement("alpha>=1")], lock) == []
    assert unpinned([Requirement("alpha>=2"), Requirement("beta")], lock) == [
        "alpha>=2 is locked at 1.0; run make lock",
        "beta is not locked; run make lock",
    ]


def test_both_locks_agree() -> None:
    runtime, development = pins(RUNTIME.read_text()), pins(DEVELOPMENT.read_text())
    assert {name: development.get(name) for name in runtime} == runtime, "run make lock"


def test_every_pin_has_its_hash() -> None:
    for lock in (RUNTIME, DEVELOPMENT):
        entries = re.split(r"^(?=\S+==)", lock.read_text(), flags=re.MULTILINE)
        assert [entry.split()[0] for entry in entries if "==" in entry and "--hash=" not in entry] == []


def test_no_lock_holds_what_nothing_wants() -> None:
    """Every locked package says why it is there; a direct one names the project file."""
    names = {canonicalize_name(one.name) for one in direct()}
    roots = set(
        re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==[^#]*?# via(?:\n    #  )? entremise", RUNTIME.read_text(), re.MULTILINE)
    )
    assert {canonicalize_name(name) for name in roots} <= names


def test_what_runs_is_what_is_locked() -> None:
    pinned = pins(DEVELOPMENT.read_text())
    assert {one.name: version(one.name) for one in direct()} == {
        one.name: pinned[canonicalize_name(one.name)] for one in direct()
    }


# Licence, doors, languages


def test_the_licence_is_the_agpl() -> None:
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text()[:200]
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"] == "AGPL-3.0-or-later"


def test_what_others_made_carries_its_licence() -> None:
    """Fonts and vendored files lie beside the text of their licence and a note of where they come from."""
    foreign = {file.parent for file in committed() if file.suffix in (".ttf", ".woff2") or "vendor" in file.parts[:-2]}
    for folder in foreign:
        names = [file.name.upper() for file in folder.iterdir()]
        assert any("LICEN" in name or "OFL" in name for name in names), f"{folder.relative_to(ROOT)}: add the licence"


def test_the_project_has_three_doors() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert all(re.search(rf"^{door}:.*## ", makefile, re.MULTILINE) for door in ("demo", "test", "check"))
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100, "chmod +x .ci/run"
