"""Help where it is needed: no reason stops somebody without saying what to do, and no word is explained in vain."""

import re
from collections.abc import Iterator

import pytest

from entremise.doors.desk import words
from entremise.doors.desk.words_blocks import REMEDIES
from entremise.doors.frame.words_help import TERM_OF, TERMS
from entremise.doors.frame.words_papers import DOCUMENTS
from tests.laws.test_templates import PAGES, text_of
from tests.laws.tree import Source, broken, clean, found, sources, textual_constants

ASKED = re.compile(r'{% help_on "(\w+)" %}')


def reasons(source: Source) -> Iterator[tuple[str, str]]:
    """Where a rule of the room stops somebody, and with which codes."""
    for call, name in source.calls:
        if name.rpartition(".")[2] == "Block" and call.args and source.room == "jobs":
            codes = list(textual_constants(call.args[0])) or ["?"]
            yield from ((source.at(call), code) for code in codes)


def helpless(source: Source) -> Iterator[str]:
    for where, code in reasons(source):
        if code not in REMEDIES:
            yield f"{where}: « {code} » → what to do and where, in entremise/doors/desk/words_blocks.py"
        elif code not in words._BLOCKS or (REMEDIES[code][1].about == "worker" and code not in words._BLOCKED_COUNT):
            yield f"{where}: « {code} » → its sentence and its word or two, in entremise/doors/desk/words.py"


def test_every_reason_says_what_to_do() -> None:
    assert broken(helpless) == []


def test_no_help_is_left_of_a_reason_that_is_gone() -> None:
    given = {code for source in sources() for _, code in reasons(source)}
    assert REMEDIES.keys() == given
    assert TERM_OF.keys() <= given


@pytest.mark.parametrize("code", ['"too_tall"', 'f"pass_{state}"', '"overlap" if state else "too_far"', "state"])
def test_a_reason_without_help_is_found(code: str) -> None:
    text = f"from entremise.jobs.rules.limits import Block\nrule = lambda state: Block({code}, {{}})"
    assert found(helpless, "entremise/jobs/rules/planted.py", text)


def test_every_word_that_is_explained_is_met_somewhere() -> None:
    asked = {name for page in PAGES for name in ASKED.findall(text_of(page))} | set(TERM_OF.values())
    clean(f"« {name} » → a word of entremise/doors/frame/words_help.py" for name in asked - TERMS.keys())
    clean(f"« {name} » is explained nowhere: {{% help_on %}}" for name in TERMS.keys() - asked - DOCUMENTS.keys())
