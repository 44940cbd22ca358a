"""Every « no » of a room has words for the person who hears it, and no words wait for a code that nobody says."""

import re
from collections.abc import Mapping
from datetime import date

import pytest

from entremise.doors.desk import words as desk
from entremise.doors.frame import words
from entremise.kernel.refused import Refused
from entremise.people.rules import identity, preview
from tests.laws.refusals import BLOCK, MATCHING, PREVIEW, REFUSED, Said, all_said, said
from tests.laws.tree import Source, clean

# The reason of a match, named in identity.Match and handed on as it is.
HANDED_ON = frozenset(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b|\bhomonym\b|\bseveral\b", identity.Match.__doc__ or ""))
MATCHES = [Said(code, frozenset({"name", "people"}), "people/rules/identity.py") for code in {*HANDED_ON, "decided"}]
# Said by a function that chooses among several sentences.
CHOSEN = {"distance", "free", "ends_before"}


def placeholders(sentence: object) -> frozenset[str]:
    return frozenset(re.findall(r"%\((\w+)\)", str(sentence)))


def faults(table: Mapping[str, object], codes: list[Said], *, elsewhere: frozenset[str] = frozenset()) -> list[str]:
    """What a table of words lacks, names that are not given, and words for nobody."""
    found = []
    for one in codes:
        if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", one.code):
            found.append(f"{one.at}: write the code as a snake_case word that can be read here, not « {one.code} »")
        elif one.code not in table and one.code not in elsewhere:
            found.append(f"{one.at}: {one.code} has no words")
        elif one.code in table and (unknown := placeholders(table[one.code]) - (one.params or frozenset())):
            found.append(f"{one.at}: the words of {one.code} name {sorted(unknown)}, which it does not give")
    return found + [f"{code}: nobody says it; take its words out" for code in set(table) - {one.code for one in codes}]


REASONS = [one for one in all_said(PREVIEW) if one.code]


def test_every_refusal_has_its_sentence() -> None:
    clean(faults(words.SENTENCES, all_said(REFUSED)))


def test_every_line_of_an_import_has_its_words() -> None:
    own = [one for one in REASONS if one.code not in words.SENTENCES]
    clean(faults(words.LINES, own + MATCHES))
    shared = {code: words.SENTENCES[code] for code in {one.code for one in REASONS} & set(words.SENTENCES)}
    clean(faults(shared, [one for one in REASONS if one.code in shared]))


def test_every_reason_for_a_suggestion_has_its_words() -> None:
    clean(faults(desk._REASONS, [one for one in all_said(MATCHING) if one.code not in CHOSEN]))


def test_every_block_has_its_words() -> None:
    clean(faults(desk._BLOCKS, all_said(BLOCK)))


def test_faults_of_a_table_are_found() -> None:
    codes = [Said("known", frozenset({"a"}), "x"), Said("silent", frozenset(), "y"), Said("", None, "z")]
    found = "\n".join(faults({"known": "%(b)s", "old": "…"}, codes))
    assert "known name ['b']" in found
    assert "silent has no words" in found
    assert "old: nobody says it" in found
    assert "z: write the code" in found


def test_codes_are_read_from_the_source() -> None:
    text = (
        "from entremise.kernel.refused import Refused\n"
        "params = {'day': 1}\n"
        "raise Refused('late', params, where='day')\n"
        "raise Refused('a' if x else 'b')\n"
        "raise Refused(code)\n"
    )
    read = [(one.code, one.params) for one in said(Source("entremise/jobs/rules/x.py", text), REFUSED)]
    assert sorted(read, key=str) == [
        ("", frozenset()),
        ("a", frozenset()),
        ("b", frozenset()),
        ("late", frozenset({"day"})),
    ]


BLAME = re.compile(
    r"\b(invalides?|incorrecte?s?|erroné|interdit|oups|usager|bénéficiaire|candidat|valider)\b", re.IGNORECASE
)
EVERY = {**words.SENTENCES, **words.LINES, **desk._REASONS, **desk._BLOCKS}


def test_sentences_help_and_do_not_blame() -> None:
    clean(
        f"{code}: say what to do, without « {found[0]} »"
        for code, text in EVERY.items()
        if (found := BLAME.search(str(text)))
    )


def test_sentences_end_like_sentences() -> None:
    clean(
        f"{code}: end with a full stop"
        for code, text in {**words.SENTENCES, **words.LINES}.items()
        if str(text)[-1] not in ".?"
    )


def test_sentences_are_short() -> None:
    parts = {code: re.split(r"[.?] ", str(text)) for code, text in words.SENTENCES.items()}
    clean(
        f"{code}: « {part} » has more than 18 words"
        for code, all_ in parts.items()
        for part in all_
        if len(part.split()) > 18
    )


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (Refused("price_below_cost", {"price": 2050, "cost": 2100}), "20,50"),
        (Refused("hours_confirmed", {"minutes": 210}), "3\u00a0h\u00a030"),
        (Refused("period_closed", {"up_to": date(2026, 10, 31)}), "samedi 31 octobre 2026"),
    ],
    ids=lambda value: getattr(value, "code", ""),
)
def test_values_are_said_as_people_say_them(refused: Refused, said: str) -> None:
    assert said in words.sentence(refused)


def test_a_line_may_be_refused_in_the_words_of_a_refusal() -> None:
    reason = preview.Reason.of(Refused("phone_not_understood", {"typed": "06"}))
    assert words.line_words(reason).startswith("Le numéro « 06 »")
