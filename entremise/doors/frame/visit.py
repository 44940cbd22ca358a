from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.forms import BaseForm
from django.http import HttpRequest

from entremise.kernel.act import STAFF, Act, Actor, Door, Role
from entremise.kernel.clock import now, told_in
from entremise.people.models import ProgramKey
from entremise.tenancy.models import Organisation

DESK = "/bureau"  # Its addresses are the same in every language: they speak that of whoever works there.


@dataclass(frozen=True)
class Visit:
    """Who is at the door, of which organisation. Made once per request by the Threshold."""

    organisation: Organisation
    actor: Actor
    name: str = ""  # What the page calls them.
    half_way: bool = False  # Right password, second factor still to come.
    language: str = ""  # What they read; the organisation's when nothing is known.
    program: ProgramKey | None = None  # At the API: the key of the program that acts as the person.

    @property
    def person(self) -> UUID:
        """The person at the door. Only guarded views ask; an anonymous visitor there is a bug."""
        if self.actor.person is None:
            raise LookupError("nobody is signed in")
        return self.actor.person

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.organisation.timezone)

    @property
    def given_name(self) -> str:
        return self.name.partition(" ")[0]

    def act(self, door: Door, *, on_behalf_of: UUID | None = None) -> Act:
        return Act(by=self.actor, at=told_in(self.zone, now()), door=door, on_behalf_of=on_behalf_of)


class Inside(HttpRequest):
    """A request past the Threshold."""

    visit: Visit
    form: BaseForm | None = None  # What was typed, when a page comes back with a refusal.
    refusal: str = ""  # A refusal that belongs to no form.
    as_of: UUID | None  # The latest fact when a page that may be kept began to be made.


Guard = Callable[[Visit], bool]


def anyone(visit: Visit) -> bool:
    return True


def signed_in(visit: Visit) -> bool:
    return visit.actor.person is not None


def with_role(*roles: Role) -> Guard:
    wanted = frozenset(roles)

    def holds_one(visit: Visit) -> bool:
        return bool(visit.actor.roles & wanted)

    return holds_one


staff = with_role(*STAFF)
money_staff = with_role(Role.TREASURER, Role.DIRECTOR)


def half_way(visit: Visit) -> bool:
    """Somebody whose password was right: they may set up or give their second factor, and nothing else."""
    return visit.half_way


worker = with_role(Role.WORKER, Role.SUPPLIER)  # Whoever goes to jobs.
supplier = with_role(Role.SUPPLIER)
client = with_role(Role.CLIENT)
