from time import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from entremise.doors.frame.visit import Visit
from entremise.kernel.act import STAFF, Actor, Role
from entremise.people import queries as people
from entremise.people.models import Account, Person
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation

PERSON = "person"
MARK = "person_mark"
SEEN = "seen"
NOBODY = Actor(person=None)
POWERS = STAFF | {Role.NETWORK_OPERATOR}  # Roles that a code alone never opens.
IDLE = 12 * 3600  # Seconds: a working day, so that the desk signs in once each morning.
WRITTEN_EVERY = 600


def visit_of(request: HttpRequest, organisation: Organisation) -> Visit:
    """Who the session speaks for, in this organisation. A session of another organisation is nobody here.

    Staff count as signed in only with their second factor; until then the visit is half way.
    """
    session, account = request.session, request.user
    if isinstance(account, Account):
        if _idle(session):
            logout(request)  # Over for good: a password given next must not find the second factor of before.
            return Visit(organisation, NOBODY)
        with scope.reading(organisation.id):
            known = people.person_of_account(account=account.id)
        if known is None:
            return Visit(organisation, NOBODY)
        if known.roles & POWERS and not _second_factor(request, account):
            return Visit(organisation, NOBODY, half_way=True, language=known.language)
        return Visit(organisation, Actor(known.person, known.roles), known.name, language=known.language)
    person = session.get(PERSON)
    if not person:
        return Visit(organisation, NOBODY)
    with scope.reading(organisation.id):
        known = people.person_with_roles(person=person)
    if known is None or not constant_time_compare(session[MARK], _mark(person, organisation, known.visits_ended)):
        return Visit(organisation, NOBODY)
    return Visit(organisation, Actor(known.person, known.roles - POWERS), known.name, language=known.language)


def let_in(request: HttpRequest, *, person: Person, organisation: Organisation) -> None:
    """Open a session for a person without account, after a code, a link or a card proved who they are."""
    logout(request)
    request.session.cycle_key()
    request.session[PERSON] = str(person.id)
    request.session[MARK] = _mark(str(person.id), organisation, person.visits_ended)


def begin_work(request: HttpRequest) -> None:
    """The idle time of a staff session counts from now."""
    request.session[SEEN] = time()


def _idle(session: SessionBase) -> bool:
    now = time()
    seen = session.get(SEEN, now)
    if now - seen > IDLE:
        return True
    if SEEN not in session or now - seen > WRITTEN_EVERY:
        session[SEEN] = now
    return False


def _mark(person: str, organisation: Organisation, visits_ended: int = 0) -> str:
    """Ties a session to one organisation, where alone it opens something, until the person ends all their visits."""
    return salted_hmac("entremise.session", f"{organisation.id}:{person}:{visits_ended}").hexdigest()


def _second_factor(request: HttpRequest, account: Account) -> bool:
    records = get_authentication_records(request, account)
    return is_mfa_enabled(account) and any(record.get("method") == "mfa" for record in records)
