"""Every address, and people at the doors: who owns the rows, and those who must see nothing of them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from entremise.doors.frame import sessions
from entremise.doors.frame.visit import anyone
from entremise.doors.frame.ways import Way
from entremise.kernel.act import Role
from entremise.people.models import Account, Membership, Person, ProgramKey
from entremise.people.rules import programs
from entremise.tenancy.base import TenantModel
from entremise.tenancy.models import Organisation


@dataclass(frozen=True)
class Address:
    route: str
    view: Callable[..., HttpResponseBase]
    parameters: tuple[tuple[str, str], ...] = ()  # (converter, name)

    @property
    def ways(self) -> dict[str, Way]:
        return getattr(self.view, "ways", {})

    @property
    def open(self) -> bool:
        return all(way.guard is anyone for way in self.ways.values())


def addresses(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            parameters = re.findall(r"<(?:(\w+):)?(\w+)>", route)
            yield Address(route, pattern.callback, tuple((one or "str", name) for one, name in parameters))


def all_addresses() -> list[Address]:
    return list(addresses(get_resolver().url_patterns))


def declared() -> list[Address]:
    """In an order to walk them: whoever leaves is nobody afterwards."""
    return sorted((one for one in all_addresses() if one.ways), key=lambda one: "sortir" in one.route)


@dataclass
class Caller:
    """Someone at one of the two organisations' doors."""

    name: str
    host: str
    client: Client = field(default_factory=Client)
    key: str = ""  # Of a program at the API.

    def knocks(self, address: "Address") -> bool:
        """A session says nothing to the API and a key says nothing to a page: whoever brings it there is anonymous."""
        return self.name.startswith("anonymous") or address.route.startswith("api/") == bool(self.key)

    def asks(self, method: str, address: str) -> HttpResponseBase:
        if self.key:
            program = {"host": self.host, "authorization": f"Bearer {self.key}", "Idempotency-Key": uuid4().hex}
            return self.client.generic(method, address, "{}", content_type="application/json", headers=program)
        send = self.client.post if method == "POST" else self.client.get
        return send(address, headers={"host": self.host})


def host_of(organisation: Organisation) -> str:
    return f"{organisation.slug}.localhost"


def person_of(*roles: Role) -> Person:
    person = Person.objects.create(family_name="Passant", known_since=date(2026, 1, 1).strftime("%Y-%m-%dT00:00Z"))
    hold(person, *roles)
    return person


def hold(person: Person, *roles: Role) -> None:
    for role in roles:
        Membership.objects.create(person=person, role=role.value, since=date(2026, 1, 1))


def enter(caller: Caller, person: Person, organisation: Organisation) -> None:
    """What sessions.let_in leaves behind, without a request at hand."""
    session = caller.client.session
    session[sessions.PERSON] = str(person.id)
    session[sessions.MARK] = sessions._mark(str(person.id), organisation)
    session.save()


def sign_in(caller: Caller, person: Person) -> None:
    """As staff, second factor included."""
    account = Account.objects.create(login=f"login-{person.id.hex[-8:]}-{caller.name.replace(' ', '-')}"[:60])
    person.account = account
    person.save()
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    caller.client.force_login(account)
    session = caller.client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()


def program_of(name: str, person: Person, organisation: Organisation) -> Caller:
    """A program that acts as this person, with every scope."""
    key = programs.new_key()
    digest = programs.digest_of(key, secret_key=settings.SECRET_KEY)
    made, end = "2026-01-01T00:00Z", date(2099, 1, 1)
    ProgramKey.objects.create(
        person=person, label="x", digest=digest, scopes=list(programs.SCOPES), made_at=made, expires_on=end
    )
    return Caller(name, host_of(organisation), key=key)


DESK = (Role.COORDINATOR, Role.SUPPORT_WORKER, Role.TREASURER, Role.DIRECTOR)
MEMBER = (Role.WORKER, Role.CLIENT, Role.SUPPLIER)

# What a parameter may be called, beside the name of a model.
SAID: dict[str, object] = {
    "token": "0" * 43,
    "factor": 1,
    "provider": "stripe",
    "digest": "0" * 12,
    "ink": 328,
    "accent": 86,
    "month": "2026-10",
    "figure": "hours",
    "version": 1,
}
ALIASES = {
    "key": "people.ProgramKey",
    "client": "people.Person",
    "funder": "people.Person",
    "worker": "people.Person",
    "contact": "people.ContactPoint",
    "file": "payments.BankFile",
    "line": "payments.BankLine",
    "batch": "settlement.VoucherBatch",
    "rule": "payments.LineRule",
    "search": "jobs.SavedSearch",
    "message": "messaging.Incoming",
    "moment": "jobs.FreeMoment",
    "quote": "jobs.SupplierQuote",
    "means": "payments.KeptMeans",
    "sale": "settlement.SupplierInvoice",
    "bill": "settlement.SupplierBill",
    "payment": "solidarity.AwardPayment",
    "share": "settlement.PayerShare",
}
NUMBERED = {
    "besoins/": "buying.Brief",
    "moi/offres/": "buying.Brief",
    "ensemble/": "campaigns.Campaign",
    "factures/": "settlement.Invoice",
    "contrats/": "agreements.Agreement",
    "invoices/": "settlement.Invoice",
    "payslips/": "settlement.Payslip",
    "agreements/": "agreements.Agreement",
    "purchases/": "campaigns.Campaign",
    "": "market.Listing",
}


def filled(address: Address, rows: dict[str, TenantModel]) -> str:
    """The address with the rows' own ids and numbers in the place of its parameters."""
    ids = {label.partition(".")[2].lower(): row.pk for label, row in rows.items()}
    numbered = next(label for part, label in NUMBERED.items() if part in address.route)
    given = {**ids, **{name: rows[label].pk for name, label in ALIASES.items()}, **SAID}
    given["number"] = vars(rows[numbered])["number"]
    given["code"] = vars(rows["ledger.Account"])["code"]
    text = address.route
    for _, name in address.parameters:
        if name not in given:
            pytest.fail(f"/{address.route}: teach SAID or ALIASES in tests/laws/test_urls.py what « {name} » is")
        text = re.sub(rf"<(?:\w+:)?{name}>", str(given[name]), text)
    return "/" + text
