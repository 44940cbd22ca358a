"""Logs as events: which request, of which organisation, by which person's id. Never a name, a number or a secret."""

import logging
import logging.config
import re
from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

OURS = re.compile(r"[A-Za-z0-9._-]{8,64}")
ROWS = re.compile(r"^(DETAIL|CONTEXT|HINT|LINE \d+):.*\n?", re.MULTILINE)


def without_rows(logger: object, method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """PostgreSQL explains a broken constraint with the row itself: names and numbers that no log should have."""
    if "exception" in event:
        event["exception"] = ROWS.sub("", event["exception"])
    return event


BEFORE: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    without_rows,
]


class WithoutAddress(logging.Filter):
    """Django names the whole path of a failed request; some of ours end in a secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        if hasattr(record, "request"):
            record.msg, record.args = "request failed", ()
        return True


def configure() -> None:
    """One line an event on standard error: JSON for machines, colours while developing."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *BEFORE,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last = structlog.dev.ConsoleRenderer() if settings.DEBUG else structlog.processors.JSONRenderer()
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": BEFORE,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"event": formatter},
            "filters": {"without_address": {"()": WithoutAddress}},
            "handlers": {
                "events": {"class": "logging.StreamHandler", "formatter": "event", "filters": ["without_address"]}
            },
            "root": {"handlers": ["events"], "level": "WARNING"},
            "loggers": {"entremise": {"level": settings.LOG_LEVEL}, "django.request": {"level": "ERROR"}},
        }
    )


class RequestEvents:
    """Gives every request an id, sends it back, and writes one event when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if OURS.fullmatch(given) else uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=number)
        started = perf_counter()
        answer = self.get_response(request)
        answer["X-Request-ID"] = number
        # The route, not the path: a path may hold a token.
        route = request.resolver_match.route if request.resolver_match else "-"
        spent = round((perf_counter() - started) * 1000, 1)
        write(method=request.method, route=route, status=answer.status_code, ms=spent)
        return answer


def write(**event: object) -> None:
    structlog.get_logger("entremise.requests").info("request", **event)


def bind(*, organisation: str, person: object) -> None:
    """From here on every event of this request says which organisation and which person."""
    structlog.contextvars.bind_contextvars(organisation=organisation, person=str(person) if person else None)
