"""What every carrier of letters looks like from inside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


class ChannelDown(Exception):
    """The carrier cannot be reached or refuses for now: the same letter goes out later."""


class Undeliverable(Exception):
    """This letter will never arrive at this address: a person must take over."""


@dataclass(frozen=True)
class Attachment:
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Outgoing:
    """One letter on its way. `reference` and `queued_at` (aware) are the same at every attempt: carriers derive from
    them the name under which they recognise a repeat.
    """

    to: str
    subject: str
    body: str
    reference: UUID
    queued_at: datetime
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What the carrier said when it took the letter. Taken is not yet read."""

    answer: str


class Channel(Protocol):
    def send(self, message: Outgoing) -> Receipt:
        """Hand the letter over. Raises ChannelDown (try again) or Undeliverable (never will)."""
        ...
