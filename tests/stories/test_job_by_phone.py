"""The use case of the house, line by line, through its doors: from a phone call to the books and the public page."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from entremise.agreements.models import Agreement, Fulfilment, Signature
from entremise.documents.models import Document, Print
from entremise.history.models import Fact
from entremise.impact.queries import report
from entremise.jobs.models import Mission, Request
from entremise.kernel.act import Role
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.market.models import Proposal
from entremise.messaging.models import Call, Incoming, Letter
from entremise.payments.models import BankFile, BankLine
from entremise.people.models import Person
from entremise.settlement.models import Invoice, Payout, Payslip, Run
from tests.settlement.conftest import ENTRY, STATEMENT
from tests.stories.conftest import HOST, Time

ODILE, KARIM, NADEGE = "+33639981427", "+33639982001", "+33639982002"


@pytest.mark.usefixtures("inside", "odile")
def test_one_small_job_from_a_phone_call_to_the_books(
    time: Time, desk: object, karim: Person, nadege: Person, odile: Person, act: object, legal: None
) -> None:
    coordination: Client = desk(Role.COORDINATOR)  # type: ignore[operator]  # A fixture that signs staff in.
    treasury: Client = desk(Role.TREASURER, given="Hélène", family="Garrigue")  # type: ignore[operator]

    # 1 · The call: written down with the request, its price said, the caller told.
    typed = {"client": str(odile.id), "who": "Odile Marsan", "line": "haie mardi matin 2h", "seen": "1"}
    answer = coordination.post("/bureau/appel", {**typed, "do": "request"})
    assert answer.status_code == 302
    request = Request.objects.select_related("listing").get()
    number = request.listing.number
    assert Call.objects.get().about_id == request.id
    time.rounds()
    assert any("49,00" in text and str(number) in text for text in time.texts_to(ODILE))

    # 2 · The match: a page that reads, and says why.
    page = coordination.get(f"/bureau/demandes/{number}/").content.decode()
    assert "Karim" in page
    assert "Nadège" in page

    # 3 · The proposal, to two by text; the first yes wins, the other is told.
    coordination.post(f"/bureau/demandes/{number}/propositions", {"workers": [str(karim.id), str(nadege.id)]})
    assert Proposal.objects.filter(state="offered").count() == 2
    time.rounds()
    assert f"OUI {number}" in time.texts_to(KARIM)[-1]
    time.to(time.now + timedelta(minutes=9))
    time.text_from(KARIM, f"Oui {number}")
    time.to(time.now + timedelta(minutes=1))
    time.text_from(NADEGE, f"OUI {number}")
    assert Proposal.objects.get(person=karim).state == "accepted"
    assert Proposal.objects.get(person=nadege).state == "too_late"
    assert "prise" in time.texts_to(NADEGE)[-1]
    assert Incoming.objects.filter(handled_at__isnull=True).count() == 0

    # 4 · The contract: two contracts and a mission order, printed by the clock.
    agreement = Agreement.objects.get()
    assert set(Document.objects.values_list("kind", flat=True)) == {
        "placement_agreement",
        "work_contract",
        "mission_order",
    }
    time.rounds()
    assert Print.objects.count() == 3

    # 5 · The signatures: the client's on the coordinator's screen, the worker's on paper.
    answer = coordination.post(f"/bureau/contrats/{agreement.number}/", {"role": "client", "read_aloud": "on"})
    assert answer.status_code == 302, alerts(answer)
    answer = coordination.post(f"/bureau/contrats/{agreement.number}/papier", {"role": "worker", "scan": photo()})
    assert answer.status_code == 302, alerts(answer)
    agreement.refresh_from_db()
    assert agreement.state == "active"
    assert Signature.objects.count() == 3

    # 6 · The hours, by text; the client says yes, by text.
    time.to(Mission.objects.get().ends_at + timedelta(minutes=20))
    time.text_from(KARIM, f"H {number} 2")
    assert Fulfilment.objects.get().minutes == 120
    time.to(time.now + timedelta(hours=1))
    time.text_from(ODILE, f"OUI {number}")
    assert Mission.objects.get().state == "confirmed"

    # 7 · The month: opened at the desk, settled by the clock, letters with documents.
    coordination.post(f"/bureau/personnes/{karim.id}/compte", {"iban": "FR76 3000 6000 0112 3456 7890 189"})
    time.to(time.now.replace(year=2026, month=12, day=4, hour=9))
    answer = treasury.post("/bureau/argent/paies/?mois=2026-11", {"month": "2026-11"})
    assert answer.status_code == 302, alerts(answer)
    time.rounds()
    assert Run.objects.get().state == "finished"
    invoice, payslip = Invoice.objects.get(), Payslip.objects.get()
    assert (invoice.total, payslip.gross) == (4900, 2708)
    assert Letter.objects.filter(template="invoice_ready", person=odile).exists()
    time.rounds()
    assert Print.objects.filter(document__in=[invoice.document, payslip.document]).count() == 2

    # 8 · Paid: the bank's statement, read twice.
    entry = ENTRY.format(amount="49.00", way="CRDT", ref="R1", text=f"facture {invoice.number}")
    for _ in range(2):
        upload(treasury, STATEMENT.format(entries=entry))
    assert BankLine.objects.get().state == "matched"
    assert ledger.balances_by_holder(code="411000") == {}

    # 9 · Paid out: one file for the bank, final on its word.
    answer = treasury.post("/bureau/argent/virements/", {"on": "07/12/2026"})
    assert answer.status_code == 302, alerts(answer)
    assert b"pain.001.001.09" in bytes(BankFile.objects.get(way="out").content)
    euros = f"{payslip.paid // 100}.{payslip.paid % 100:02d}"
    upload(treasury, STATEMENT.format(entries=ENTRY.format(amount=euros, way="DBIT", ref="R2", text="PAIE")))
    assert Payout.objects.get().state == "paid"
    assert ledger.balances_by_holder(code="421000") == {}
    assert ledger.verify() == []

    # 11 · The results: too few people to be named by a number, and the public page says so.
    year = report(period=Period.month(2026, 11), zone=time.now.tzinfo)  # type: ignore[arg-type]
    assert year.figures["workers"].hidden
    public = Client(headers={"host": HOST}).get("/resultats/")
    assert public.status_code == 200
    assert "Odile" not in public.content.decode()

    # Every line left its fact.
    facts = set(Fact.objects.values_list("type", flat=True))
    assert facts >= {
        "call_logged",
        "request_posted",
        "proposal_made",
        "proposal_accepted",
        "agreement_drawn_up",
        "agreement_active",
        "hours_logged",
        "hours_confirmed",
        "invoice_issued",
        "payslip_issued",
        "payment_received",
        "payout_confirmed",
    }


def alerts(answer: HttpResponse) -> list[str]:
    """What a page that came back says is wrong."""
    return re.findall(r'class="(?:error|errors[^"]*|callout[^"]*)".*?</(?:p|div)>', answer.content.decode(), re.DOTALL)


def photo() -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("RGB", (400, 560), "white").save(picture, "JPEG")
    return SimpleUploadedFile("contrat.jpg", picture.getvalue(), content_type="image/jpeg")


def upload(treasury: Client, statement: str) -> None:
    from_bank = SimpleUploadedFile("releve.xml", statement.encode(), content_type="application/xml")
    answer = treasury.post("/bureau/argent/banque/", {"file": from_bank})
    assert answer.status_code == 302, alerts(answer)
