"""Lists of the work and of the people, as files: what each column holds. People’s own words are left out."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from entremise.doors.desk import words, words_offers
from entremise.doors.desk.nav import jobs_staff
from entremise.doors.frame.lists import Asked, Column, Listed, Words, in_chunks
from entremise.doors.frame.spoken import rhythm
from entremise.doors.frame.visit import staff
from entremise.jobs.models import Offer, Request
from entremise.jobs.queries import desk, offers, persons
from entremise.kernel.act import Door, Role
from entremise.kernel.phone import spoken
from entremise.messaging.models import Task
from entremise.people import queries as known
from entremise.people.models import Person
from entremise.people.rules.may import Verb

ALL = 10_000  # Of a list that waits for people: nobody works through more.

REQUEST_STATES = {
    "": ("claimed", "open", "proposed"),
    "pourvues": ("filled",),
    "faites": ("done",),
    "sans-solution": ("unmet",),
    "annulees": ("cancelled",),
}
OFFER_STATES = {"": ("draft",), "en-ligne": ("open",), "en-pause": ("paused",), "retirees": ("closed",)}
CONTRACT_STATES = {"": ("drawn_up",), "signes": ("active",), "termines": ("ended", "cancelled")}
ROLES = {"clients": Role.CLIENT, "salaries": Role.WORKER, "independants": Role.SUPPLIER}


def _requests(asked: Asked) -> Iterable[Request]:
    states = REQUEST_STATES.get(asked.filters.get("etat", ""), REQUEST_STATES[""])
    return desk.requests_in(states=states, typed=asked.filters.get("q", "").strip()).iterator(chunk_size=500)


REQUESTS = Listed[Request](
    name="requests",
    title=_("Demandes"),
    guard=jobs_staff,
    filters=("etat", "q"),
    rows=_requests,
    columns=(
        Column(_("N°"), lambda one: one.listing.number, "number"),
        Column(_("Quoi"), lambda one: one.activity.called),
        Column(_("Rythme"), lambda one: rhythm(one.listing.recurrence)),
        Column(_("Pour qui"), lambda one: one.client.called),
        Column(_("Quand"), lambda one: one.listing.starts_at, "moment"),
        Column(_("Durée (heures)"), lambda one: one.minutes, "hours"),
        Column(_("Prix (€)"), lambda one: one.price, "euros"),
        Column(_("Reçue"), lambda one: words.DOORS.get(one.posted_door, one.posted_door)),
        Column(_("Reçue le"), lambda one: one.posted_at, "moment"),
        Column(_("État"), lambda one: words.REQUESTS[one.state][0]),
    ),
)


def _contracts(asked: Asked) -> Iterator[desk.Contract]:
    states = CONTRACT_STATES.get(asked.filters.get("etat", ""), CONTRACT_STATES[""])
    for chunk in in_chunks(desk.contracts_in(states=states)):
        yield from desk.with_parties(chunk)


def _party(contract: desk.Contract, role: str) -> str:
    party = contract.people.get(role)
    return party.person.called if party and party.person else ""


def _missing(contract: desk.Contract) -> str:
    missing = contract.missing if contract.agreement.state == "drawn_up" else []
    return ", ".join(str(words.PARTIES.get(role, role)) for role in missing)


CONTRACTS = Listed[desk.Contract](
    name="contracts",
    title=_("Contrats"),
    guard=jobs_staff,
    filters=("etat",),
    rows=_contracts,
    columns=(
        Column(_("N°"), lambda one: one.agreement.number),
        Column(_("Travail"), lambda one: one.agreement.title),
        Column(_("Client"), lambda one: _party(one, "client")),
        Column(_("Personne salariée"), lambda one: _party(one, "worker")),
        Column(_("Début"), lambda one: one.agreement.starts_on, "day"),
        Column(_("Fin"), lambda one: one.agreement.ends_on, "day"),
        Column(_("État"), lambda one: words.AGREEMENTS[one.agreement.state][0]),
        Column(_("Il manque"), _missing),
    ),
)


def _hours(asked: Asked) -> list[desk.Visit]:
    return desk.hours_to_check(at=asked.visit.act(Door.DESK).at, limit=ALL)


HOURS = Listed[desk.Visit](
    name="hours",
    title=_("Heures à valider"),
    guard=jobs_staff,
    rows=_hours,
    columns=(
        Column(_("Demande"), lambda one: one.mission.number, "number"),
        Column(_("Quand"), lambda one: one.mission.starts_at, "moment"),
        Column(_("Travail"), lambda one: one.mission.request.activity.called),
        Column(_("Personne salariée"), lambda one: one.mission.worker.full_name),
        Column(_("Client"), lambda one: one.mission.client.called),
        Column(_("Prévues (heures)"), lambda one: one.mission.request.minutes, "hours"),
        Column(_("Notées (heures)"), lambda one: one.logged, "hours"),
        Column(_("Selon le client (heures)"), lambda one: one.said, "hours"),
        Column(_("État"), lambda one: words.MISSIONS[one.mission.state][0]),
    ),
)


def _people(asked: Asked) -> Iterator[persons.Row]:
    typed, chosen = asked.filters.get("q", "").strip(), asked.filters.get("role", "")
    role = ROLES.get(chosen)
    if chosen == "injoignables":
        yield from persons.rows_of(people_=known.unreachable())
    elif typed:
        yield from persons.rows_of(people_=[one.person for one in known.find(typed=typed, limit=50, role=role)])
    else:
        for chunk in in_chunks(persons.everybody(role=role, on=asked.visit.act(Door.DESK).at.date())):
            yield from persons.rows_of(people_=chunk)


def _reached_at(row: persons.Row) -> str:
    return spoken(row.reach.address) if row.reach.channel in ("text", "voice") else ""


def _town(person: Person) -> str:
    return person.place.name if person.place else ""


PEOPLE = Listed[persons.Row](
    name="people",
    title=_("Personnes"),
    guard=staff,
    verb=Verb.PEOPLE_EXPORT,
    filters=("q", "role"),
    rows=_people,
    columns=(
        Column(_("Civilité"), lambda one: one.person.title),
        Column(_("Nom"), lambda one: one.person.family_name),
        Column(_("Prénom"), lambda one: one.person.given_name),
        Column(_("Adresse"), lambda one: one.person.street),
        Column(_("Code postal"), lambda one: one.person.place.postcode if one.person.place else ""),
        Column(_("Commune"), lambda one: _town(one.person)),
        Column(_("Se joint par"), lambda one: words.CHANNELS[one.reach.channel][0]),
        Column(_("Téléphone"), _reached_at),
        Column(_("Rôle"), lambda one: ", ".join(str(words.ROLES[role]) for role in one.roles)),
        Column(_("Depuis le"), lambda one: one.person.known_since, "day"),
    ),
)


def _whom(task: Task) -> str:
    if task.person:
        return task.person.called
    return str(task.params.get("name") or spoken(str(task.params.get("phone") or "")))


def _task_word(task: Task) -> Words:
    return words.TASKS.get(task.kind, task.kind)


TASKS = Listed[Task](
    name="tasks",
    title=_("À faire"),
    guard=staff,
    rows=lambda asked: desk.tasks(limit=ALL),
    columns=(
        Column(_("Quoi"), _task_word),
        Column(_("Qui"), _whom),
        Column(_("Sujet"), lambda one: one.params.get("number")),
        Column(_("Noté"), lambda one: one.params.get("note")),
        Column(_("Pour"), lambda one: one.due_at, "moment"),
    ),
)


def _offers(asked: Asked) -> Iterable[Offer]:
    states = OFFER_STATES.get(asked.filters.get("etat", ""), OFFER_STATES[""])
    return offers.offers_in(states=states).iterator(chunk_size=500)


OFFERS = Listed[Offer](
    name="offers",
    title=_("Annonces"),
    guard=jobs_staff,
    filters=("etat",),
    rows=_offers,
    columns=(
        Column(_("N°"), lambda one: one.listing.number, "number"),
        Column(_("Qui"), lambda one: one.person.full_name),
        Column(_("Quoi"), lambda one: one.activity.called),
        Column(_("Où"), lambda one: one.listing.place.name if one.listing.place else ""),
        Column(_("Autour (km)"), lambda one: one.reach_km, "number"),
        Column(_("Son prix de l’heure"), lambda one: one.hourly_price, "euros"),
        Column(_("Depuis"), lambda one: one.listing.posted_at, "day"),
        Column(_("État"), lambda one: words_offers.OFFERS[one.listing.state][0]),
    ),
)

MESSAGES = Listed[desk.ToRead](
    name="messages",
    title=_("Messages à lire"),
    guard=staff,
    rows=lambda asked: desk.messages_to_read(limit=ALL),
    columns=(
        Column(_("Reçu le"), lambda one: one.incoming.received_at, "moment"),
        Column(_("Par"), lambda one: words.CHANNELS[one.incoming.channel][0]),
        Column(_("De"), lambda one: one.incoming.person.called if one.incoming.person else spoken(one.incoming.sender)),
    ),
)
