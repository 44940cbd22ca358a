"""English is whole and plain: each marked sentence has its own, and locale/ says what the sources say."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import ngettext, override

from tests.laws.tree import ROOT, clean
from tools import messages

HELD = re.compile(r"%\(\w+\)s|%%|\{\w+\}|</?\w[^>]*>")  # What a translation keeps: values and tags.
END = re.compile(r"[.?:!…,]?$")
HABITS = {
    r"[«»]": "English quotes are “ and ”",
    r"[ \u00a0\u202f][?!:;%](?!\w)": "English has no space before a mark",
    r"\d,\d\d?\b": "English writes 2.5",
    r"\d ?€|€ \d": "English writes €49.00",
    r"'": "the apostrophe is ’",
    r"(?i)\b(?:\w+n’t|(?:it|that|there|what|who|s?he)’s|\w+’(?:re|ll|ve|d|m))\b": "no contractions, read badly aloud",
}
# One word for one thing (docs/glossary.md): what is said otherwise, and how it is said here.
SAID_OTHERWISE = {
    r"\bmissions?\b": "job",
    r"\bshifts?\b|\bgigs?\b|\btasks? to offer\b": "job",
    r"\bSMS\b": "text",
    r"\bsalar(?:y|ies)\b|\bremuneration\b": "pay, wage",
    r"\bpay ?slips\b(?<!payslips)|\bpay slips?\b": "payslip",
    r"\bbills?\b": "invoice",
    r"\bcustomers?\b|\bbeneficiar(?:y|ies)\b|\busers?\b": "client, person",
    r"\bemployees?\b(?!’)|\bstaff\b": "worker, team",
    r"\bvalidate\b|\bsubmit\b|\binvalid\b|\boops\b|\bplease\b": "say what to do",
    r"\bcell ?phone\b|\bzip\b": "mobile, postcode",
    r"\b\w+iz(?:e|es|ed|ing|ation)s?\b(?<!size)(?<!sizes)": "UK spelling: organise",
}


def said(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def asked(message: Message) -> tuple[str, ...]:
    """The French of each English form: the singular may leave its number out, as « une minute » does."""
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def faults(message: Message) -> Iterator[str]:
    """What is wrong with one translation."""
    forms = said(message)
    if message.fuzzy or not all(forms):
        yield "is not translated, or fuzzy"
        return
    for french, english in zip(asked(message), forms, strict=True):
        if sorted(HELD.findall(french)) != sorted(HELD.findall(english)):
            yield f"and « {english} » hold other values or tags"
        if END.search(french.strip())[0] != END.search(english.strip())[0]:
            yield f"and « {english} » end otherwise"
        bare = re.sub(r"“[^”]*”", "“X”", HELD.sub("X", english))  # What is quoted is somebody else's word.
        for pattern, advice in {**HABITS, **SAID_OTHERWISE}.items():
            if re.search(pattern, bare, re.IGNORECASE if pattern in SAID_OTHERWISE else 0):
                yield f"« {english} »: {advice}"


def english() -> Catalog:
    with messages.path("en").open("rb") as file:
        return read_po(file, locale="en")


def test_every_sentence_is_translated_well() -> None:
    clean(f"« {one.id} » {fault}" for one in english() if one.id for fault in faults(one))


def test_the_catalogues_hold_what_the_sources_say_and_nothing_else() -> None:
    found = messages.collected()
    clean(
        f"{file.relative_to(ROOT)}: run make messages, translate what it lists, run it again"
        for file, content in messages.files(found).items()
        if not file.exists() or file.read_bytes() != content
    )


def test_a_new_sentence_waits_and_a_gone_one_goes() -> None:
    found = messages.collected() | {messages.Words("Phrase toute neuve."): ["entremise/doors/site/new.py"]}
    gone = next(iter(found))
    del found[gone]
    made = messages.catalogue("en", found)
    assert [one.id for one in messages.waiting(made)] == ["Phrase toute neuve."]
    assert made.get(gone.singular) is None


def test_every_letter_is_written_in_english_too() -> None:
    letters = ROOT / "templates" / "letters"
    names = {file.name for file in letters.glob("*.txt")}
    clean(f"templates/letters/en/{name}: write it" for name in names - {file.name for file in letters.glob("en/*.txt")})
    clean(f"templates/letters/en/{file.name}: remove it" for file in letters.glob("en/*.txt") if file.name not in names)


@pytest.mark.parametrize(
    ("french", "written"),
    [
        ("Oui", ""),
        ("Bonjour %(name)s.", "Hello."),
        ("Entrez.", "Come in"),
        ("Pas encore", "It isn’t ready"),
        ("« non »", "« no »"),
        ("Vous êtes là ?", "Are you there ?"),
        ("2,5 heures", "2,5 hours"),
        ("Une mission", "A mission"),
        ("Un SMS", "An SMS"),
        ("Organiser", "Organize"),
    ],
)
def test_a_poor_translation_is_found(french: str, written: str) -> None:
    assert list(faults(Message(french, written)))


def test_a_fuzzy_translation_is_found_and_a_sound_one_passes() -> None:
    assert list(faults(Message("Oui", "Yes", flags=["fuzzy"])))
    plural = Message(("%(n)s heure", "%(n)s heures"), ("%(n)s hour", "%(n)s hours"))
    assert list(faults(plural)) == list(faults(Message("Prix : 49,00 € ?", "Price: €49.00?"))) == []


# The catalogues


def test_what_is_collected_is_what_is_marked() -> None:
    python = "from django.utils.translation import gettext_lazy as later\nlater('Tard'); "
    python += 'gettext("Un " "mot"); ngettext("%s jour", "%s jours", n); pgettext("bouton", "Bas"); other("Non"); _(x)'
    assert list(messages.in_python(python)) == [
        messages.Words("Tard"),
        messages.Words("Un mot"),
        messages.Words("%s jour", "%s jours"),
        messages.Words("Bas", context="bouton"),
    ]
    page = """{% translate "Oui" %} Non {{ x|default:_("Rien") }}
    {% blocktranslate trimmed count n=n %}
      Un
    {% plural %}{{ n }}{% endblocktranslate %}"""
    assert list(messages.in_template(page)) == [
        messages.Words("Oui"),
        messages.Words("Rien"),
        messages.Words("Un", "%(n)s"),
    ]


def test_a_catalogue_names_no_date_and_no_machine() -> None:
    for language in messages.PLURALS:
        head = messages.path(language).read_text().partition("\n\n")[0]
        assert "Date" not in head
        assert "Translator" not in head
        assert not re.search(r"^#: .*:\d", messages.path(language).read_text(), re.MULTILINE)


def test_french_is_the_source_language() -> None:
    assert settings.LANGUAGE_CODE == "fr"
    with messages.path("fr").open("rb") as file:
        assert all(asked(one) == said(one) for one in read_po(file, locale="fr") if one.id), "French stands in the code"


def test_nothing_is_singular_in_french_and_plural_in_english() -> None:
    for language, none in (("fr", "0 ligne"), ("en", "0 lines")):
        with override(language):
            assert ngettext("%(count)s ligne", "%(count)s lignes", 0) % {"count": 0} == none
