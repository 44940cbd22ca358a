"""A posted need, a direct request, a booking on published free times and an assignment by the desk: four doors to the
same agreement. Whichever a client takes, the same people sign the same papers and promise each other the same things.

With somebody on their own account the doors are the same, and each goes through their quote: a free moment that a
client picks is asked for, since nobody is bound before they have read a price.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from entremise.agreements.models import Agreement, Party, Promise, Signature
from entremise.documents.models import Document
from entremise.history.models import Fact
from entremise.jobs.models import Activity, Mission, Offer, Request, SupplierQuote
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.kernel.act import Role
from entremise.market.models import Proposal
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, inside_as
from tests.jobs.conftest import bruno
from tests.stories.conftest import Time

__all__ = ["bruno", "inside_as"]

WEDNESDAY, THURSDAY = TODAY + timedelta(days=2), TODAY + timedelta(days=3)
THINGS = ("proposal", "listing", "request", "agreement", "mission", "document")


class House:
    """The people of the story, each at their own door."""

    def __init__(self, time: Time, desk: Client, client: Client, worker: Client, karim: Person, odile: Person) -> None:
        self.time, self.desk, self.client, self.worker = time, desk, client, worker
        self.karim, self.odile = karim, odile
        self.number = 0

    def proposed(self, line: str) -> Proposal:
        """The desk takes the call and puts the job to Karim."""
        typed = {"client": str(self.odile.id), "who": "Odile Marsan", "line": line, "seen": "1"}
        assert self.desk.post("/bureau/appel", {**typed, "do": "request"}).status_code == 302
        listing = Fact.objects.filter(type="request_posted").order_by("-id").values_list("data", flat=True)[0]["number"]
        self.desk.post(f"/bureau/demandes/{listing}/propositions", {"workers": [str(self.karim.id)]})
        return Proposal.objects.select_related("listing").get(listing__number=listing)

    def picking(self, how: str, moment: datetime) -> str:
        asked = urlencode({"debut": moment.isoformat(), "duree": "120"})
        return f"/coups-de-main/{self.number}/{how}?{asked}"


def posted_need(house: House) -> None:
    """Odile calls, Karim is asked by text and answers."""
    proposal = house.proposed("haie mercredi 8h 2h")
    house.time.rounds()
    house.time.text_from("+33639982001", f"OUI {proposal.listing.number}")


def direct_request(house: House) -> None:
    """Odile asks for Karim on the site; he says yes in his own space."""
    sent = {"day": f"{WEDNESDAY:%Y-%m-%d}", "hour": "10:00", "note": "", "otherwise": "another"}
    assert house.client.post(house.picking("demande", WEDNESDAY), sent).status_code == 302
    proposal = Proposal.objects.get(state="offered")
    assert house.worker.post(f"/moi/propositions/{proposal.id}/reponse", {"answer": "yes"}).status_code == 302


def instant_booking(house: House) -> None:
    """Odile takes a free moment that Karim published."""
    assert (
        house.client.post(house.picking("reservation", THURSDAY - timedelta(hours=2)), {"note": ""}).status_code == 302
    )


def assignment(house: House) -> None:
    """Odile calls, the coordinator calls Karim, and notes his yes."""
    proposal = house.proposed("haie jeudi 10h 2h")
    address = f"/bureau/demandes/{proposal.listing.number}/propositions/{proposal.id}/reponse"
    assert house.desk.post(address, {"answer": "yes"}).status_code == 302


def shape(agreement: Agreement) -> dict[str, object]:
    """What binds whom to what, without names, numbers and days."""
    roles = dict(Party.objects.filter(agreement=agreement).values_list("id", "role"))
    promises = Promise.objects.filter(agreement=agreement)
    mission = Mission.objects.get(agreement=agreement)
    papers = Document.objects.filter(about_id__in=[agreement.id, mission.id])
    return {
        "mode": agreement.mode,
        "state": agreement.state,
        "parties": set(Party.objects.filter(agreement=agreement).values_list("role", "person", "must_sign")),
        "signed": set(Signature.objects.filter(agreement=agreement).values_list("party__role", flat=True)),
        "promises": {(roles[p.giver_id], roles[p.taker_id], p.kind, p.asset, p.quantity) for p in promises},
        "papers": set(papers.values_list("kind", "template")),
        "terms": {**agreement.terms, "number": None},
        "mission": (mission.state, mission.worker_id, mission.client_id),
    }


def after_the_yes(since: Fact | None) -> list[str]:
    """The facts about the job from the yes on, in order."""
    facts = Fact.objects.filter(thing__in=THINGS).order_by("id")
    types = list((facts.filter(id__gt=since.id) if since else facts).values_list("type", flat=True))
    return [one for one in types[types.index("proposal_accepted") :] if not one.startswith("notice_")]


@pytest.mark.usefixtures("inside", "legal")
def test_four_doors_lead_to_the_same_agreement(
    time: Time, desk: object, inside_as: Visitor, karim: Person, odile: Person, hedge: Activity
) -> None:
    coordination: Client = desk(Role.COORDINATOR)  # type: ignore[operator]  # A fixture that signs staff in.
    house = House(time, coordination, inside_as(odile), inside_as(karim), karim, odile)

    # Karim says what he can do and when; the desk reads it and opens it.
    house.worker.post("/moi/heures-libres", {"free-2": "08:00-12:00", "free-3": "08:00-12:00"})
    house.worker.post("/moi/annonces/nouvelle", {"activity": "haie", "reach_km": "5", "bookable": "on"})
    house.number = Offer.objects.select_related("listing").get().listing.number
    assert coordination.post(f"/bureau/annonces/{house.number}/ouverture").status_code == 302

    shapes, facts = {}, {}
    doors: list[Callable[[House], None]] = [posted_need, direct_request, instant_booking, assignment]
    for door in doors:
        known, before = set(Agreement.objects.values_list("id", flat=True)), Fact.objects.order_by("-id").first()
        door(house)
        agreement = Agreement.objects.exclude(id__in=known).get()
        shapes[door.__name__], facts[door.__name__] = shape(agreement), after_the_yes(before)

    usual = shapes.pop("posted_need")
    assert usual["papers"] == {
        ("placement_agreement", "placement_agreement"),
        ("work_contract", "work_contract"),
        ("mission_order", "mission_order"),
    }
    assert shapes == dict.fromkeys(shapes, usual)
    same = facts.pop("posted_need")
    assert {"request_filled", "agreement_drawn_up", "mission_agreed", "agreement_signed"} <= set(same)
    assert facts == dict.fromkeys(facts, same)

    # Each is signed as ever, by both, before anybody works.
    for agreement in Agreement.objects.all():
        for member in (house.client, house.worker):
            assert member.post(f"/moi/papiers/{agreement.id}/signature").status_code == 302
    assert set(Agreement.objects.values_list("state", flat=True)) == {"active"}
    assert set(Mission.objects.values_list("state", flat=True)) == {"ready"}


# Somebody on their own account


class Trade:
    """Bruno, his client and the desk, each at their own door. number: of his offer."""

    def __init__(self, time: Time, desk: Client, client: Client, bruno: Client, person: Person, odile: Person) -> None:
        self.time, self.desk, self.client, self.bruno = time, desk, client, bruno
        self.person, self.odile = person, odile
        self.number = 0

    def wanted(self, line: str) -> Request:
        """The desk takes a call by quote and puts the job to Bruno."""
        typed = {"client": str(self.odile.id), "who": "Odile Marsan", "line": line, "by_quote": "on", "seen": "1"}
        assert self.desk.post("/bureau/appel", {**typed, "do": "request"}).status_code == 302
        request = Request.objects.select_related("listing").order_by("-id")[0]
        address = f"/bureau/demandes/{request.listing.number}/propositions"
        assert self.desk.post(address, {"workers": [str(self.person.id)]}).status_code == 302
        return request

    def picking(self, day: datetime, **more: str) -> Proposal:
        """Odile asks for Bruno from his offer, on the site."""
        sent = {"day": f"{day:%Y-%m-%d}", "hour": "10:00", "note": "", "otherwise": "nobody"}
        asked = urlencode({"duree": "120", **more})
        assert self.client.post(f"/coups-de-main/{self.number}/demande?{asked}", sent).status_code == 302
        return Proposal.objects.get(state="offered")

    def quotes(self, proposal: Proposal) -> SupplierQuote:
        """Bruno says yes to his own price, in his own space."""
        assert self.bruno.post(f"/moi/propositions/{proposal.id}/reponse", {"answer": "yes"}).status_code == 302
        return SupplierQuote.objects.get(state="sent")

    def accepts(self, quote: SupplierQuote) -> None:
        assert self.client.post(f"/moi/devis/{quote.id}/reponse", {"answer": "yes"}).status_code == 302


def need_by_quote(trade: Trade) -> None:
    """Odile calls; Bruno is asked by text and answers, then she does."""
    number = trade.wanted("haie mercredi 8h 2h").listing.number
    trade.time.rounds()
    trade.time.text_from("+33639985521", f"OUI {number}")
    trade.time.text_from("+33639981427", f"OUI {number}")


def request_for_him(trade: Trade) -> None:
    """Odile asks for him on the site, at a moment of her own."""
    trade.accepts(trade.quotes(trade.picking(WEDNESDAY)))


def free_moment(trade: Trade) -> None:
    """Odile picks a moment that he published as free."""
    page = trade.client.get(f"/coups-de-main/{trade.number}/?duree=120").content.decode()
    assert f"/coups-de-main/{trade.number}/demande?debut={THURSDAY - timedelta(hours=2):%Y-%m-%dT%H}" in page
    trade.accepts(trade.quotes(trade.picking(THURSDAY, debut=THURSDAY.isoformat())))


def named_by_the_desk(trade: Trade) -> None:
    """The coordinator calls Bruno, notes his yes, calls Odile, and notes hers."""
    request = trade.wanted("haie vendredi 10h 2h")
    proposal = Proposal.objects.get(listing=request.listing_id)
    base = f"/bureau/demandes/{request.listing.number}"
    assert trade.desk.post(f"{base}/propositions/{proposal.id}/reponse", {"answer": "yes"}).status_code == 302
    quote = SupplierQuote.objects.get(state="sent")
    assert trade.desk.post(f"{base}/devis/{quote.id}/reponse", {"answer": "yes"}).status_code == 302


@pytest.mark.usefixtures("inside", "legal")
def test_four_doors_lead_to_the_same_agreement_with_a_supplier(
    time: Time, desk: object, inside_as: Visitor, bruno: Person, odile: Person
) -> None:
    coordination: Client = desk(Role.COORDINATOR)  # type: ignore[operator]  # A fixture that signs staff in.
    trade = Trade(time, coordination, inside_as(odile), inside_as(bruno), bruno, odile)

    # Bruno says what he can do, when, and at which price; the desk reads it and opens it.
    trade.bruno.post("/moi/heures-libres", {"free-2": "08:00-12:00", "free-3": "08:00-12:00"})
    trade.bruno.post("/moi/annonces/nouvelle", {"activity": "haie", "reach_km": "5", "hourly_price": "34"})
    trade.number = Offer.objects.select_related("listing").get().listing.number
    assert coordination.post(f"/bureau/annonces/{trade.number}/ouverture").status_code == 302

    shapes = {}
    doors: list[Callable[[Trade], None]] = [need_by_quote, request_for_him, free_moment, named_by_the_desk]
    for door in doors:
        known = set(Agreement.objects.values_list("id", flat=True))
        door(trade)
        shapes[door.__name__] = shape(Agreement.objects.exclude(id__in=known).get())

    # His price, both signatures, no contract of work: the same whichever door it was.
    usual = shapes.pop("need_by_quote")
    assert (usual["mode"], usual["state"], usual["signed"]) == (
        with_pricing("quote").code,
        "active",
        {"client", "supplier"},
    )
    assert ("client", "supplier", "fee", "EUR", 3400) in usual["promises"]  # type: ignore[operator]  # A set.
    assert shapes == dict.fromkeys(shapes, usual)
    assert set(Document.objects.values_list("kind", flat=True)) == {"quote", "service_order"}
    assert set(Mission.objects.values_list("state", flat=True)) == {"ready"}
