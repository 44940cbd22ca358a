"""Every page in English: no word of French is left on it, but where the page says that it is French."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.http import HttpResponseBase
from django.urls import translate_url
from django.utils import translation

from entremise.people.models import Person
from entremise.tenancy import scope
from entremise.tenancy.base import TenantModel
from entremise.tenancy.models import Organisation
from tests.laws.callers import Caller, declared, filled
from tests.laws.test_templates import SAID, SILENT
from tests.laws.test_urls import kept, owners
from tests.laws.tree import clean

__all__ = ["kept", "owners"]

FRENCH = re.compile(
    r"\b(?:le|la|les|l’|des|du|une|vous|votre|vos|nous|notre|nos|sont|avec|dans|aux|chez|pas|qui|heures?|jours?|mois"
    r"|[a-zà-ÿœ]*[éèêëàâçùûôîïœ][a-zà-ÿœ]*)\b",
    re.IGNORECASE,
)
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Heard(HTMLParser):
    """What a reader of the page sees or hears in the page's own language."""

    def __init__(self) -> None:
        super().__init__()
        self.language = ""
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []  # Each open element, and whether it is heard.

    @property
    def heard(self) -> bool:
        return not self.open or self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        ours = self.heard and given.get("lang", self.language) == self.language and tag not in SILENT | {"style"}
        if ours:
            said = SAID - ({"content"} if tag == "meta" and given.get("name") != "description" else set())
            self.found += [value for name, value in attrs if value and name in said]
        if tag not in VOID:
            self.open.append((tag, ours))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.heard:
            self.found.append(data)


def french_in(page: str, *, data: tuple[str, ...] = ()) -> Iterator[str]:
    """The pieces of an English page that hold a French word. data: what the organisation wrote itself."""
    parser = Heard()
    parser.feed(page)
    if parser.language != "en":
        yield f"the page says that it is « {parser.language} »"
        return
    for piece in parser.found:
        text = " ".join(piece.split())
        for own in data:
            text = text.replace(own, "")
        if FRENCH.search(text):
            yield text[:80]


def walked(callers: list[Caller], rows: dict[str, TenantModel], data: tuple[str, ...]) -> Iterator[str]:
    for address in declared():
        if "GET" not in address.ways:
            continue
        with translation.override("fr"):
            asked = translate_url(filled(address, rows), "en")
        for caller in callers:
            answer = caller.asks("GET", asked)
            if answer.headers.get("Content-Type", "").startswith("text/html") and answer.status_code != 302:
                yield from (f"{asked} as {caller.name}: « {piece} »" for piece in french_in(_text(answer), data=data))


def _text(answer: HttpResponseBase) -> str:
    text = answer.getvalue().decode()
    return text if text.lstrip().startswith("<!doctype") else f'<html lang="en">{text}</html>'


@pytest.mark.django_db
def test_no_page_in_english_says_a_word_of_french(
    kept: dict[str, TenantModel], owners: list[Caller], organisation: Organisation
) -> None:
    with scope.within(organisation.id):
        Person.objects.update(language="en")
    for caller in owners:
        caller.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        caller.client.raise_request_exception = False  # Rows made from columns alone may be too odd to be shown.
    own = (organisation.name, organisation.tagline, organisation.opening_hours, "Français")
    clean(walked(owners, kept, tuple(filter(None, own))))


@pytest.mark.parametrize(
    "page",
    [
        '<html lang="en"><p>Bonjour à toutes</p></html>',
        '<html lang="en"><img src="x" alt="La carte">',
        '<html lang="fr"><p>Hello</p>',
        '<html lang="en"><p lang="fr">Bonjour<br></p> vous</html>',
    ],
)
def test_a_french_word_is_found(page: str) -> None:
    assert list(french_in(page))


def test_what_says_that_it_is_french_passes() -> None:
    page = '<html lang="en"><a lang="fr" href="/">Aide à la personne</a><br><p>Le Pas de Porte</p><script>le</script>'
    assert list(french_in(page, data=("Le Pas de Porte",))) == []
