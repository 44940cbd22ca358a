"""A posted need, a direct request, a booking on published free times and an assignment by the desk: four doors to the
same agreement. Whichever a client takes, the same people sign the same papers and promise each other the same things.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from entremise.agreements.models import Agreement, Party, Promise, Signature
from entremise.documents.models import Document
from entremise.history.models import Fact
from entremise.jobs.models import Activity, Mission, Offer
from entremise.kernel.act import Role
from entremise.market.models import Proposal
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, inside_as
from tests.stories.conftest import Time

__all__ = ["inside_as"]

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
