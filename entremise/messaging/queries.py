from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.template.loader import render_to_string
from django.utils import translation

from entremise.messaging.models import Call, Incoming, Letter, Task
from entremise.messaging.rules import WAY_IN, to_gsm7


@dataclass(frozen=True)
class OutboxState:
    """waiting: letters that may leave; late: those whose time came more than ten minutes ago and are still here."""

    waiting: int
    late: int
    given_up: int


def words_of(*, template: str, context: Mapping[str, object], channel: str, language: str) -> tuple[str, str]:
    """Subject and body of a letter. A text message has no subject and keeps to the GSM alphabet.

    `templates/letters/<template>.text.txt` holds the text message, `.mail.txt` (first line: subject) the rest, in
    French; `templates/letters/<language>/` the same letter in another language.
    """
    ending, said = "text.txt" if channel == "text" else "mail.txt", {"way_in": WAY_IN, **context}
    names = [f"letters/{language}/{template}.{ending}", f"letters/{template}.{ending}"]
    with translation.override(language):
        written = render_to_string(names, said)
    if channel == "text":
        return "", to_gsm7(" ".join(written.split()))
    subject, _, body = written.strip().partition("\n")
    return subject.strip(), body.strip()


def letters_of(*, person: UUID, limit: int = 50) -> list[Letter]:
    return list(Letter.objects.filter(person_id=person).order_by("-queued_at")[:limit])


def letters_about(*, about_id: UUID) -> list[Letter]:
    return list(Letter.objects.filter(about_id=about_id).select_related("person").order_by("queued_at"))


def has_reached(*, key: str) -> bool:
    """Whether the letter of this key left for its reader, or somebody has told them instead."""
    letter = Letter.objects.filter(key=key).first()
    if letter is None:
        return False
    told = Task.objects.filter(about="letter", about_id=letter.id, outcome="done")
    return letter.state == "sent" or told.exists()


def outbox_state(*, late_before: datetime) -> OutboxState:
    carried = ~models.Q(channel="voice")
    return OutboxState(
        **Letter.objects.aggregate(
            waiting=models.Count("id", filter=models.Q(state="queued") & carried),
            late=models.Count("id", filter=models.Q(state="queued", due_at__lt=late_before) & carried),
            given_up=models.Count("id", filter=models.Q(state="given_up")),
        )
    )


def incoming(*, incoming: UUID) -> Incoming:
    return Incoming.objects.select_related("person").get(id=incoming)


def call(*, call: UUID) -> Call | None:
    return Call.objects.select_related("person").filter(id=call).first()


def task(*, task: UUID) -> Task:
    return Task.objects.select_related("person").get(id=task)


def open_tasks(*, limit: int = 200) -> list[Task]:
    """What waits for a human, the most pressing first."""
    return list(Task.objects.filter(done_at__isnull=True).select_related("person").order_by("due_at", "id")[:limit])
