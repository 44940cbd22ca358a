"""Ten weeks of the example and everybody who opens its pages, made once for all the walks of a module."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from time import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db.models import Count, ForeignKey, Q
from django.template.base import Template
from django.test import override_settings
from django.test.signals import template_rendered
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from entremise.agreements.models import Feedback
from entremise.doors.clock.demo import life
from entremise.doors.clock.demo.founding import Cast, found
from entremise.doors.frame import visit
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission, Offer, SupplierQuote
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.jobs.rules.notices import Wanted
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.time import Window
from entremise.messaging import operations as messaging
from entremise.payments.models import Mandate
from entremise.people import operations as people
from entremise.people.models import Account, Person, Supplier
from entremise.settlement.queries import open_invoices
from entremise.solidarity.models import Award, Place, Seat
from entremise.tenancy import scope, walls
from entremise.tenancy.base import TenantModel
from entremise.tenancy.models import Organisation
from tests.browser.bought import buy
from tests.browser.cared import share_care
from tests.browser.handed import hand_over_some
from tests.browser.needed import say_needs
from tests.browser.organised import buy_together
from tests.browser.repeated import come_again
from tests.browser.states import (
    bring_about,
    cards_for_suppliers,
    collect,
    fall_behind,
    keep_means,
    keep_two_keys,
    put_aside,
    save,
)
from tests.browser.together import join
from tests.laws.test_urls import DESK, Caller, enter, host_of, person_of, program_of, sign_in

NOW = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)  # A Tuesday, half past ten in Valmarelle; November is settled.
OPENING = datetime(2026, 10, 1, 7, 30, tzinfo=UTC)
JOBS = 60
SHARED = "06 39 98 44 01"  # A household's telephone.


@dataclass
class Reader(Caller):
    """Somebody who opens pages. language: theirs at the desk; the site's addresses say it themselves."""

    person: Person | None = None
    language: str = ""
    rows: dict[str, TenantModel] = field(default_factory=dict)  # Theirs where some are.


@dataclass
class World:
    organisation: Organisation
    coordinator: Person
    base: str  # Of the server, with {} in the place of the host.
    visitor: Reader
    members: list[Reader]  # A worker, a client and somebody on their own account, with much on their pages.
    waited_for: list[Reader]  # Members with something to sign, to answer, to say.
    clerks: list[Reader]  # One for each language.
    newcomers: list[Reader]  # Of an organisation where nothing has happened.


def replayed() -> Cast:
    chance = Random(2026)
    cast = found(opening=OPENING, scale=1, chance=chance)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(life, "JOBS", JOBS)
        life.Year(cast, opening=OPENING, now=NOW, scale=1, chance=chance).replay(lambda steps: None)
    return cast


def busiest(kind: str) -> Person:
    """The worker or client with most visits."""
    most = Mission.objects.values(kind).annotate(visits=Count("id")).order_by("-visits", kind)[0]
    return Person.objects.get(id=most[kind])


def insured_nowhere(cast: Cast, client: Person) -> None:
    """Somebody on their own account who may be asked only if the desk says why, and a request that they could do."""
    desk, activity = cast.desk(NOW), cast.activities["jardin"]
    person = people.add_person(act=desk, given_name="Anouk", family_name="Lesage", phones=["06 39 98 55 31"])
    jobs.describe_supplier(
        act=desk,
        person=person,
        siret="73282932000074",
        trade_name="Jardins Lesage",
        mandate_on=NOW.date(),
        prices={"jardin": 3000},
    )
    people.show_paper(act=desk, person=person, kind="registration")
    starts, mode = NOW + timedelta(days=9), with_pricing("quote").code
    jobs.post_request(act=desk, client=client, activity=activity, starts_at=starts, minutes=120, mode=mode)


def enrich(cast: Cast, worker: Person, client: Person) -> Person:
    """What the example has none of on this day. Returns a client who has paid too much."""
    desk, own = cast.desk(NOW), cast.act(worker, {Role.WORKER}, NOW, Door.SITE)
    jobs.save_search(act=own, person=worker, wanted=Wanted(words="haie"))
    morning = Window(NOW + timedelta(days=11), NOW + timedelta(days=11, hours=3))
    jobs.add_free_moment(act=own, person=worker, window=morning)
    clock = Act(by=Actor(None), at=NOW, door=Door.TEXT)
    messaging.receive(act=clock, channel="text", sender="+33639981427", text="Bonjour ?", received_at=NOW, key="x")
    program_of("a program", cast.coordinator, cast.organisation)
    for name in ("Marthe", "Louis"):
        people.add_person(act=desk, given_name=name, family_name="Aubry", phones=[SHARED], roles=[Role.CLIENT])
    totp.TOTP.activate(Account.objects.get(login="helene"), totp.generate_totp_secret())
    insured_nowhere(cast, client)
    season = Mission.objects.filter(client=client, starts_at__gt=NOW).order_by("-starts_at")[0]
    jobs.skip(act=desk, request=season.request, day=season.starts_at.date())
    bring_about(cast, NOW)
    put_aside(cast, NOW, client)
    collect(cast, NOW, client)
    fall_behind(cast, NOW)
    buy(cast, NOW, client)
    say_needs(cast, NOW, client)
    join(cast, NOW, client)
    hand_over_some(desk, cast.clients)
    come_again(cast, NOW, client)
    buy_together(cast, NOW, client)
    share_care(cast, NOW, client)
    return save(cast, NOW, client)


def rows_of(person: Person | None) -> dict[str, TenantModel]:
    """The newest row of every kind, of this person where it can be."""
    found = {}
    for model in walls.tenant_models():
        names = [
            one.name for one in model._meta.local_fields if isinstance(one, ForeignKey) and one.related_model is Person
        ]
        mine = Q()
        for name in names:
            mine |= Q(**{name: person})
        rows = model.objects.order_by("-id")
        found[model._meta.label] = (person and names and rows.filter(mine).first()) or rows.first()
    if person:
        found["people.Person"] = person
    return {label: row for label, row in found.items() if row}


def reader(name: str, person: Person, organisation: Organisation, language: str = "") -> Reader:
    """language: of staff; others come in by a code."""
    one = Reader(name, host_of(organisation), person=person, language=language)
    if language:
        person.language = language
        sign_in(one, person)
        session = one.client.session
        just_now = {"method": "mfa", "type": "totp", "at": time(), "reauthenticated": True}
        session["account_authentication_methods"] = [just_now]
        session.save()
    else:
        enter(one, person, organisation)
    one.rows = rows_of(None if language else person)
    return one


def clerks(organisation: Organisation) -> list[Reader]:
    return [reader(f"a clerk, {language}", person_of(*DESK), organisation, language) for language in ("fr", "en")]


def peopled(cast: Cast, base: str) -> World:
    organisation, new = (
        cast.organisation,
        Organisation.objects.create(slug="tout-neuf", name="Tout neuf", founded_at=NOW),
    )
    with scope.writing(organisation.id):
        worker, client = busiest("worker"), busiest("client")
        overpaid = enrich(cast, worker, client)
        unsigned = Mission.objects.filter(state="agreed").select_related("worker", "client")[0]
        quoted = SupplierQuote.objects.filter(state="sent").select_related("request__client")[0]
        own = [worker, client, Supplier.objects.select_related("person")[0].person]
        waiting = [unsigned.worker, unsigned.client, quoted.request.client]
        done = Mission.objects.filter(state="worked").select_related("client")[0]
        late = Mission.objects.filter(state="ready", ends_at__lt=NOW).select_related("worker")[0]
        offer = Offer.objects.filter(listing__state="open").select_related("person")[0]
        paused = Offer.objects.filter(listing__state="paused").select_related("person")[0]
        asked = Feedback.objects.filter(state="asked").select_related("writer")[0]
        mandated = set(Mandate.objects.values_list("person", flat=True))
        owed = [one.invoice for one in open_invoices() if one.invoice.what == "work"]
        owing = next(invoice for invoice in owed if invoice.client_id not in mandated)
        waiting += [Award.objects.filter(state=state)[0].person for state in ("asked", "refused")]
        waiting.append(Seat.objects.filter(kind="client")[0].person)
        waiting += cards_for_suppliers(cast, NOW)
        waiting += keep_means(NOW, owing.client)
        waiting += [Place.objects.filter(state=state).order_by("band__step")[0].person for state in ("held", "waiting")]
        waiting += [done.client, late.worker, offer.person, paused.person, asked.writer, owing.client, overpaid]
        members, waited_for = ([reader(str(one), one, organisation) for one in some] for some in (own, waiting))
        staff, visitor = clerks(organisation), Reader("a visitor", host_of(organisation), rows=rows_of(None))
        keep_two_keys(staff[1].person)
    with scope.writing(new.id):
        newcomers = [*clerks(new), reader("a new member", person_of(Role.WORKER, Role.CLIENT), new)]
    return World(organisation, cast.coordinator, base, visitor, members, waited_for, staff, newcomers)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Served to a browser; nothing of it is left behind."""
    middleware = ["tests.browser.conftest.OneAtATime", "tests.browser.shown.Again", *settings.MIDDLEWARE]
    with (
        django_db_blocker.unblock(),
        override_settings(
            MIDDLEWARE=middleware, MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN=True, STRIPE={"pas-de-porte": "sk_test,whsec"}
        ),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(visit, "now", lambda: NOW)
        cache.clear()
        server = LiveServer("localhost")
        yield peopled(replayed(), f"http://{{}}:{server.url.rpartition(':')[2]}")
        server.stop()
        cache.clear()
        walls.take_down()
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        walls.put_up()


@pytest.fixture(scope="module")
def seen() -> Iterator[set[str]]:
    """The names of the templates that have been shown."""
    names = set[str]()

    def note(template: Template, **said: object) -> None:
        names.add(str(template.name))

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)
