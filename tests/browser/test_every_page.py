"""Every page that people see, and what every form says of nonsense: both languages, light and dark, wide and narrow.

The addresses are those of the site itself (`tests/laws/test_urls.py`), the rows those of the example: what is added to
either is walked too, and a template that no page shows fails. Planted once to see it fail: a picture without words,
grey on grey, a table too wide, a template that nothing shows.
"""

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice, pairwise
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve
from django.utils import translation
from playwright.sync_api import Browser, Page

from entremise.agreements.models import Agreement, Feedback
from entremise.buying.models import Purchase, Standing
from entremise.campaigns.models import Campaign, Pledge
from entremise.doors.clock.demo import PASSWORD
from entremise.jobs.models import Mission, Offer, Request, SupplierQuote
from entremise.jobs.queries.seasons import running_out
from entremise.jobs.queries.thanking import DONE, OURS
from entremise.jobs.rules.requests import MISSION, REQUEST
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.ledger.rules import Problem
from entremise.messaging.models import Letter
from entremise.payments.models import BankFile, BankLine, Intent, KeptMeans, Mandate
from entremise.payments.rules import LIVE
from entremise.people.models import Person, Supplier
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import (
    Invoice,
    MemberAccount,
    PayerShare,
    Plan,
    SupplierBill,
    Tip,
    Voucher,
    VoucherBatch,
)
from entremise.settlement.queries import open_invoices
from entremise.solidarity.models import Award, Place
from entremise.solidarity.rules import AWARD
from entremise.tenancy import scope
from tests.browser import handed, needed
from tests.browser.cared import of_care
from tests.browser.conftest import AXE, LOOKS, TRANSLATED, faults, tell
from tests.browser.shown import OUT, Again, Shown, after, answered, everywhere, nonsense, of_routes
from tests.browser.world import NOW, SHARED, Reader, World, seen, world
from tests.laws.test_templates import PAGES
from tests.laws.test_urls import body_of, declared

__all__ = ["seen", "world"]

pytestmark = pytest.mark.django_db

SAMPLES = {"uuid": "7b0c1d9e-0000-7000-8000-000000000000", "int": "1", "str": "x"}
PIECES = {"desk/call_preview.html"}  # What a script puts into the page of a call: tests/browser/test_desk_call.py.
PARTS = ("site", "members", "desk", "answers", "new", "refusals")


def site(world: World) -> Iterator[Shown]:
    """Who comes by: every open address, a request as far as it goes, and the ways in."""
    states = ("open", "filled")
    jobs = [Request.objects.filter(state=state, price__gt=0).order_by("-id")[0].listing.number for state in states]
    offers = [Offer.objects.filter(listing__state=state)[0].listing.number for state in ("draft", "open")]
    yield from of_routes([world.visitor], lambda one: one.open)
    yield from everywhere(world.visitor, [f"/missions/{number}/" for number in jobs])
    yield from everywhere(world.visitor, ["/missions/?vue=carte", "/missions/?q=introuvable", "/missions/?du=x"])
    yield from everywhere(world.visitor, [f"/coups-de-main/{number}/" for number in offers])
    yield from everywhere(world.visitor, ["/coups-de-main/?ou=Nullepart", "/l/jeton"])
    yield from everywhere(world.visitor, [*together(""), *needed.for_everybody()])
    yield from everywhere(world.visitor, ["/nulle-part"], ("fr",))
    yield from everywhere(world.visitor, ["/en/nowhere"], ("en",))
    you = {"name": "Yves Dupont", "phone": "06 39 98 55 01", "street": "3, rue du Four", "place": "33499 Valmarelle"}
    steps: dict[str, dict[str, object]] = {
        "besoin": {"activity": "repassage"},
        "details": {"length": "120"},
        "quand": {"how": "soon"},
        "vous": {**you, "agreed": "on"},
        "verifier": {},
        "envoyee": {},
    }
    for page, then in pairwise(steps):
        yield from after(world.visitor, f"/demander/{page}/", steps[page], f"/demander/{then}/")
    for page, then in islice(pairwise(steps), 2):  # Begun again: a request that is sent takes no more answers.
        yield from after(world.visitor, f"/demander/{page}/", steps[page], f"/demander/{then}/")
    yield from after(world.visitor, "/entrer", {"phone": SHARED}, "/entrer/code")
    code = re.findall(r"\d{6}", Letter.objects.filter(template="entry_code").latest("queued_at").body)[0]
    yield from after(world.visitor, "/entrer/code", {"code": code}, "/entrer/qui")
    yield from after(world.visitor, "/bureau/entrer", {"login": "helene", "password": PASSWORD}, "/bureau/entrer/code")


def together(what: str) -> Iterator[str]:
    """Every group purchase that people may see."""
    numbers = Purchase.objects.order_by("campaign__number").values_list("campaign__number", flat=True)
    yield from (f"/ensemble/{number}/{what}" for number in numbers)


def again() -> str:
    """The purchase that comes again."""
    return f"ensemble/{Purchase.objects.filter(series__isnull=False).latest('id').campaign.number}/"


def moment_of(client: Reader, offer: int) -> str:
    """The first moment at which it can be booked."""
    page = body_of(client.asks("GET", f"/coups-de-main/{offer}/"))
    return html.unescape(re.findall(r'href="([^"]+/reservation[^"]*)"', page)[0])


def members(world: World) -> Iterator[Shown]:
    offer = Offer.objects.filter(listing__state="open", bookable=True)[0].listing.number
    yield from of_routes(world.members, lambda one: not one.open and not one.route.startswith("bureau/"))
    worker, client, supplier = world.members
    wanted = Request.objects.filter(state="open", price__gt=0).order_by("-id")[0].listing.number
    yield from everywhere(worker, ["/moi/", "/moi/heures-libres", "/missions/", f"/missions/{wanted}/"])
    yield from everywhere(
        client, ["/moi/", "/moi/compte/", f"/coups-de-main/{offer}/demande?duree=120", moment_of(client, offer)]
    )
    joined = [*together(""), *together("commande"), f"/{again()}chaque-fois", *needed.for_everybody()]
    yield from everywhere(client, ["/moi/besoins/", "/moi/commandes/", *joined])
    yield from everywhere(supplier, ["/moi/", "/moi/entreprise/", *needed.for_suppliers()])
    for one in world.waited_for:
        owed = settled.owed_of(client=one.person.id) if one.person else []
        paths = [f"/moi/factures/en-plusieurs-fois/?{chosen(row.invoice.number)}" for row in owed[:1]]
        yield from everywhere(one, paths)
        papers = Agreement.objects.filter(state="drawn_up", parties__person=one.person)
        offers = Offer.objects.filter(person=one.person)
        visits = Mission.objects.filter(state="ready", starts_at__gt=NOW, client=one.person)[:1]
        mine = [
            "/moi/",
            "/moi/annonces/",
            "/moi/visites/",
            "/moi/avis/",
            "/moi/remercier/",
            "/moi/factures/",
            "/moi/compte/",
            "/moi/coup-de-pouce/",
            "/moi/entreprise/cartes/",
            "/moi/moyens-de-paiement/",
            "/moi/prix/",
            "/moi/aide-partagee/",
            "/moi/comite/",
        ]
        yield from everywhere(one, [*mine, *(f"/moi/annonces/{own.listing.number}/" for own in offers[:1])])
        yield from everywhere(one, [f"/moi/missions/{row.id}/annulation" for row in visits])
        yield from everywhere(one, [f"/moi/papiers/{paper.id}/" for paper in papers])


def requests() -> Iterator[int]:
    """Their numbers: one for each state of theirs, of their quotes and of their visits."""
    for state in REQUEST.states:
        yield from Request.objects.filter(state=state).order_by("-id").values_list("listing__number", flat=True)[:1]
    for state in MISSION.states:
        of = Mission.objects.filter(state=state).order_by("-id")
        yield from of.values_list("request__listing__number", flat=True)[:1]
    yield SupplierQuote.objects.filter(state="sent")[0].request.listing.number
    yield running_out(at=NOW)[0].request.listing.number


def helped(state: str) -> list[Award]:
    """One award in this state, if there is one."""
    return list(Award.objects.filter(state=state).exclude(decided_by="place").order_by("-payments", "id")[:1])


def bank_lines() -> Iterator[BankLine]:
    """One that waits and is proposed something, one that waits and left, one that was matched by hand."""
    rows = BankLine.objects.order_by("-booked_on", "id")
    yield rows.filter(state="unmatched", counterparty="M OU MME LENOIR")[0]
    yield rows.filter(state="unmatched", amount__lt=0)[0]
    yield rows.filter(reason="by_hand")[0]


def desk(world: World) -> Iterator[Shown]:
    supplier, worker = Supplier.objects.all()[0].person_id, world.members[0].person
    client = open_invoices()[0].invoice.client
    assert worker
    coming = Mission.objects.filter(state="ready", starts_at__gt=NOW)[0]
    received, by_card = BankFile.objects.filter(way="in")[0].id, Intent.objects.get(about="invoice", taken__gt=0)
    offers = [Offer.objects.filter(listing__state=state)[0].listing.number for state in ("draft", "open", "paused")]
    more = [
        *(f"/bureau/personnes/{one}/" for one in (worker.id, supplier)),
        f"/bureau/personnes/{Person.objects.filter(family_name='Aubry')[0].id}/",  # A client without a mandate.
        *(f"/bureau/personnes/{Mandate.objects.filter(state=state)[0].person_id}/" for state in LIVE),
        *(f"/bureau/personnes/{one}/" for one in {one.person_id for one in KeptMeans.objects.all()}),
        f"/bureau/personnes/{worker.id}/annonces",
        *(f"/bureau/personnes/{one}/compte/" for one in MemberAccount.objects.values_list("person_id", flat=True)),
        f"/bureau/personnes/{worker.id}/compte/",
        *(f"/bureau/demandes/{number}/" for number in dict.fromkeys(requests())),
        *(f"/bureau/missions/{one.occasion}/avis" for one in Feedback.objects.filter(state__in=("asked", "contested"))),
        *(f"/bureau/contrats/{one.number}/" for one in Agreement.objects.filter(state="drawn_up")[:1]),
        *(f"/bureau/contrats/{one.agreement.number}/acompte/" for one in settled.live_deposits()),
        f"/bureau/reglages/comptes/{world.coordinator.id}",
        *(f"/bureau/annonces/{offer}/" for offer in offers),
        *(f"/bureau/solidarite/demandes/{one.id}/" for state in AWARD.states for one in helped(state)),
        *(f"/bureau/solidarite/prix/personnes/{one.id}/" for one in Place.objects.order_by("-asked_at")),
        f"/bureau/solidarite/annee/?annee={NOW.year - 1}",
        f"/bureau/argent/banque/releves/{received}/",
        *(f"/bureau/argent/comptes/411000/?mois={month}" for month in ("2026-10", "2020-01")),
        "/bureau/argent/journal/?mois=2020-01",
        *(f"/bureau/argent/banque/lignes/{one.id}/" for one in bank_lines()),
        f"/bureau/argent/banque/lignes/{next(bank_lines()).id}/?client={client.id}",
        f"/bureau/argent/factures/{Invoice.objects.get(id=by_card.about_id).number}/",
        *of_a_payer(),
        *of_care(),
        *(f"/bureau/missions/{one.id}/remerciement" for one in thanked_and_not()),
        *in_instalments(),
        *of_groups(client),
        *(f"/bureau/argent/achats/{one.id}/" for one in SupplierBill.objects.all()),
        "/bureau/argent/achats/?quoi=",
        *(f"/bureau/argent/factures/{one.number}/" for one in Invoice.objects.filter(what="goods")),
        *(f"/bureau/argent/paies/?mois={month}" for month in ("2026-10", "2026-11")),
        *(f"/bureau/missions/{coming.id}/{what}" for what in ("annulation", "deplacement", "remplacement")),
    ]
    for clerk in world.clerks:
        yield from of_routes([clerk], lambda one: not one.open and one.route.startswith("bureau/"))
        yield from everywhere(clerk, more)
    yield from stopped(world)


def of_groups(client: Person) -> Iterator[str]:
    """Group purchases in every state, their closing, and somebody's order that is read aloud before it is taken."""
    yield from needed.at_the_desk()
    yield from handed.at_the_desk()
    closing = set(Purchase.objects.filter(state="closing").values_list("campaign", flat=True))
    for one in Campaign.objects.order_by("number"):
        yield f"/bureau/ensemble/{one.number}/"
        if one.state in ("open", "closing") or one.id in closing:
            yield f"/bureau/ensemble/{one.number}/cloture/"
    takes = Campaign.objects.filter(state="open", opens_at__lte=NOW, closes_at__gt=NOW, fills_at=None)
    theirs = Pledge.objects.filter(state="pledged", campaign__in=takes)
    number, whose = theirs.values_list("campaign__number", "person_id")[0]
    yield f"/bureau/ensemble/{number}/commandes/{whose}/"
    order = f"/bureau/ensemble/{number}/commandes/{client.id}/"
    asked = {"relire": "1", "quantity_1": "2", "tolerance_1": "1", "means": "later", "door": "phone"}
    yield from (f"{order}?{urlencode(asked)}", f"{order}?relire=1")
    yield f"/bureau/ensemble/{number}/?who=m"
    yield f"/bureau/ensemble/{number}/?who=zzzz"
    yield f"/bureau/personnes/{Pledge.objects.order_by('id')[0].person_id}/"
    yield "/bureau/ensemble/?quoi=tous"
    yield from (f"/bureau/{again()}suite/", f"/bureau/{again()}suite/?who=zzzz", f"/bureau/{again()}suite/{client.id}/")
    yield f"/bureau/ensemble/nouveau/?suite={again().split('/')[1]}"
    for row in Standing.objects.order_by("id"):  # Paused, in turn, alone.
        yield f"/bureau/{again()}suite/{row.person_id}/"


def of_a_payer() -> Iterator[str]:
    """A line that names a share, and its shares: as proposed, and ticked by a month."""
    line = f"/bureau/argent/banque/lignes/{BankLine.objects.get(counterparty='CCAS DE VALMARELLE').id}/"
    share = PayerShare.objects.select_related("undertaking__payer", "invoice").get()
    month = f"?payeur={share.undertaking.payer.person_id}&mois={share.invoice.month:%Y-%m}"
    yield from (line, f"{line}parts/", f"{line}parts/{month}")


def thanked_and_not() -> list[Mission]:
    """A visit whose worker was thanked, one that may be thanked for, and one that is to come."""
    tip = Tip.objects.get()
    others = Mission.objects.filter(request__mode__in=OURS).exclude(id=tip.occasion)
    return [
        Mission.objects.get(id=tip.occasion),
        others.filter(state__in=DONE)[0],
        others.filter(state="ready", starts_at__gt=NOW)[0],
    ]


def in_instalments() -> Iterator[str]:
    """Reminders of every late invoice, a plan that runs, and the dates of one to agree to."""
    for one in settled.late(on=NOW.date()):
        yield f"/bureau/argent/factures/{one.invoice.number}/rappels/"
    yield f"/bureau/personnes/{Plan.objects.get().client_id}/echeancier"
    late = next(one.invoice for one in settled.late(on=NOW.date()) if one.may_send)
    yield f"/bureau/personnes/{late.client_id}/echeancier?{chosen(late.number)}"
    voucher = Voucher.objects.filter(state="held").select_related("invoice")[0]
    yield from (f"/bureau/argent/factures/{voucher.invoice.number}/{what}" for what in ("cesu/", "bon-cadeau"))
    yield from (f"/bureau/argent/cesu/{one.id}/" for one in VoucherBatch.objects.all())
    share = PayerShare.objects.select_related("undertaking__payer").get()
    yield f"/bureau/personnes/{share.undertaking.payer.person_id}/payeur"
    yield f"/bureau/personnes/{share.undertaking.beneficiary_id}/prises-en-charge"


def chosen(number: str) -> str:
    return urlencode({"invoices": number, "count": 2, "first_on": f"{NOW + timedelta(days=9):%d/%m/%Y}"})


def stopped(world: World) -> Iterator[Shown]:
    """What the money pages say while the books do not add up."""
    act = Act(by=THE_CLOCK, at=NOW, door=Door.CLOCK)
    wrong = [Problem("unbalanced", "EUR", 1, 0)]
    settlement.note_proof(act=act, transfers=1, facts=1, found=wrong)
    for clerk in world.clerks:
        yield from everywhere(clerk, ["/bureau/argent/", "/bureau/argent/paies/", "/bureau/argent/salaires/"])
    settlement.note_proof(act=act, transfers=1, facts=1, found=[])


def answers(world: World) -> Iterator[Shown]:
    """Pages that are the answer to a form."""
    worker, client, _ = (one.person for one in world.members)
    key = {
        "label": "Site",
        "person": str(client and client.id),
        "scopes": ["requests:read"],
        "expires_on": "2027-01-31",
    }
    for clerk in world.clerks:
        people = SimpleUploadedFile("gens.csv", "Nom;Prénom;Téléphone\nAubry;Paul;12\n".encode(), "text/csv")
        yield from answered(clerk, "/bureau/importer/", {"kind": "people", "role": "client", "file": people})
        yield from answered(clerk, "/bureau/reglages/programmes/", key)
        sale = {"value": "50,00", "what": "", "buyer": "", "how": "cash", "once": clerk.name}
        yield from answered(clerk, "/bureau/argent/bons-cadeaux/", sale)
        yield from answered(clerk, f"/bureau/personnes/{worker and worker.id}/carte", {})


def new(world: World) -> Iterator[Shown]:
    """An organisation where nothing has happened: its first steps, and every list with nothing in it."""
    for one in world.newcomers:
        everything = of_routes([one], lambda address: not address.parameters and not address.open)
        yield from (page for page in everything if 'class="empty' in page.body or page.address == "/bureau/")


@pytest.fixture(scope="module")
def tried() -> set[str]:
    """The names of the ways of posting that have met nonsense."""
    return set()


@pytest.fixture(scope="module")
def shown(world: World, seen: set[str], tried: set[str]) -> Iterator[dict[str, list[Shown]]]:
    """Every page, by its part of the walk, as the site answers it."""
    found = {}
    with scope.within(world.organisation.id):
        tell(str(world.organisation.id))
        for part in (site, members, desk, answers, new):
            found[part.__name__] = list(part(world))
    found["refusals"] = list(nonsense([one for part in found.values() for one in part], tried))
    yield found
    tell("")


def test_no_form_is_left_out(tried: set[str], shown: dict[str, list[Shown]]) -> None:
    with translation.override("fr"):
        known = [one for one in declared() if "POST" in one.ways and not one.route.startswith("api/")]
        ways = {resolve("/" + re.sub(r"<(\w+):\w+>", lambda of: SAMPLES[of[1]], one.route)).view_name for one in known}
    assert sorted(ways - tried - OUT) == []


def test_no_template_is_left_out(seen: set[str], shown: dict[str, list[Shown]]) -> None:
    pages = {name for name in PAGES if name.startswith(("site/", "desk/", "components/"))}
    assert sorted(pages - seen - PIECES) == []


@pytest.mark.parametrize("part", PARTS)
def test_every_page_is_accessible(part: str, shown: dict[str, list[Shown]], browser: Browser, world: World) -> None:
    assert shown[part]
    context = browser.new_context(locale="fr-FR", reduced_motion="reduce", service_workers="block")
    context.add_init_script(AXE)
    page, found = context.new_page(), dict[str, list[str]]()
    page.on("pageerror", lambda error: found.setdefault("scripts", []).append(str(error)))
    for one in shown[part]:
        show(page, one, world.base)
        if page.evaluate("document.documentElement.lang") != one.language:
            found.setdefault(str(one), []).append(f"is not in « {one.language} »")
        if wrong := faults(page, TRANSLATED if one.language == "en" else LOOKS):
            found.setdefault(str(one), []).extend(wrong)
    context.close()
    assert found == {}


def show(page: Page, one: Shown, base: str) -> None:
    """The page as it was answered, at its own address; what it asks for comes from the server."""
    address = base.format(one.reader.host) + one.address
    page.context.clear_cookies()
    cookies = {name: cookie.value for name, cookie in one.reader.client.cookies.items()}
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    Again.page = one
    page.goto(address)
