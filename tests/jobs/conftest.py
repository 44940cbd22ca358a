from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from entremise.agreements.models import Agreement
from entremise.figures import operations as figures
from entremise.figures.rules import parse_toml
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request
from entremise.kernel.act import STAFF, THE_CLOCK, Act, Actor, Door, Role
from entremise.market.models import Proposal
from entremise.messaging import operations as messaging
from entremise.people import operations as people
from entremise.people.models import Person, Place
from entremise.tenancy.models import LegalIdentity
from tests.conftest import TODAY

DATA = Path(__file__).resolve().parents[2] / "entremise" / "figures" / "data"
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def legal(inside: object) -> None:
    figures.load(figures=[figure for file in sorted(DATA.glob("*.toml")) for figure in parse_toml(file.read_text())])
    LegalIdentity.objects.create(
        legal_name="Association Le Pas de Porte",
        siret="73282932000074",
        street="14, rue du Lavoir",
        postcode="33490",
        town="Valmarelle",
        iban="FR7630006000011234567890189",
        bic="AGRIFRPP",
        signatory="Solène Oudin, coordinatrice",
    )


@pytest.fixture
def place(inside: object) -> Place:
    return Place.objects.create(
        code="33999", postcode="33490", name="Valmarelle", latitude=44.6, longitude=-0.2, search_text="valmarelle"
    )


@pytest.fixture
def hedge(act: Act, legal: None) -> Activity:
    activity = jobs.add_activity(
        act=act, code="haie", name="Tailler une haie", pictogram="jardin", words=["haie", "haies"], words_en=["hedge"]
    )
    jobs.set_tariff(
        act=act,
        activity=None,
        client_kind="",
        hourly_price=2450,
        hourly_wage=1231,
        minimum_minutes=60,
        travel_fee=0,
        valid_from=date(2026, 1, 1),
    )
    return activity


@pytest.fixture
def odile(act: Act, place: Place) -> Person:
    return people.add_person(
        act=act,
        title="Mme",
        given_name="Odile",
        family_name="Marsan",
        phones=["06 39 98 14 27"],
        street="12, rue des Tilleuls",
        place=place,
        roles=[Role.CLIENT],
        remarks=["Portail vert"],
    )


def new_worker(act: Act, place: Place, given: str, family: str, phone: str) -> Person:
    person = people.add_person(
        act=act, given_name=given, family_name=family, phones=[phone], place=place, roles=[Role.WORKER]
    )
    people.show_paper(act=act, person=person, kind="pass_iae", number="999992712345", valid_to=date(2028, 1, 1))
    jobs.describe_worker(act=act, person=person, hours_wanted=20 * 60, skills={"haie": "seen"})
    return person


@pytest.fixture
def karim(act: Act, place: Place, hedge: Activity) -> Person:
    return new_worker(act, place, "Karim", "Belkacem", "06 39 98 20 01")


@pytest.fixture
def nadege(act: Act, place: Place, hedge: Activity) -> Person:
    return new_worker(act, place, "Nadège", "Tissot", "06 39 98 20 02")


@pytest.fixture
def bruno(act: Act, place: Place, hedge: Activity) -> Person:
    """He works on his own account: seen in the register, insured, 32 € an hour for a hedge."""
    person = people.add_person(
        act=act,
        given_name="Bruno",
        family_name="Corvaisier",
        phones=["06 39 98 55 21"],
        street="3, impasse du Puits",
        place=place,
    )
    jobs.describe_supplier(
        act=act,
        person=person,
        siret="73282932000074",
        trade_name="Jardins Corvaisier",
        mandate_on=date(2026, 11, 2),
        prices={"haie": 3200},
    )
    people.show_paper(act=act, person=person, kind="registration")
    people.show_paper(act=act, person=person, kind="insurance", valid_to=date(2027, 6, 30))
    return person


@pytest.fixture
def request_(act: Act, odile: Person, hedge: Activity) -> Request:
    return jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120)


@pytest.fixture
def asked(act: Act, request_: Request, karim: Person, nadege: Person) -> list[Proposal]:
    """Karim and Nadège have read the offer."""
    proposals = jobs.propose(act=act, request=request_, workers=[karim.id, nadege.id])
    for letter in messaging.claim(at=act.at):
        messaging.carried(act=act, letter=letter, answer="read")
    return proposals


def by_text(person: Person, *, role: Role = Role.WORKER, at: datetime = TODAY) -> Act:
    return Act(by=Actor(person.id, frozenset({role})), at=at, door=Door.TEXT)


def later(act: Act, **delta: int) -> Act:
    return replace(act, at=act.at + timedelta(**delta))


@pytest.fixture
def clock_act(inside: object) -> Act:
    return Act(by=THE_CLOCK, at=TODAY + timedelta(days=10), door=Door.CLOCK)


@pytest.fixture
def mission(act: Act, asked: list[Proposal], karim: Person) -> Mission:
    """Karim said yes and everybody has signed."""
    jobs.answer(act=by_text(karim), proposal=asked[0], yes=True)
    found = Mission.objects.select_related("agreement").get()
    assert found.agreement
    for role in ("client", "worker"):
        jobs.sign(act=act, agreement=found.agreement, role=role, how="screen")
    return Mission.objects.select_related("agreement", "request__listing", "client", "worker", "proposal").get()


def say_yes(act: Act, request: Request, person: Person) -> Proposal:
    (proposal,) = jobs.propose(act=act, request=request, workers=[person.id])
    return jobs.answer(act=by_text(person, at=act.at), proposal=proposal, yes=True)


def sign_all(act: Act, agreement: Agreement) -> None:
    for role in ("client", "worker"):
        jobs.sign(act=act, agreement=agreement, role=role, how="screen")


__all__ = ["STAFF"]
