"""A small organisation in the middle of its work, built through the rooms; every step is its own transaction."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from entremise.figures.operations import load_shipped
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request
from entremise.kernel.act import STAFF, Act, Actor, Door, Role
from entremise.kernel.time import Period
from entremise.market.models import Proposal
from entremise.payments import operations as payments
from entremise.people import operations as people
from entremise.people.models import Membership, Person, Place
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity, Organisation

SLUG = "pas-de-porte"
CLIENTS, WORKERS, OFFERS = 8, 6, 8
IBAN = "FR7630006000011234567890189"


@dataclass
class House:
    organisation: Organisation
    coordinator: UUID
    activity: Activity
    place: Place
    clients: list[Person]
    workers: list[Person]

    def desk(self, at: datetime) -> Act:
        return Act(by=Actor(self.coordinator, STAFF), at=at, door=Door.DESK)


def found(*, at: datetime, clients: int = CLIENTS, workers: int = WORKERS) -> House:
    """Le Pas de Porte with its figures, an activity at a price, clients and workers."""
    organisation = Organisation.objects.create(
        slug=SLUG, name="Le Pas de Porte", town="Valmarelle", phone="+33536491200", text_phone="+33639980012"
    )
    with scope.writing(organisation.id):
        load_shipped()
        LegalIdentity.objects.create(
            legal_name="Association Le Pas de Porte", siret="73282932000074", street="14, rue du Lavoir",
            postcode="33490", town="Valmarelle", iban=IBAN, bic="AGRIFRPP", signatory="Solène Oudin",
        )  # fmt: skip
        place, _ = Place.objects.get_or_create(
            code="33999", postcode="33490", name="Valmarelle", latitude=44.6, longitude=-0.2, search_text="valmarelle"
        )
        coordinator = Person.objects.create(given_name="Solène", family_name="Oudin", known_since=at)
        Membership.objects.create(person=coordinator, role="coordinator", since=at.date())
        act = Act(by=Actor(coordinator.id, STAFF), at=at, door=Door.DESK)
        activity = jobs.add_activity(
            act=act, code="haie", name="Tailler une haie", pictogram="jardin", words=["haie", "haies"]
        )
        jobs.set_tariff(
            act=act, activity=None, client_kind="", hourly_price=2450, hourly_wage=1231, minimum_minutes=60,
            travel_fee=0, valid_from=date(2020, 1, 1),
        )  # fmt: skip
        house = House(organisation, coordinator.id, activity, place, [], [])
        house.clients = [_client(act, place, number) for number in range(clients)]
        house.workers = [_worker(act, place, number) for number in range(workers)]
    return house


def _client(act: Act, place: Place, number: int) -> Person:
    return people.add_person(
        act=act, given_name="Odile", family_name=f"Marsan-{chr(65 + number)}", phones=[f"06 39 98 10 {number:02}"],
        street=f"{number + 1}, rue des Tilleuls", place=place, roles=[Role.CLIENT],
    )  # fmt: skip


def _worker(act: Act, place: Place, number: int) -> Person:
    person = people.add_person(
        act=act, given_name="Karim", family_name=f"Belkacem-{chr(65 + number)}", phones=[f"06 39 98 20 {number:02}"],
        place=place, roles=[Role.WORKER],
    )  # fmt: skip
    valid_to = act.at.date() + timedelta(days=700)
    people.show_paper(act=act, person=person, kind="pass_iae", number=f"9999927000{number:02}", valid_to=valid_to)
    jobs.describe_worker(act=act, person=person, hours_wanted=20 * 60, skills={"haie": "seen"})
    payments.set_bank_account(act=act, person=person, iban=IBAN)
    return person


def post(house: House, *, client: int, on: date, at: datetime, hour: int = 9, minutes: int = 120) -> Request:
    with scope.writing(house.organisation.id):
        starts = datetime.combine(on, time(hour), UTC)
        return jobs.post_request(
            act=house.desk(at), client=house.clients[client], activity=house.activity, starts_at=starts, minutes=minutes
        )


def offer(house: House, request: Request, *, workers: list[int], at: datetime) -> list[Proposal]:
    with scope.writing(house.organisation.id):
        chosen = [house.workers[number].id for number in workers]
        return jobs.propose(act=house.desk(at), request=request, workers=chosen)


def agree(house: House, proposal: Proposal, *, at: datetime) -> Mission:
    """The worker says yes and everybody signs."""
    with scope.writing(house.organisation.id):
        jobs.answer(act=house.desk(at), proposal=proposal, yes=True)
        mission = _mission(proposal)
        for role in ("client", "worker"):
            assert mission.agreement
            jobs.sign(act=house.desk(at), agreement=mission.agreement, role=role, how="screen")
        return _mission(proposal)


def work(house: House, mission: Mission, *, at: datetime, minutes: int = 120, confirmed: bool = True) -> None:
    with scope.writing(house.organisation.id):
        jobs.log_hours(act=house.desk(at), mission=mission, minutes=minutes, key=f"slip:{mission.id}")
    if confirmed:
        with scope.writing(house.organisation.id):
            jobs.confirm_hours(act=house.desk(at), mission=Mission.objects.select_related("client").get(id=mission.id))


def _mission(proposal: Proposal) -> Mission:
    return Mission.objects.select_related("agreement", "request__listing", "client", "worker").get(proposal=proposal)


def a_month_of_work(house: House, month: Period) -> None:
    """Every client had two visits, by workers in turn."""
    for number in range(2 * len(house.clients)):
        on = month.first + timedelta(days=2 + number)
        at = datetime.combine(on - timedelta(days=1), time(8), UTC)
        request = post(house, client=number % len(house.clients), on=on, at=at)
        (proposal,) = offer(house, request, workers=[number % len(house.workers)], at=at)
        mission = agree(house, proposal, at=at)
        work(house, mission, at=at + timedelta(days=1, hours=6))


def offers(house: House, *, at: datetime, count: int = OFFERS) -> None:
    """Requests of the coming days, each put to three workers who have not answered yet."""
    for number in range(count):
        on = at.date() + timedelta(days=2 + number)
        request = post(house, client=number % len(house.clients), on=on, at=at)
        offer(house, request, workers=[(number + step) % len(house.workers) for step in range(3)], at=at)
