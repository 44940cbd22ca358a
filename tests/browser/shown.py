"""Pages as the site answers them, before a browser shows them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import resolve, translate_url
from django.utils import translation

from tests.browser.world import Reader
from tests.laws.test_urls import Address, declared, filled

LANGUAGES = ("fr", "en")
# Never a page: for programs, a file, a fragment, the way out.
NOT_PAGES = re.compile(
    r"^(api/v1|style|script|healthz)|\.(pdf|xml|csv|js|txt|webmanifest)$|sortir|(apercu|suite|fec|au-plus|avancee)$"
)
OUT = {"site:leave", "site:leave_everywhere", "account_logout"}  # Nothing is typed there, and nobody comes back.
WRITTEN = {"text", "tel", "email", "search", "date", "number", "password", "textarea"}


@dataclass(frozen=True)
class Shown:
    reader: Reader
    language: str
    address: str
    body: str
    status: int

    def __str__(self) -> str:
        return f"{self.address} for {self.reader.name}"


class Again:
    """Answers a browser once more as the site answered: an error stands at the address of its form, for instance."""

    page: ClassVar[Shown | None] = None

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        one, host = self.page, request.get_host().partition(":")[0]
        if one and host == one.reader.host and request.path == urlsplit(one.address).path:
            return HttpResponse(one.body, status=one.status)
        return self.get_response(request)


def of_routes(readers: Sequence[Reader], wanted: Callable[[Address], bool]) -> Iterator[Shown]:
    """A page for each of these addresses, shown to the first of these people who may see it."""
    with translation.override("fr"):
        known = [one for one in declared() if "GET" in one.ways and wanted(one) and not NOT_PAGES.search(one.route)]
    for address in known:
        for reader in readers:
            there = filled(address, reader.rows) if address.parameters else f"/{address.route}"
            if found := [*everywhere(reader, [there])]:
                yield from found
                break


def everywhere(reader: Reader, addresses: Sequence[str], languages: Sequence[str] = LANGUAGES) -> Iterator[Shown]:
    """These pages in every language that somebody reads them in."""
    for address in addresses:
        for language in (reader.language,) if reader.language else languages:
            with translation.override("fr"):
                there = translate_url(address, language)
            answer = reader.client.get(there, headers={"host": reader.host, "accept-language": language})
            yield from _page(reader, language, there, answer)


def sent(reader: Reader, address: str, data: Mapping[str, object], language: str = "fr") -> HttpResponseBase:
    cache.clear()  # Nobody here knocks too often.
    return reader.client.post(address, dict(data), headers={"host": reader.host, "accept-language": language})


def after(reader: Reader, address: str, data: Mapping[str, object], then: str) -> Iterator[Shown]:
    """The page that follows an answer."""
    answer = sent(reader, address, data)
    assert answer.status_code == 302, f"{address}: {answer.status_code}"
    yield from everywhere(reader, [then])


def answered(reader: Reader, address: str, data: Mapping[str, object]) -> Iterator[Shown]:
    """The page that is the answer itself."""
    yield from _page(reader, reader.language or "fr", address, sent(reader, address, data))


def nonsense(shown: Sequence[Shown], tried: set[str]) -> Iterator[Shown]:
    """What each form of these pages says when « ??? » is written in every field, and in what it holds of itself where
    there is none. tried: gets the names of their ways.

    Answers keep to what somebody typed; a button may find its thing gone by another one, or not know what it was sent.
    """
    done = set()
    for one in shown:
        forms = Forms()
        forms.feed(one.body)
        for action, data in forms.found:
            address = urljoin(one.address, action)
            way = route_of(address)
            form = (way, tuple(data), one.language)
            if form not in done and way not in OUT:
                done.add(form)
                tried.add(way)
                typed = "???" in data.values()
                answer = sent(one.reader, address, data if typed else dict.fromkeys(data, "???"), one.language)
                expected = (302, 422) if typed else (200, 302, 400, 404, 409, 422)
                assert answer.status_code in expected, f"{address}: {answer.status_code} to nonsense"
                yield from _page(one.reader, one.language, address, answer)


def route_of(address: str) -> str:
    with translation.override("en" if address.startswith("/en/") else "fr"):
        return resolve(address.partition("?")[0]).view_name


def _page(reader: Reader, language: str, address: str, answer: HttpResponseBase) -> Iterator[Shown]:
    body = answer.getvalue().decode(errors="ignore") if hasattr(answer, "getvalue") else ""
    lost = answer.status_code == 404 and address not in ("/nulle-part", "/en/nowhere")
    if body.lstrip().startswith("<!doctype") and not lost:
        yield Shown(reader, language, address, body, answer.status_code)


class Forms(HTMLParser):
    """The forms that a page sends: where to, and what if every field to write in holds « ??? »."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = given.get("method") == "post"
            self.found += [(given.get("action", ""), {})] * self.open
        if self.open and "formaction" in given:  # Each button its own way, with the same fields.
            action, data = self.found[-1]
            self.found[-1 if not action else len(self.found) :] = [(given["formaction"], data)]
        if self.open and (name := given.get("name")):
            kind = given.get("type", "text") if tag == "input" else tag
            if kind in ("hidden", "button"):  # Of several buttons the first is pressed.
                self.found[-1][1].setdefault(name, given.get("value", ""))
            elif kind in WRITTEN:
                self.found[-1][1][name] = "???"

    def handle_endtag(self, tag: str) -> None:
        self.open = self.open and tag != "form"
