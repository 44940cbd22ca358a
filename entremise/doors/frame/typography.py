"""Spaces that a line must not break at, as French wants them: before « ? », « : », « € », in « 17 h 30 », « 2 mai »."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

# What is typed into a field comes back as it was typed: tags and text areas stay untouched.
_LEFT_ALONE = re.compile(r"(<textarea\b.*?</textarea>|<[^>]*>)", re.DOTALL)
_SPACE = re.compile(
    r" (?:(?<=\S )(?=[?!:;»%€])|(?<=« )|(?<=\d )(?=h\b|min\b|– \d)|(?<=\d.h )(?=\d\d\b|– \d)|(?<=[\dh].– )(?=\d)"
    r"|(?:(?<=\d )|(?<=\der ))(?=janv|févr|mars|avr|mai\b|juin|juil|août|sept|oct|nov|déc))"
)


def french(page: str) -> str:
    """The same page, its plain spaces no-break where a French reader expects it."""
    parts = _LEFT_ALONE.split(page)
    parts[::2] = [_SPACE.sub("\u00a0", text) for text in parts[::2]]
    return "".join(parts)


class Typography:
    """Sets the spaces of every French page; nobody has to think of them in a template."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        said_in = translation.get_language() or ""
        if said_in.startswith("fr") and not answer.streaming and answer.get("Content-Type", "").startswith("text/html"):
            answer.content = french(answer.content.decode()).encode()
        return answer
