from collections.abc import Callable
from datetime import date, datetime

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.test import Client

from entremise.doors.frame import visit
from entremise.kernel.act import Role
from entremise.people.models import Account, Membership, Person
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.jobs.conftest import asked, hedge, karim, legal, mission, nadege, odile, place, request_

__all__ = ["asked", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_"]

HOST = "pas-de-porte.localhost"
Desk = Callable[..., Client]


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doors read this Monday morning from their clock."""
    monkeypatch.setattr(visit, "now", lambda: TODAY)


@pytest.fixture
def desk(organisation: Organisation) -> Desk:
    """Signs a member of staff in, with both factors, as they do: a client at the organisation's own address."""

    def signed_in(
        *roles: Role, given: str = "Solène", family: str = "Oudin", of: Organisation = organisation
    ) -> Client:
        with scope.within(of.id):
            account = Account.objects.create_user(f"{given}-{of.slug}-{'-'.join(sorted(roles))}", "valmarelle-2026")
            person = Person.objects.create(given_name=given, family_name=family, account=account, known_since=TODAY)
            for role in roles:
                Membership.objects.create(person=person, role=role.value, since=date(2025, 1, 1))
        Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "x"})
        client = Client(headers={"host": f"{of.slug}.localhost"})
        client.force_login(account)
        session = client.session
        at = datetime.now().timestamp()
        session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(account.pk)
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": at}, {"method": "mfa", "at": at}]
        session.save()
        return client

    return signed_in


@pytest.fixture
def coordination(desk: Desk) -> Client:
    return desk(Role.COORDINATOR)


@pytest.fixture
def treasury(desk: Desk) -> Client:
    return desk(Role.TREASURER, given="Hélène", family="Garrigue")


@pytest.fixture
def direction(desk: Desk) -> Client:
    return desk(Role.DIRECTOR, given="Odette", family="Vidal")
