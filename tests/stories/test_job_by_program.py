"""Jobs through the API alone, by a client that is generated from the document: from a person to a settled month; by
quote; a season with all that happens to one; from an offer, or from the public list.
"""

import base64
import io
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from PIL import Image

from entremise.history.models import Fact
from entremise.jobs.models import Activity
from entremise.kernel.act import Role
from entremise.people.models import Person, Place
from tests.doors.api.conftest import let_in
from tests.stories.client import Answer, Failed, Generated
from tests.stories.conftest import HOST, Time

IBAN = "FR76 3000 6000 0112 3456 7890 189"


def send(method: str, address: str, headers: dict[str, str], body: bytes) -> Answer:
    kind = headers.pop("Content-Type", "application/json")
    answer = Client().generic(
        method, quote(address, safe="/?&=-:+"), body, content_type=kind, headers={"host": HOST, **headers}
    )
    return answer.status_code, dict(answer.headers), answer.content


def generated(key: str = "") -> Generated:
    """From the document as the server gives it, and from nothing else."""
    document = Client(headers={"host": HOST}).get("/api/v1/openapi.json").json()
    return Generated(document, send, key)


def colleague(*roles: Role) -> Generated:
    """A program that acts as somebody at the desk, with the key that the direction made."""
    person = Person.objects.create(given_name="Solène", family_name="Oudin", known_since="2025-01-01T00:00Z")
    person.memberships.bulk_create(
        person.memberships.model(person=person, role=role.value, since="2025-01-01") for role in roles
    )
    return generated(let_in(person))


def of(person: Person) -> Generated:
    """A program that acts as this person."""
    return generated(let_in(person))


def week(desk: Generated, number: int, at: datetime) -> dict[str, Any]:
    """The visit of a job at this moment."""
    visits = desk.pages("listMissions", number=number)
    return next(one for one in visits if datetime.fromisoformat(one["starts_at"]) == at)


def scan() -> str:
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


@pytest.mark.usefixtures("inside", "legal")
def test_one_small_job_by_a_program_alone(time: Time, hedge: Activity, place: Place) -> None:
    desk, treasury = colleague(Role.COORDINATOR), colleague(Role.TREASURER)
    assert generated().readOrganisation()["name"] == "Le Pas de Porte"

    # Two people become known, each with the consent they gave.
    (town,) = desk.findPlaces(q="valmarelle")["rows"]
    odile = desk.createPerson(
        family_name="Marsan",
        given_name="Odile",
        title="Mme",
        phone="06 39 98 14 27",
        street="12, rue des Tilleuls",
        place=town["id"],
    )
    karim = desk.createPerson(
        family_name="Belkacem", given_name="Karim", role="worker", phone="06 39 98 20 01", place=town["id"]
    )
    assert odile["consents"][0]["given"] is True
    desk.showPaper(person=karim["id"], kind="pass_iae", number="999992712345", valid_to="2028-01-01")
    desk.describeWork(person=karim["id"], hours_wanted=1200, skills=[{"activity": "haie", "how": "seen"}])

    # The price first, with where each euro goes; then the request, twice after a broken line: there is one.
    start = time.now + timedelta(days=1)
    price = desk.readQuote(activity="haie", minutes=120, on=start.date().isoformat(), client=odile["id"])
    assert price["total"] == sum(price["split"].values()) == 4900
    wanted = {"client": odile["id"], "activity": "haie", "starts_at": start.isoformat(), "minutes": 120}
    request = desk.createRequest(attempt="autumn-1", **wanted)
    assert desk.createRequest(attempt="autumn-1", **wanted)["number"] == request["number"]
    assert [one["number"] for one in desk.pages("listRequests")] == [request["number"]]
    number = request["number"]

    # Who could go, and why; the proposal; the worker's own program says yes, and sees nothing that is not his.
    candidates = desk.listCandidates(number=number)
    assert [one["worker"]["name"] for one in candidates["rows"]] == ["Karim Belkacem"]
    assert candidates["criteria"][0] == "not_blocked"
    (asked,) = desk.proposeRequest(number=number, workers=[karim["id"]])["rows"]
    worker, client = (of(Person.objects.get(id=one["id"])) for one in (karim, odile))
    with pytest.raises(Failed, match="404"):
        client.answerProposal(proposal=asked["id"], yes=True)
    assert worker.answerProposal(proposal=asked["id"], yes=True)["state"] == "accepted"

    # The agreement, read and signed by both.
    (agreement,) = worker.listAgreements()["rows"]
    assert set(agreement["missing"]) == {"client", "worker"}
    client.signAgreement(number=agreement["number"], role="client")
    assert worker.signAgreement(number=agreement["number"], role="worker")["state"] == "active"
    (paper, *_) = worker.listDocuments()["rows"]
    assert worker.downloadDocument(document=paper["id"]).startswith(b"%PDF")

    # The hours, and the client's word.
    (mission,) = worker.listMissions(state="ready")["rows"]
    with pytest.raises(Failed, match="not_started_yet"):
        worker.logHours(mission=mission["id"], minutes=120)
    time.to(start + timedelta(hours=2, minutes=20))
    worker.logHours(mission=mission["id"], minutes=120)
    with pytest.raises(Failed, match="not_allowed"):
        worker.confirmHours(mission=mission["id"])
    assert client.confirmHours(mission=mission["id"])["state"] == "confirmed"
    desk.setBankAccount(person=karim["id"], iban=IBAN, holder="Karim Belkacem")

    # The month: seen before, settled by the clock, read after.
    time.to(time.now.replace(month=12, day=4, hour=9))
    before = treasury.readMonth(month="2026-11")
    assert sorted((one["kind"], one["total"]) for one in before["to_come"])[0] == ("invoice", 4900)
    with pytest.raises(Failed, match="not_allowed"):
        desk.settleMonth(month="2026-11")
    assert treasury.settleMonth(month="2026-11")["run"]["state"] == "open"
    time.rounds()
    after = treasury.readMonth(month="2026-11")
    assert (after["run"]["state"], after["invoices"], after["payslips"]) == ("finished", 1, 1)
    (invoice,) = client.listInvoices()["rows"]
    assert (invoice["total"], invoice["due"]) == (4900, 4900)
    assert client.downloadInvoice(number=invoice["number"]).startswith(b"%PDF")
    assert desk.receiveCash(number=invoice["number"], amount=4000, how="cash")["due"] == 900
    with pytest.raises(Failed, match="not_allowed"):
        desk.creditInvoice(number=invoice["number"], reason="Geste commercial", amount=900)
    assert treasury.creditInvoice(number=invoice["number"], reason="Geste commercial", amount=900)["total"] == 900
    assert client.readInvoice(number=invoice["number"])["due"] == 0
    (payslip,) = worker.listPayslips()["rows"]
    assert payslip["gross"] == 2708
    assert client.listPayslips()["rows"] == []
    wage = treasury.handOver(number=payslip["number"], how="cheque")
    assert [one["id"] for one in worker.listPayouts()["rows"]] == [wage["id"]]
    assert treasury.sendBack(payout=wage["id"])["state"] == "returned"

    # Every line left its fact, through this door.
    facts = Fact.objects.filter(door="api").values_list("type", flat=True)
    assert set(facts) >= {
        "person_added",
        "consent_recorded",
        "request_posted",
        "proposal_made",
        "proposal_accepted",
        "agreement_active",
        "hours_logged",
        "hours_confirmed",
        "run_opened",
    }


@pytest.mark.usefixtures("inside", "legal", "hedge")
def test_a_job_by_quote_by_programs_alone(time: Time, place: Place, odile: Person) -> None:
    desk, treasury, client = colleague(Role.COORDINATOR), colleague(Role.TREASURER), of(odile)
    bruno = desk.createPerson(family_name="Corvaisier", given_name="Bruno", phone="06 39 98 55 21", place=str(place.id))
    prices = [{"activity": "haie", "hourly": 3200}]
    business = {"siret": "732 829 320 00074", "mandate_on": "2026-11-02", "prices": prices}
    with pytest.raises(Failed, match="siret_not_understood"):
        desk.describeBusiness(person=bruno["id"], **{**business, "siret": "732 829 320 00075"})
    assert desk.describeBusiness(person=bruno["id"], **business)["prices"] == prices
    desk.showPaper(person=bruno["id"], kind="registration")
    desk.showPaper(person=bruno["id"], kind="insurance", valid_to="2027-06-30")
    supplier = of(Person.objects.get(id=bruno["id"]))

    # The client asks by quote; whoever comes names the price, and the client says yes to it.
    start = time.now + timedelta(days=1)
    request = client.createRequest(activity="haie", starts_at=start.isoformat(), minutes=120, by_quote=True)
    assert (request["by_quote"], request["price"]) == (True, 0)
    (asked,) = desk.proposeRequest(number=request["number"], workers=[bruno["id"]])["rows"]
    with pytest.raises(Failed, match="price_needed"):
        supplier.sendQuote(proposal=asked["id"], hourly=3200, whole=7000)
    dear = supplier.sendQuote(proposal=asked["id"], whole=7000)
    assert client.answerQuote(quote=dear["id"], yes=False)["state"] == "declined"
    (asked,) = desk.proposeRequest(number=request["number"], workers=[bruno["id"]])["rows"]
    supplier.sendQuote(proposal=asked["id"], hourly=3200)
    (price,) = client.listQuotes(state="sent")["rows"]
    assert (price["price"], price["commission"]) == (6400, 640)
    assert client.downloadDocument(document=price["document"]).startswith(b"%PDF")
    with pytest.raises(Failed, match="not_allowed"):
        supplier.answerQuote(quote=price["id"], yes=True)
    assert client.answerQuote(quote=price["id"], yes=True)["state"] == "accepted"

    # Done, confirmed, settled: the client pays the supplier, who says so.
    (mission,) = supplier.listMissions(state="ready")["rows"]
    time.to(start + timedelta(hours=3))
    supplier.logHours(mission=mission["id"], minutes=120)
    client.confirmHours(mission=mission["id"])
    time.to(time.now.replace(month=12, day=4, hour=9))
    treasury.settleMonth(month="2026-11")
    time.rounds()
    (sale,) = client.listSales()["rows"]
    assert (sale["total"], sale["commission"], sale["paid"]) == (6400, 640, False)
    assert supplier.downloadSale(sale=sale["id"]).startswith(b"%PDF")
    with pytest.raises(Failed, match="not_allowed"):
        client.markSalePaid(sale=sale["id"])
    assert supplier.markSalePaid(sale=sale["id"])["paid"] is True


@pytest.mark.usefixtures("inside", "legal")
def test_a_season_by_programs_alone(time: Time, karim: Person, nadege: Person, odile: Person) -> None:
    desk, client, worker = colleague(Role.COORDINATOR), of(odile), of(karim)
    start = time.now + timedelta(days=1)
    weeks = [start + timedelta(weeks=number) for number in range(6)]

    # Every Tuesday, not on the 29th of December; signed on a screen and on paper.
    wanted = {"activity": "haie", "starts_at": start.isoformat(), "minutes": 120, "recurrence": "FREQ=WEEKLY"}
    number = client.createRequest(**wanted)["number"]
    (asked,) = desk.proposeRequest(number=number, workers=[str(karim.id)])["rows"]
    assert [one["skipped"] for one in client.setDay(number=number, day="2026-12-29")["rows"]] == [True]
    worker.answerProposal(proposal=asked["id"], yes=True)
    (agreement,) = worker.listAgreements()["rows"]
    client.signAgreement(number=agreement["number"], role="client")
    with pytest.raises(Failed, match="not_allowed"):
        worker.returnPaper(number=agreement["number"], role="worker", scan=scan())
    with pytest.raises(Failed, match="scan_not_readable"):
        desk.returnPaper(number=agreement["number"], role="worker", scan="AAAA")
    agreement = desk.returnPaper(number=agreement["number"], role="worker", scan=scan())
    assert agreement["state"] == "active"
    (signed,) = (one["document"] for one in agreement["parties"] if one["role"] == "worker")
    assert desk.downloadScan(document=signed).startswith(b"\xff\xd8")

    # One visit an hour later; the next called off the evening before, at the price that was shown.
    first = desk.moveMission(
        mission=week(desk, number, weeks[0])["id"], starts_at=(weeks[0] + timedelta(hours=1)).isoformat()
    )
    assert datetime.fromisoformat(first["starts_at"]) == weeks[0] + timedelta(hours=1)
    time.to(weeks[1] - timedelta(hours=14))
    second = week(desk, number, weeks[1])["id"]
    cost = client.previewMissionCancellation(mission=second)
    assert (cost["why"], cost["fee"], cost["minutes"]) == ("late", 2450, None)
    assert worker.previewMissionCancellation(mission=second)["minutes"] == 120
    with pytest.raises(Failed, match="fee_changed"):
        client.cancelMission(mission=second)
    assert client.cancelMission(mission=second, fee=cost["fee"])["state"] == "cancelled"
    with pytest.raises(Failed, match="not_allowed"):
        client.waiveFee(mission=second, reason="Hospitalisation")
    desk.waiveFee(mission=second, reason="Hospitalisation")

    # Karim is late, and then does not come at all: somebody else does, the day after. Then nobody opens the door.
    third = week(desk, number, weeks[2])["id"]
    time.to(weeks[2] - timedelta(minutes=10))
    worker.runLate(mission=third)
    assert "running_late" in [one["kind"] for one in desk.pages("listTasks")]
    time.to(weeks[2] + timedelta(minutes=40))
    desk.reportAbsence(mission=third, who="worker")
    search = desk.replaceOnce(mission=third, starts_at=(weeks[2] + timedelta(days=1)).isoformat())
    day = (weeks[2] + timedelta(days=1)).date().isoformat()
    (plan,) = desk.spreadDay(day=day)["rows"]
    assert (plan["request"]["number"], bool(plan["worker"])) == (search["number"], True)
    pair = {"request": search["number"], "worker": str(nadege.id)}
    assert [one["state"] for one in desk.proposeRound(pairs=[pair])["rows"]] == ["offered"]
    fourth = week(desk, number, weeks[3])["id"]
    time.to(weeks[3] + timedelta(minutes=20))
    cost = desk.previewAbsence(mission=fourth)
    assert desk.reportAbsence(mission=fourth, who="client", fee=cost["fee"])["state"] == "no_show_client"

    # A visit like any other, and how it went: said, answered, contested, decided.
    fifth = week(desk, number, weeks[4])["id"]
    time.to(weeks[4] + timedelta(hours=3))
    worker.logHours(mission=fifth, minutes=120)
    client.confirmHours(mission=fifth)
    (hers,) = (one["id"] for one in client.listFeedback()["rows"] if one["mission"] == fifth)
    (his,) = (one["id"] for one in worker.listFeedback()["rows"] if one["mission"] == fifth)
    client.giveFeedback(feedback=hers, answer="badly", words="Trop court")
    worker.giveFeedback(feedback=his, answer="well")
    worker.replyToFeedback(feedback=hers, words="La haie était deux fois plus longue")
    worker.contestFeedback(feedback=hers, words="Ce n’est pas ce qui était prévu")
    assert desk.decideFeedback(feedback=hers, keep=False, reason="Durée à revoir")["state"] == "withdrawn"

    # The rest is no longer wanted: in time, so that nothing is due.
    assert client.previewCancellation(number=number) == {"fee": 0, "visits": 0}
    assert client.cancelRequest(number=number)["state"] == "cancelled"


@pytest.mark.usefixtures("inside", "legal")
def test_offers_and_the_public_list_by_programs_alone(
    time: Time, hedge: Activity, place: Place, karim: Person, odile: Person
) -> None:
    desk, client, worker = colleague(Role.COORDINATOR), of(odile), of(karim)
    me = str(karim.id)

    # What Karim offers, and when: a week and one Saturday. The desk opens it; Odile books.
    worker.setFreeTimes(person=me, weekly=[{"weekday": 2, "opens": "08:00", "closes": "12:00"}])
    saturday = time.now + timedelta(days=5)
    times = worker.addFreeMoment(person=me, starts_at=saturday.isoformat(), minutes=240)
    worker.removeFreeMoment(person=me, moment=times["moments"][0]["id"])
    assert worker.readFreeTimes(person=me) == {"weekly": [[2, "08:00", "12:00"]], "moments": []}
    number = worker.createOffer(activity="haie", reach_km=10, bookable=True)["number"]
    assert worker.reviseOffer(number=number, reach_km=20, bookable=True, named=True)["reach_km"] == 20
    assert [one["number"] for one in desk.pages("listKeptOffers", state="draft")] == [number]
    desk.openOffer(number=number)
    offer = client.readOffer(number=number, minutes=120)
    assert (offer["name"], bool(offer["days"])) == ("Karim B.", True)
    booked = client.book(number=number, starts_at=offer["moments"][0]["start"], minutes=120)
    assert booked["worker"]["id"] == me

    # What everybody may read; Karim would go, and keeps the search.
    wanted = (time.now + timedelta(days=9)).isoformat()
    request = client.createRequest(activity="haie", starts_at=wanted, minutes=60)["number"]
    assert desk.setPublicity(number=request, listed=True, words="Deux mètres de haut")["listed"] is True
    (notice,) = worker.listNotices(q="haies", place=str(place.id), km=5)["rows"]
    assert (notice["number"], notice["place"], notice["km"]) == (request, "Valmarelle", 0)
    assert worker.readNotice(number=request)["words"] == "Deux mètres de haut"
    assert worker.showInterest(number=request, going=True)["willing"] is True
    (could,) = desk.listCandidates(number=request)["rows"]
    assert (could["worker"]["id"], could["willing"]) == (me, True)
    assert worker.showInterest(number=request, going=False)["willing"] is False
    assert worker.readInterest(number=request)["against"] == []
    search = worker.saveSearch(person=me, words="haie", place=str(place.id), km=5, days=[5, 6])
    assert worker.changeSearch(search=search["id"], channel="text", every_days=7)["every_days"] == 7
    with pytest.raises(Failed, match="404"):
        client.removeSearch(search=search["id"])
    assert worker.removeSearch(search=search["id"])["state"] == "removed"
    assert worker.listSearches(person=me)["rows"] == []
