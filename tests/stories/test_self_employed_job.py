"""A job of somebody who works on their own account, through the doors: from a phone call to the books."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from entremise.agreements.models import Agreement, Signature
from entremise.documents.models import Document, Print
from entremise.history.models import Fact
from entremise.jobs.models import Mission, Request, SupplierQuote
from entremise.kernel.act import Role
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.market.models import Proposal
from entremise.people.models import Person, Supplier
from entremise.settlement.models import Invoice, Run, SupplierInvoice, SupplierInvoiceLine
from entremise.settlement.queries.books import fec_lines
from entremise.settlement.rules import fec
from tests.doors.conftest import Visitor, inside_as
from tests.jobs.conftest import bruno
from tests.settlement.conftest import ENTRY, STATEMENT
from tests.stories.conftest import Time

__all__ = ["bruno", "inside_as"]

ODILE, BRUNO = "+33639981427", "+33639985521"


@pytest.mark.usefixtures("inside")
def test_a_self_employed_job_from_a_phone_call_to_the_books(
    time: Time, desk: Callable[..., Client], inside_as: Visitor, bruno: Person, odile: Person, legal: None
) -> None:
    coordination = desk(Role.COORDINATOR)
    treasury = desk(Role.TREASURER, given="Hélène", family="Garrigue")

    # 1 · The file: SIRET proved, IBAN, mandate. A wrong SIRET comes back beside its field.
    business = {"siret": "732 829 320 00075", "trade": "craft", "vat": "franchise", "price_haie": "32"}
    address = f"/bureau/personnes/{bruno.id}/entreprise"
    assert coordination.post(address, business).status_code == 422
    business |= {"siret": "732 829 320 00074", "mandate_on": "02/11/2026"}
    assert coordination.post(address, business).status_code == 302
    assert Supplier.objects.get().siret == "73282932000074"
    coordination.post(f"/bureau/personnes/{bruno.id}/compte", {"iban": "FR76 3000 6000 0112 3456 7890 189"})

    # 2 · The call, by quote: the coordinator reads what each asks, nothing is promised yet.
    typed = {"client": str(odile.id), "who": "Odile Marsan", "line": "haie mardi matin 2h", "by_quote": "on"}
    page = coordination.get("/bureau/appel/apercu", typed).content.decode().replace("\u00a0", " ")
    assert "64,00 €" in page
    assert coordination.post("/bureau/appel", {**typed, "seen": "1", "do": "request"}).status_code == 302
    number = Request.objects.select_related("listing").get().listing.number
    time.rounds()
    assert "sur devis" in time.texts_to(ODILE)[-1]

    # 3 · The supplier reads the split in the text, and says OUI: that is a quote.
    coordination.post(f"/bureau/demandes/{number}/propositions", {"workers": [str(bruno.id)]})
    time.rounds()
    asked = time.texts_to(BRUNO)[-1].replace("\u00a0", " ")
    assert "64,00" in asked
    assert "57,60" in asked
    time.to(time.now + timedelta(minutes=5))
    time.text_from(BRUNO, f"OUI {number}")
    quote = SupplierQuote.objects.get()
    assert (quote.price, quote.state) == (6400, "sent")
    assert not Agreement.objects.exists()

    # 4 · The client reads price and commission, and says OUI by text: both are bound.
    assert "6,40" in time.texts_to(ODILE)[-1]
    time.to(time.now + timedelta(hours=2))
    assert Proposal.objects.get().state == "offered"  # The supplier's time to answer does not run any more.
    time.text_from(ODILE, f"OUI {number}")
    assert Agreement.objects.get().state == "active"
    assert set(Signature.objects.values_list("party__role", flat=True)) == {"client", "supplier"}
    time.rounds()
    assert set(Document.objects.values_list("kind", flat=True)) == {"quote", "service_order"}
    assert Print.objects.count() == 2
    assert f"H {number}" in time.texts_to(BRUNO)[-1]

    # 5 · Done: the supplier's hours by text, the client's yes.
    time.to(Mission.objects.get().ends_at + timedelta(minutes=20))
    time.text_from(BRUNO, f"H {number} 2")
    time.to(time.now + timedelta(hours=1))
    time.text_from(ODILE, f"OUI {number}")
    assert Mission.objects.get().state == "confirmed"

    # 6 · The month, twice: an invoice in the supplier's name, ours for the commission, a statement.
    time.to(time.now.replace(year=2026, month=12, day=4, hour=9))
    for _ in range(2):
        assert treasury.post("/bureau/argent/paies/?mois=2026-11", {"month": "2026-11"}).status_code in (302, 422)
        time.rounds()
    assert Run.objects.get().state == "finished"
    theirs, ours = SupplierInvoice.objects.get(), Invoice.objects.get()
    assert (theirs.number, theirs.client, theirs.total) == ("S1-2026-0001", odile, 6400)
    assert (ours.client, ours.total, ours.vat) == (bruno, 640, 107)
    assert theirs.document.data["iban"] == "FR7630006000011234567890189"
    assert theirs.document.data["seller"]["siret"] == "73282932000074"
    time.rounds()
    assert Print.objects.filter(document__in=[theirs.document, ours.document]).count() == 2

    # 7 · The books hold the commission and nothing of the client's money.
    assert ledger.balances_by_holder(code="411000") == {bruno.id: 640}
    entry = ENTRY.format(amount="6.40", way="CRDT", ref="R1", text=f"commission {ours.number}")
    statement = SimpleUploadedFile("releve.xml", STATEMENT.format(entries=entry).encode(), "application/xml")
    assert treasury.post("/bureau/argent/banque/", {"file": statement}).status_code == 302
    assert ledger.balances_by_holder(code="411000") == {}
    assert ledger.verify() == []
    lines = list(fec_lines(period=Period(Period.month(2026, 1).first, Period.month(2026, 12).last)))
    assert fec.problems(lines) == []
    assert any(re.search(r"708200.*\t5,33", line) for line in lines)
    assert not any("64,00" in line for line in lines)

    # 8 · The supplier's page: what was sold, who has paid; the return of sellers.
    client = inside_as(bruno)
    assert "64,00" in client.get("/moi/entreprise/").content.decode()
    assert client.post(f"/moi/entreprise/{theirs.id}/paiement").status_code == 302
    assert "73282932000074" in treasury.get("/bureau/argent/vendeurs/?annee=2026").content.decode()

    facts = set(Fact.objects.values_list("type", flat=True))
    assert facts >= {
        "supplier_described",
        "request_posted",
        "proposal_made",
        "quote_sent",
        "quote_accepted",
        "proposal_accepted",
        "agreement_active",
        "hours_confirmed",
        "supplier_invoice_issued",
        "invoice_issued",
        "payment_received",
        "supplier_paid",
    }


@pytest.mark.usefixtures("inside", "legal")
def test_a_visit_by_quote_called_off_too_late_an_absence_and_one_forgone(
    time: Time, desk: Callable[..., Client], inside_as: Visitor, bruno: Person, odile: Person
) -> None:
    coordination = desk(Role.COORDINATOR)
    treasury = desk(Role.TREASURER, given="Hélène", family="Garrigue")
    coordination.post(f"/bureau/personnes/{bruno.id}/compte", {"iban": "FR76 3000 6000 0112 3456 7890 189"})
    client, supplier = inside_as(odile), inside_as(bruno)

    def agreed(line: str) -> Mission:
        """By telephone, at 32 € an hour; both say OUI by text."""
        typed = {"client": str(odile.id), "who": "Odile Marsan", "line": line, "by_quote": "on", "seen": "1"}
        assert coordination.post("/bureau/appel", {**typed, "do": "request"}).status_code == 302
        number = Request.objects.select_related("listing").latest("id").listing.number
        coordination.post(f"/bureau/demandes/{number}/propositions", {"workers": [str(bruno.id)]})
        time.rounds()
        time.text_from(BRUNO, f"OUI {number}")
        time.text_from(ODILE, f"OUI {number}")
        return Mission.objects.get(number=number, state="ready")

    # 1 · Four visits; the rule is in each quote, and in the order that Bruno holds.
    in_time, late, absent, forgone = (
        agreed(f"haie {day} 14h 2h") for day in ("mercredi", "jeudi", "vendredi", "samedi")
    )
    papers = Document.objects.filter(kind__in=["quote", "service_order"])
    assert all("Annuler une visite" in {one["title"] for one in paper.data["clauses"]} for paper in papers)

    # 2 · One called off the day before costs nothing.
    time.to(in_time.starts_at - timedelta(hours=30))
    assert client.post(f"/moi/missions/{in_time.id}/annulation", {"fee": "0"}).status_code == 302

    # 3 · One called off the same day: the page says half of it, to whom, and our part; Bruno is told.
    time.to(late.starts_at - timedelta(hours=2))
    address = f"/moi/missions/{late.id}/annulation"
    page = client.get(address).content.decode().replace("\u00a0", " ")
    assert "Annuler et payer 32,00 €" in page
    assert "dont 3,20 € de commission" in page
    assert client.post(address, {"fee": "3200"}).status_code == 302
    time.rounds()
    assert "vous doit 32,00" in time.texts_to(BRUNO)[-1].replace("\u00a0", " ")

    # 4 · One where nobody opened: the desk notes it. The whole visit is due.
    time.to(absent.starts_at + timedelta(minutes=30))
    told = {"who": "client", "fee": "6400", "excuse": "", "reason": ""}
    assert coordination.post(f"/bureau/missions/{absent.id}/absence", told).status_code == 302

    # 5 · One called off late, that the desk may not forgive in his place, and that he lets be.
    time.to(forgone.starts_at - timedelta(hours=2))
    said = {"fee": "3200", "excuse": "goodwill", "reason": "Une amie"}
    assert coordination.post(f"/bureau/missions/{forgone.id}/annulation", said).status_code == 422
    assert coordination.post(f"/bureau/missions/{forgone.id}/annulation", {**said, "excuse": ""}).status_code == 302
    time.to(time.now + timedelta(minutes=5))
    assert supplier.post(f"/moi/entreprise/visites/{forgone.id}/renonciation").status_code == 302

    # 6 · The month: in Bruno's name what is left of it, and the same share of it is ours.
    time.to(time.now.replace(year=2026, month=12, day=4, hour=9))
    treasury.post("/bureau/argent/paies/?mois=2026-11", {"month": "2026-11"})
    time.rounds()
    theirs, ours = SupplierInvoice.objects.get(), Invoice.objects.get()
    assert (theirs.client, theirs.total, theirs.commission) == (odile, 9600, 960)
    assert (ours.client, ours.total) == (bruno, 960)
    labels = set(SupplierInvoiceLine.objects.values_list("label", "amount"))
    assert labels == {
        ("Tailler une haie : visite annulée après le délai", 3200),
        ("Tailler une haie : personne à l’arrivée", 6400),
    }
    assert ledger.balances_by_holder(code="411000") == {bruno.id: 960}
    assert ledger.verify() == []
