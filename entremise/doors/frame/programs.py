"""Who comes in at the API: a program with a key, and never the session of a browser."""

from django.conf import settings
from django.http import HttpRequest

from entremise.doors.frame.sessions import NOBODY
from entremise.doors.frame.visit import Guard, Visit
from entremise.kernel.act import Actor, Door, Role
from entremise.people import queries as people
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation

BEARER = "bearer"


def visit_of_program(request: HttpRequest, organisation: Organisation) -> Visit:
    """The person as whom a program acts here, with the roles they hold now; nobody without a key that opens."""
    nobody = Visit(organisation, NOBODY)
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != BEARER or not secret:
        return nobody
    with scope.reading(organisation.id):
        on = nobody.act(Door.API).at.date()
        found = people.program(secret=secret.strip(), on=on, secret_key=settings.SECRET_KEY)
    if found is None:
        return nobody
    known = found.person
    # Roles that reach beyond one organisation stay with whoever signs in.
    actor = Actor(known.person, known.roles - {Role.NETWORK_OPERATOR})
    return Visit(organisation, actor, known.name, language=known.language, program=found.key)


def with_scope(wanted: str) -> Guard:
    """A program whose key has this scope."""

    def holds_it(visit: Visit) -> bool:
        return visit.program is not None and wanted in visit.program.scopes

    return holds_it
