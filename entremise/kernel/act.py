from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Door(StrEnum):
    """How the world came in. PHONE is the desk acting while somebody speaks; COUNTER while somebody stands there."""

    SITE = "site"
    DESK = "desk"
    PHONE = "phone"
    COUNTER = "counter"
    TEXT = "text"
    PAPER = "paper"
    API = "api"
    CLOCK = "clock"


class Role(StrEnum):
    COORDINATOR = "coordinator"
    SUPPORT_WORKER = "support_worker"
    TREASURER = "treasurer"
    DIRECTOR = "director"
    WORKER = "worker"
    SUPPLIER = "supplier"
    CLIENT = "client"
    NETWORK_OPERATOR = "network_operator"


STAFF = frozenset({Role.COORDINATOR, Role.SUPPORT_WORKER, Role.TREASURER, Role.DIRECTOR})


@dataclass(frozen=True)
class Actor:
    """Who acts. `person` is None for the organisation's own clock."""

    person: UUID | None
    roles: frozenset[Role] = frozenset()


THE_CLOCK = Actor(person=None)


@dataclass(frozen=True)
class Act:
    """The circumstances of one operation: who, for whom, when, through which door.

    One value instead of four arguments repeated on every operation; nothing in it is ambient.
    `on_behalf_of` is the person whose wish is carried out when staff act for somebody.
    """

    by: Actor
    at: datetime
    door: Door
    on_behalf_of: UUID | None = None

    @property
    def whose(self) -> UUID | None:
        """The person whose wish this is."""
        return self.on_behalf_of or self.by.person

    def for_person(self, person: UUID) -> "Act":
        return replace(self, on_behalf_of=person)
