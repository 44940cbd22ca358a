"""Every address is declared read or write and guarded, and shows a stranger nothing (issue 2, §5)."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from inspect import signature
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings, settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include, path

from entremise.doors.frame import sessions
from entremise.doors.frame.visit import anyone, staff
from entremise.doors.frame.ways import Way, read, write
from entremise.history.models import Fact
from entremise.kernel.act import Role
from entremise.kernel.phone import spoken
from entremise.people.models import Account, Membership, Person, ProgramKey
from entremise.people.rules import programs
from entremise.tenancy import scope
from entremise.tenancy.base import TenantModel
from entremise.tenancy.models import Organisation
from tests.laws.rows import MARK, MARKED_PHONE, one_of_each
from tests.laws.tree import clean

SIGN_IN = re.compile(r"/(entrer|second-facteur)\b")
UNKNOWN_VARIABLE = "unknown template variable"


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


def undeclared(among: Iterable[Address]) -> Iterator[str]:
    for address in among:
        if not address.ways:
            yield f"/{address.route}: declare it with read(guard) or write(guard, again=…)"
        for method, way in address.ways.items():
            if (method, way.kind) not in (("GET", "read"), ("POST", "write")):
                yield f"/{address.route}: {method} cannot be a {way.kind} way"


def test_every_address_is_declared_and_guarded() -> None:
    clean(undeclared(all_addresses()))


def strangers_to_their_page(among: Iterable[Address]) -> Iterator[str]:
    """A refusal must find its way back: the page that is shown again is asked with what the address names."""
    for address in among:
        for way in address.ways.values():
            try:
                if way.again:
                    signature(way.again).bind(None, **{name: None for _, name in address.parameters})
            except TypeError as error:
                yield f"/{address.route}: the page after a refusal cannot be asked, {error}"


def test_every_action_can_come_back_to_its_page() -> None:
    clean(strangers_to_their_page(all_addresses()))


def test_an_action_that_cannot_come_back_is_found() -> None:
    lost = path("avis/<uuid:feedback>", write(anyone, again=plain)(plain))
    assert [one.partition(",")[0] for one in strangers_to_their_page(addresses([lost]))] == [
        "/avis/<uuid:feedback>: the page after a refusal cannot be asked"
    ]


def test_there_are_addresses_to_walk() -> None:
    assert len(declared()) > 30


# The cast: who owns the rows, and those who must see nothing of them.


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


@pytest.fixture
def kept(organisation: Organisation) -> dict[str, TenantModel]:
    """What the first organisation has. Its scope is not in force while the strangers walk."""
    with scope.within(organisation.id):
        return one_of_each(organisation)


@pytest.fixture
def strangers(organisation: Organisation, elsewhere: Organisation) -> list[Caller]:
    here, there = host_of(organisation), host_of(elsewhere)
    callers = [Caller("anonymous here", here), Caller("anonymous there", there)]
    with scope.within(elsewhere.id):
        for host in (here, there):
            member, clerk = Caller(f"their member at {host}", host), Caller(f"their clerk at {host}", host)
            enter(member, person_of(*MEMBER), elsewhere)
            sign_in(clerk, person_of(*DESK))
            callers += [member, clerk]
        program = program_of("their program", person_of(*DESK), elsewhere)
        callers += [program, Caller("their program here", here, key=program.key)]
    return callers


@pytest.fixture
def owners(kept: dict[str, TenantModel], organisation: Organisation) -> list[Caller]:
    member, clerk = Caller("our member", host_of(organisation)), Caller("our clerk", host_of(organisation))
    with scope.within(organisation.id):
        owner = Person.objects.get(id=kept["people.Person"].pk)
        hold(owner, *MEMBER)
        enter(member, owner, organisation)
        sign_in(clerk, person_of(*DESK))
        program = program_of("our program", person_of(*DESK), organisation)
    return [member, clerk, program]


@pytest.fixture
def neighbours(kept: dict[str, TenantModel], organisation: Organisation) -> list[Caller]:
    """People of the same organisation to whom none of this belongs, and whose powers do not reach it."""
    names = ("a worker and client", "a director who came by a code", "a network operator", "nobody in particular")
    member, by_code, operator, person = (Caller(name, host_of(organisation)) for name in names)
    with scope.within(organisation.id):
        enter(member, person_of(*MEMBER), organisation)
        enter(by_code, person_of(*DESK, *MEMBER), organisation)
        enter(person, person_of(), organisation)
        sign_in(operator, person_of())
        Account.objects.filter(login__contains="network").update(operates_network=True)
        program = program_of("a member's program", person_of(*MEMBER), organisation)
    return [member, by_code, operator, person, program]


# What a parameter may be called, beside the name of a model.
SAID: dict[str, object] = {
    "token": "0" * 43,
    "factor": 1,
    "digest": "0" * 12,
    "ink": 328,
    "accent": 86,
    "month": "2026-10",
    "figure": "hours",
}
ALIASES = {
    "key": "people.ProgramKey",
    "client": "people.Person",
    "worker": "people.Person",
    "contact": "people.ContactPoint",
    "file": "payments.BankFile",
    "line": "payments.BankLine",
    "search": "jobs.SavedSearch",
    "message": "messaging.Incoming",
    "moment": "jobs.FreeMoment",
    "quote": "jobs.SupplierQuote",
    "sale": "settlement.SupplierInvoice",
}
NUMBERED = {
    "factures/": "settlement.Invoice",
    "contrats/": "agreements.Agreement",
    "invoices/": "settlement.Invoice",
    "payslips/": "settlement.Payslip",
    "agreements/": "agreements.Agreement",
    "": "market.Listing",
}


def filled(address: Address, rows: dict[str, TenantModel]) -> str:
    """The address with the rows' own ids and numbers in the place of its parameters."""
    ids = {label.partition(".")[2].lower(): row.pk for label, row in rows.items()}
    numbered = next(label for part, label in NUMBERED.items() if part in address.route)
    given = {**ids, **{name: rows[label].pk for name, label in ALIASES.items()}, **SAID}
    given["number"] = vars(rows[numbered])["number"]
    text = address.route
    for _, name in address.parameters:
        if name not in given:
            pytest.fail(f"/{address.route}: teach SAID or ALIASES in tests/laws/test_urls.py what « {name} » is")
        text = re.sub(rf"<(?:\w+:)?{name}>", str(given[name]), text)
    return "/" + text


def body_of(answer: HttpResponseBase) -> str:
    content = answer.getvalue() if hasattr(answer, "getvalue") else b""
    return content.decode(errors="replace") + str(dict(answer.headers))


SECRETS = (MARK, MARKED_PHONE, MARKED_PHONE[3:], spoken(MARKED_PHONE), spoken(MARKED_PHONE).replace(" ", "\u00a0"))


def turned_away(answer: HttpResponseBase) -> bool:
    if answer.status_code == 302:
        return bool(SIGN_IN.search(answer.headers["Location"]))
    return answer.status_code in (401, 404, 429)


def leaks(address: Address, caller: Caller, method: str, asked: str) -> Iterator[str]:
    answer = caller.asks(method, asked)
    said = f"{method} /{address.route} as {caller.name}: {answer.status_code}"
    body = body_of(answer)
    if any(secret in body for secret in SECRETS):
        yield f"{said}, and shows what belongs to another organisation"
    if UNKNOWN_VARIABLE in body:
        yield f"{said}, and names an unknown template variable"
    if address.ways[method].guard is anyone:
        return
    nobody = caller.name.startswith("anonymous") or "pas-de-porte" in caller.host
    unread = bool(caller.key) and method == "POST" and answer.status_code == 422  # Before anything is looked for.
    things = [name for _, name in address.parameters if name != "month"]  # Everybody has the same months.
    if (nobody or things) and not (turned_away(answer) or unread):
        yield f"{said}; a guarded page leads to the sign-in, or is not there"


def knocking(callers: list[Caller], rows: dict[str, TenantModel]) -> Iterator[tuple[Address, Caller, str, str]]:
    """Every caller at every address, in each of its ways: who, how, and the address with ids in it."""
    for address in declared():
        asked = filled(address, rows)
        for caller in callers:
            if caller.knocks(address):
                yield from ((address, caller, method, asked) for method in address.ways)


def walk(callers: list[Caller], rows: dict[str, TenantModel]) -> Iterator[str]:
    for address, caller, method, asked in knocking(callers, rows):
        yield from leaks(address, caller, method, asked)


@pytest.mark.django_db
def test_a_stranger_sees_and_changes_nothing(
    kept: dict[str, TenantModel], strangers: list[Caller], organisation: Organisation
) -> None:
    clean(walk(strangers, kept))
    with scope.within(organisation.id):
        # An anonymous visitor may ask for help: nothing else happens here, and never in a stranger's name.
        assert not Fact.objects.exclude(id=kept["history.Fact"].pk).exclude(by=None).exists()


@pytest.mark.django_db
def test_a_neighbour_sees_and_changes_nothing_of_anothers(
    kept: dict[str, TenantModel], neighbours: list[Caller], organisation: Organisation
) -> None:
    found = []
    for address, caller, method, asked in knocking(neighbours, kept):
        answer = caller.asks(method, asked)
        if any(secret in body_of(answer) for secret in SECRETS):
            found.append(f"{method} /{address.route} as {caller.name}: {answer.status_code}, and shows it")
    clean(found)
    with scope.within(organisation.id):
        assert not Fact.objects.exclude(id=kept["history.Fact"].pk).exclude(by=None).exists()


@pytest.mark.django_db
def test_the_walk_leads_to_real_pages(kept: dict[str, TenantModel], owners: list[Caller]) -> None:
    """An address that its own organisation cannot find would prove nothing when a stranger cannot."""
    rows, lost = kept, list[str]()
    for owner in owners:
        owner.client.raise_request_exception = False  # Rows made from columns alone may be too odd to be shown.
    for address in declared():
        if "GET" not in address.ways:
            continue
        answers = [owner.asks("GET", filled(address, rows)) for owner in owners]
        if any(UNKNOWN_VARIABLE in body_of(answer) for answer in answers):
            lost.append(f"/{address.route}: names an unknown template variable")
        if address.parameters and not address.open and all(turned_away(answer) for answer in answers):
            lost.append(f"/{address.route}: its own organisation cannot find it; give it a row in tests/laws/rows.py")
    clean(lost)


# Planted: two leaks, a page without a way, a guarded page. `settings.ROOT_URLCONF` points here.


def leaking(request: HttpRequest, person: object) -> HttpResponse:
    return HttpResponse(f"{MARK} {person}")


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nothing to see")


def stock(request: HttpRequest) -> HttpResponse:
    return HttpResponse("{{ unknown template variable: x }}")


@read(staff)
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for staff")


urlpatterns: list[URLPattern | URLResolver] = [
    path("qui/<uuid:person>", read(anyone)(leaking)),
    path("stock", read(anyone)(stock)),
    path("bureau/liste", guarded),
    path("oubli", stock),
    path("bureau/entrer", read(anyone)(plain), name="account_login"),
    path("bureau/second-facteur", read(anyone)(plain), name="mfa_index"),
    path("", include(([path("entrer", read(anyone)(plain), name="enter")], "site"))),
]


def test_an_undeclared_address_is_found() -> None:
    assert list(undeclared(addresses(urlpatterns))) == [
        "/oubli: declare it with read(guard) or write(guard, again=…)",
    ]


@pytest.mark.django_db
def test_planted_leaks_are_found(kept: dict[str, TenantModel], strangers: list[Caller], settings: LazySettings) -> None:
    settings.ROOT_URLCONF = __name__
    found = list(walk(strangers, kept))
    assert any("/qui/<uuid:person> as anonymous here: 200, and shows" in one for one in found)
    assert any("/stock as anonymous there: 200, and names an unknown" in one for one in found)
    assert not any("bureau/liste" in one for one in found)


@pytest.mark.django_db
def test_a_guard_that_lets_strangers_in_is_found(
    kept: dict[str, TenantModel], strangers: list[Caller], settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr("entremise.doors.frame.ways._guarded", lambda request, guard: request)
    assert any("GET /bureau/liste as anonymous here: 200; a guarded page" in one for one in walk(strangers, kept))


@pytest.mark.django_db
def test_our_own_clerk_comes_in(owners: list[Caller], settings: LazySettings) -> None:
    settings.ROOT_URLCONF = __name__
    assert [owner.asks("GET", "/bureau/liste").status_code for owner in owners[:2]] == [404, 200]
