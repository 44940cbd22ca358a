"""A fund that neighbours fill and a committee of five gives out of, month by month."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from entremise.doors.clock.demo.founding import Cast
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.people.models import Person
from entremise.settlement.queries import invoices_of
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Award, Fund
from entremise.solidarity.rules import INVOICED

NEEDS = (
    ("home_help", "Deux heures de ménage, le temps que le bras se remette."),
    ("transport", "Le bus jusqu’à l’atelier, avant la première paie."),
    ("home_help", "Une heure de plus ce mois-ci, après l’hôpital."),
    ("tools", "Des chaussures de sécurité."),
    ("childcare", "Une garde pendant l’entretien d’embauche."),
    ("home_help", "Les vitres, que je ne peux plus faire."),
)
RULES = (
    "On aide à payer ce qui permet de tenir chez soi ou de travailler. Sans justificatif : on croit la personne. "
    "On répond en moins de dix jours, et on dit pourquoi quand c’est non."
)
KINDS = ("beneficiary", "beneficiary", "client", "worker", "organisation")


class Calendar(Protocol):
    cast: Cast
    opening: datetime
    now: datetime

    def at(self, moment: datetime, happens: Callable[[datetime], None]) -> None: ...


def plan(year: Calendar) -> None:
    month = max(year.opening + timedelta(days=5), year.now - timedelta(days=210))
    year.at(month, partial(_begin, year.cast))
    season = Period(month.date().replace(day=1), (year.now + timedelta(days=60)).date())
    opens, turn = max(month + timedelta(days=30), year.now - timedelta(days=90)), 0
    while (month := month + timedelta(days=10)) < year.now - timedelta(days=5):
        year.at(month, partial(_give, year.cast, turn))
        year.at(month + timedelta(days=4), partial(_help, year.cast, turn))
        turn += 1
    year.at(opens, partial(_own_prices, year.cast, season))
    year.at(year.now - timedelta(days=1), partial(_lately, year.cast))


def _begin(cast: Cast, at: datetime) -> None:
    """Two funds, five seats, and rules that they vote."""
    act, on = cast.treasury(at), at.date()
    operations.open_fund(
        act=act, name="Coup de pouce", purpose="Aider des voisins à payer une heure d’aide.", origin="public"
    )
    bus = operations.open_fund(
        act=act,
        name="Mobilité",
        purpose="Aller travailler là où il n’y a pas de bus.",
        origin="grant",
        purposes=["transport"],
        usable_until=on.replace(year=on.year + 2),
    )
    paper = "Convention 2026-12"
    operations.give(
        act=act, fund=bus, kind="grant", amount=150000, how="cheque", on=on, key="demo:bus", reference=paper
    )
    people = [*cast.clients[20:23], cast.workers[-1], cast.support_worker]
    seats = [
        operations.seat(act=act, person=person, kind=kind, since=on, delegate=kind == "organisation")
        for person, kind in zip(people, KINDS, strict=True)
    ]
    version = operations.propose_rules(
        act=act,
        text=RULES,
        purposes=["home_help", "transport", "tools", "childcare"],
        most_award=12000,
        most_year=30000,
        delegate_up_to=3000,
        emergency_up_to=2000,
        emergencies=2,
        quorum=3,
        in_force_from=on,
    )
    operations.vote(act=act, on=version, answers={one.id: "for" for one in seats})
    operations.close_vote(act=act, rules_=version)


def _give(cast: Cast, turn: int, at: datetime) -> None:
    """Three neighbours, one of them an hour for somebody they do not know."""
    act, fund = cast.treasury(at), _fund("Coup de pouce")
    for number in range(3):
        giver = cast.clients[(3 * turn + number) % 20]
        kind, item = ("suspended", "1 heure de ménage") if number == 2 else ("topup", "")
        how = "cash" if number == 0 else "cheque"
        amount = 2450 if item else 1000 + 500 * ((turn + number) % 4)
        key = f"demo:{turn}:{number}"
        operations.give(
            act=act, fund=fund, kind=kind, amount=amount, how=how, on=at.date(), key=key, giver=giver, item=item
        )


def _help(cast: Cast, turn: int, at: datetime) -> None:
    """Two requests, voted and paid: on an invoice where something is due, else in coins as far as the till goes."""
    for number in range(2):
        person = cast.clients[23 + (2 * turn + number) % 20]
        award = _ask(cast, at, person, 2 * turn + number)
        fund = _fund("Mobilité" if award.purpose == "transport" else "Coup de pouce")
        act = cast.treasury(at)
        _vote(cast, at, award, "for")
        granted = operations.grant(act=act, award=award, fund=fund, amount=1800)
        due = [one for one in invoices_of(client=person.id) if one.due and one.invoice.what == "work"]
        key = f"demo:{turn}:{number}"
        if due and award.purpose in INVOICED:
            amount = min(1800, due[0].due)
            operations.pay_invoice(act=act, award=granted, invoice=due[0].invoice, amount=amount, key=key)
        elif (till := ledger.account(code="530000")) and ledger.balance(account=till.id).posted >= 1800:
            operations.pay_cash(act=act, award=granted, amount=1800, key=key)


def _own_prices(cast: Cast, season: Period, at: datetime) -> None:
    """Two lower prices; two people have theirs, one waits; somebody else adds a little."""
    act, fund = cast.treasury(at), _fund("Coup de pouce")
    little, more = (
        operations.open_band(
            act=act, fund=fund, first=season.first, last=season.last, percent=percent, places=places, reserve=2500
        )
        for percent, places in ((20, 3), (40, 1))
    )
    for person, band in zip(cast.clients[23:26], (little, more, more), strict=True):
        operations.ask_place(act=act.for_person(person.id), person=person, band=band)
    operations.set_contribution(act=act, person=cast.clients[2], fund=fund, hourly=200)


def _lately(cast: Cast, at: datetime) -> None:
    """One waits, one was refused, one is to be paid; a new version waits for its vote."""
    act = cast.treasury(at)
    _ask(cast, at, cast.clients[44], 0)
    refused = _ask(cast, at, cast.clients[43], 3)
    _vote(cast, at, refused, "against")
    operations.refuse(act=act, award=refused, reason="Votre employeur doit les fournir : nous l’appelons pour vous.")
    ride = _ask(cast, at, cast.clients[42], 1)
    _vote(cast, at, ride, "for")
    operations.grant(act=act, award=ride, fund=_fund("Mobilité"), amount=4000)
    operations.propose_rules(
        act=act,
        text=RULES + " On aide aussi à se nourrir.",
        purposes=["home_help", "transport", "tools", "childcare", "food"],
        most_award=15000,
        most_year=30000,
        delegate_up_to=3000,
        emergency_up_to=2500,
        emergencies=3,
        quorum=3,
        in_force_from=at.date(),
    )


def _fund(name: str) -> Fund:
    return Fund.objects.get(name=name)


def _ask(cast: Cast, at: datetime, person: Person, number: int) -> Award:
    purpose, need = NEEDS[number % len(NEEDS)]
    act = cast.desk(at).for_person(person.id)
    return operations.ask_help(act=act, person=person, purpose=purpose, need=need)


def _vote(cast: Cast, at: datetime, award: Award, answer: str) -> None:
    seats = [one for one in queries.seats(on=at.date()) if one.person.household_id is None]
    seats = [one for one in seats if one.person_id != award.person_id]
    operations.vote(act=cast.treasury(at), on=award, answers={one.id: answer for one in seats})
