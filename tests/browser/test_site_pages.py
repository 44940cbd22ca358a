"""What people do on the site, in a real browser: a worker finds, answers and records hours; staff come in by key."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from entremise.agreements.models import Fulfilment
from entremise.doors.frame import visit
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Interest, Mission
from entremise.kernel.act import Act
from entremise.market.models import Proposal
from entremise.people.models import Account, Person
from entremise.tenancy.models import Organisation
from tests.browser.conftest import faults
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, inside_as
from tests.jobs.conftest import by_text

__all__ = ["inside_as"]

pytestmark = pytest.mark.django_db(transaction=True)

TUESDAY_NOON = TODAY + timedelta(days=1, hours=3)
At = Callable[..., Page]


@pytest.fixture
def at_the_door(
    browser: Browser, live_server: LiveServer, settings: Settings, organisation: Organisation
) -> Iterator[At]:
    """A page of the organisation in an empty profile, for nobody or whoever `client` is; fails when a script does."""
    settings.MIDDLEWARE = ["tests.browser.conftest.OneAtATime", *settings.MIDDLEWARE]
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    base = f"http://{organisation.slug}.localhost:{live_server.url.rpartition(':')[2]}"
    context = browser.new_context(base_url=base, locale="fr-FR", reduced_motion="reduce", service_workers="block")
    failures: list[str] = []

    def opened(address: str, client: Client | None = None, width: int = 390) -> Page:
        context.clear_cookies()
        if client:
            value = client.cookies[configured.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": value, "url": base}])
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 844})
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(address)
        return page

    yield opened
    context.close()
    assert failures == []


@pytest.fixture
def busy(
    act: Act, mission: Mission, karim: Person, odile: Person, hedge: Activity, monkeypatch: pytest.MonkeyPatch
) -> Mission:
    """Karim has a mission behind him, one before him, one to sign and one to answer."""
    for days in (2, 3, 4):
        starts = TODAY + timedelta(days=days)
        request = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=starts, minutes=180)
        proposal = jobs.propose(act=act, request=request, workers=[karim.id])[0]
        if days < 4:
            jobs.answer(act=by_text(karim), proposal=proposal, yes=True)
    monkeypatch.setattr(visit, "now", lambda: TUESDAY_NOON)
    return mission


def test_a_worker_finds_answers_and_records_hours_without_network(
    at_the_door: At, inside_as: Visitor, busy: Mission, act: Act, odile: Person, hedge: Activity, karim: Person
) -> None:
    """At 390 pixels. What the telephone kept and sent twice is one row: the key of the form says so."""
    starts = TODAY + timedelta(days=9)
    wanted = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=starts, minutes=60)
    page = at_the_door("/moi/", inside_as(karim))
    page.get_by_role("link", name="Chercher une mission").first.click()
    page.get_by_label("Quel travail ?").fill("haies")
    page.get_by_label("Commune ou code postal").fill("valmarelle")
    page.get_by_role("button", name="Chercher").click()
    page.locator(f'a[href="{wanted.listing.number}/"]').click()
    page.get_by_role("button", name="Je veux y aller").click()
    page.get_by_text("C’est noté : vous voulez y aller").wait_for()
    assert Interest.objects.get().person_id == karim.id
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/missions/?q=haie")
    page.get_by_role("button", name="Me prévenir").click()
    page.get_by_text("Recherche enregistrée").wait_for()
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/moi/")
    page.context.set_offline(True)
    page.get_by_role("button", name="C’est juste").click()
    page.get_by_text("Pas de réseau").wait_for()
    kept = page.evaluate("localStorage.waiting")
    assert not Fulfilment.objects.exists()
    page.context.set_offline(False)
    page.get_by_text("C’est envoyé").wait_for()
    page.evaluate("kept => { localStorage.waiting = kept }", kept)  # The answer was lost: it is sent again.
    with page.expect_response(lambda answer: answer.url.endswith("/heures")) as again:
        page.reload()
    assert again.value.status in (302, 0)
    assert Fulfilment.objects.filter(occasion=busy.id).count() == 1


def test_a_telephone_that_keeps_nothing_never_looks_as_if_it_did(
    at_the_door: At, inside_as: Visitor, busy: Mission, karim: Person
) -> None:
    page = at_the_door("/moi/", inside_as(karim))
    page.evaluate("Object.defineProperty(window, 'localStorage', { get() { throw new Error('not allowed') } })")
    page.context.set_offline(True)
    with page.expect_event("requestfailed", lambda sent: sent.method == "POST"):  # The browser says so itself.
        page.get_by_role("button", name="C’est juste").click()


def test_yes_and_hours_at_390_pixels(
    at_the_door: At, inside_as: Visitor, busy: Mission, karim: Person, asked: list[Proposal]
) -> None:
    page = at_the_door("/moi/", inside_as(karim))
    yes = page.get_by_role("button", name="OUI")
    assert yes.bounding_box()["height"] >= 60
    yes.click()
    page.get_by_text("C’est noté : OUI").wait_for()
    page.wait_for_load_state()  # The buttons beside the hours are a script's.
    page.get_by_role("button", name="30 minutes de plus").first.click()
    expect(page.get_by_label("Heures faites").first).to_have_value("2 h 30")
    page.get_by_role("button", name="C’est juste").click()
    page.get_by_text("Heures envoyées").wait_for()
    assert Fulfilment.objects.get(occasion=busy.id).minutes == 150


def test_hours_wait_on_the_telephone_while_there_is_no_network(
    at_the_door: At, inside_as: Visitor, busy: Mission, karim: Person
) -> None:
    page = at_the_door("/moi/", inside_as(karim))
    page.context.set_offline(True)
    page.get_by_role("button", name="C’est juste").click()
    page.get_by_text("Pas de réseau").wait_for()
    assert not Fulfilment.objects.exists()
    page.context.set_offline(False)
    page.get_by_text("C’est envoyé").wait_for()
    assert Fulfilment.objects.get(occasion=busy.id).minutes == 120


def test_everything_works_without_scripts(
    browser: Browser, live_server: LiveServer, settings: Settings, at_the_door: At, inside_as: Visitor,
    busy: Mission, karim: Person,
) -> None:  # fmt: skip
    base = at_the_door("/").url.rstrip("/")
    context = browser.new_context(base_url=base, java_script_enabled=False)
    value = inside_as(karim).cookies[configured.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": value, "url": base}])
    page = context.new_page()
    page.goto("/moi/")
    page.get_by_role("button", name="C’est juste").click()
    page.get_by_text("Heures envoyées").wait_for()
    context.close()


def test_a_passkey_is_added_and_then_opens_the_desk(at_the_door: At, coordinator: Person) -> None:
    coordinator.account = Account.objects.create_user("solene", "quatre mots sans lien")
    coordinator.save()
    page = at_the_door("/bureau/entrer", width=1280)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**key, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    page.get_by_label("Votre identifiant").fill("solene")
    page.get_by_label("Votre mot de passe").fill("quatre mots sans lien")
    page.get_by_role("button", name="Continuer").click()
    assert faults(page) == []
    page.get_by_label("Nom de la clé").fill("mon ordinateur")
    page.get_by_role("button", name="Ajouter cette clé").click()
    page.get_by_role("heading", name="Vos codes de secours").wait_for()
    assert faults(page) == []
    page.context.clear_cookies()
    page.goto("/bureau/entrer")
    page.get_by_label("Votre identifiant").fill("solene")
    page.get_by_label("Votre mot de passe").fill("quatre mots sans lien")
    page.get_by_role("button", name="Continuer").click()
    assert faults(page) == []
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(re.compile(r"/bureau/$"))
