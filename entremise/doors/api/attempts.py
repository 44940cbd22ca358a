"""Attempts to write: done once, answered as often as a program asks again."""

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from entremise.doors.frame.visit import Inside
from entremise.kernel.act import Door
from entremise.people import operations as people
from entremise.people.rules.programs import request_digest
from entremise.tenancy import scope

HEADER: Final = "Idempotency-Key"
NAMED: Final = re.compile(r"[!-~]{1,80}")
JSON: Final = "application/json; charset=utf-8"


def name_of(request: HttpRequest) -> str:
    """How the program calls this attempt; empty when it does not say, or not so that it can be kept."""
    name = str(request.headers.get(HEADER, ""))
    return name if NAMED.fullmatch(name) else ""


def answered(request: Inside, make: Callable[[], HttpResponse]) -> HttpResponse:
    """What `make` answers in one transaction, or answered to the same attempt before.

    An error is raised through here and not kept: nothing was done, and the next time may be better.
    Raises Refused("attempt_differs").
    """
    program = request.visit.program
    if program is None:
        raise LookupError("nobody writes without a key")
    asked = request_digest(request.method or "", request.get_full_path(), request.body)
    with scope.writing(request.visit.organisation.id):
        act = request.visit.act(Door.API)
        kept = people.begin_attempt(act=act, program=program, key=name_of(request), asked=asked)
        if kept.status:
            answer = HttpResponse(kept.body, status=kept.status, content_type=JSON)
            answer["Idempotent-Replayed"] = "true"
            return answer
        answer = make()
        people.keep_answer(kept=kept, status=answer.status_code, body=answer.content.decode())
    return answer
