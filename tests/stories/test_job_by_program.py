"""One job through the API alone, by a client that is generated from the document: from a person to a settled month."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

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
    worker = generated(let_in(Person.objects.get(id=karim["id"])))
    client = generated(let_in(Person.objects.get(id=odile["id"])))
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
    (payslip,) = worker.listPayslips()["rows"]
    assert payslip["gross"] == 2708
    assert client.listPayslips()["rows"] == []

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
