"""One invoice, several hands: the CCAS pays a part, prepaid vouchers another, a transfer the rest; the vouchers go to
their centre, one comes back, and the year's certificate says what she paid herself."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from entremise.agreements.models import Agreement
from entremise.documents.models import Document
from entremise.doors.frame import sessions
from entremise.jobs.models import Mission
from entremise.kernel.act import Role
from entremise.ledger import queries as ledger
from entremise.payments.models import BankLine
from entremise.people.models import Person
from entremise.settlement.models import Invoice, Voucher, VoucherBatch
from entremise.settlement.queries import open_invoices
from entremise.tenancy.models import LegalIdentity, Organisation
from tests.doors.desk.conftest import HOST, Desk
from tests.jobs.conftest import asked, mission, request_
from tests.settlement.conftest import ENTRY, STATEMENT, worked
from tests.stories.conftest import Time
from tests.stories.test_paid_without_thinking import done

__all__ = ["asked", "mission", "request_", "worked"]


@pytest.mark.usefixtures("inside")
def test_an_invoice_is_paid_by_several_hands(
    time: Time, desk: Desk, organisation: Organisation, worked: Mission, odile: Person
) -> None:
    LegalIdentity.objects.update(sap_number="SAP732829320", sap_date=date(2020, 1, 1))
    assert Agreement.objects.get().terms["personal_service"]
    time.to(datetime(2026, 12, 4, 9, tzinfo=UTC))
    treasury = desk(Role.TREASURER, given="Hélène")
    coordination = desk(Role.COORDINATOR)

    # 1 · The CCAS has undertaken 40 %; the month is settled: she owes 29.40 € of 49 €.
    ccas = Person.objects.create(kind="local_authority", family_name="CCAS", known_since=time.now)
    done(coordination, f"/bureau/personnes/{ccas.id}/payeur", {"kind": "ccas", "due_days": "30"})
    payer = {"payer": payer_id(coordination, odile), "value": "40", "how": "percent", "starts_on": "01/11/2026"}
    done(coordination, f"/bureau/personnes/{odile.id}/prises-en-charge", payer)
    done(treasury, "/bureau/argent/paies/?mois=2026-11", {"month": "2026-11"})
    time.rounds()
    invoice = Invoice.objects.get(kind="invoice")
    page = f"/bureau/argent/factures/{invoice.number}"
    assert left(coordination, page) == "29,40"

    # 2 · At the counter she has three vouchers of ten euros: one too many, and change is not given.
    cesu = {"issuer": "up", "form": "paper", "vintage": "2026", "value": "10,00", "once": "story"}
    answer = coordination.post(f"{page}/cesu/", {**cesu, "numbers": "1001\n1002\n1003"})
    assert answer.status_code == 422
    assert "on ne rend pas la monnaie" in answer.content.decode()
    assert left(coordination, page) == "29,40"
    done(coordination, f"{page}/cesu/", {**cesu, "numbers": "1001\n1002"})
    assert left(coordination, page) == "9,40"

    # 3 · The rest is asked of her everywhere alike: on her page, in the list of what is owed.
    hers = member(odile, organisation)
    assert "9,40" in hers.get("/moi/factures/").content.decode()
    assert [one.due for one in open_invoices()] == [940]
    assert "9,40" in treasury.get("/bureau/argent/factures/").content.decode().replace("\xa0", " ")

    # 4 · She transfers it.
    upload(treasury, ("9.40", "R1", f"{invoice.number}"))
    assert open_invoices() == []

    # 5 · The vouchers leave on one list; the centre refuses one, pays the other, and keeps a commission.
    held = [str(one.id) for one in Voucher.objects.order_by("number")]
    done(treasury, "/bureau/argent/cesu/", {"vouchers": held})
    batch = VoucherBatch.objects.get()
    slip = f"/bureau/argent/cesu/{batch.id}/"
    assert "20,00" in treasury.get(slip).content.decode()
    done(treasury, f"{slip}{held[1]}/refus", {"reason": "Déjà présenté"})
    assert left(coordination, page) == "10,00"
    upload(treasury, ("9.80", "R2", "CRCESU"))
    line = BankLine.objects.get(state="unmatched")
    assert treasury.post(f"{slip}remboursement", {"line": str(line.id), "fee": "0"}).status_code == 422
    done(treasury, f"{slip}remboursement", {"line": str(line.id), "fee": "0,20"})

    # 6 · She brings ten euros in coins. The CCAS still owes its own part.
    done(coordination, f"{page}/encaissement", {"amount": "10,00", "how": "cash", "once": "coins"})
    assert open_invoices() == []
    assert ledger.balances_by_holder(code="411000") == {ccas.id: 1960}

    # 7 · In January her certificate counts what she paid herself, and of it the voucher.
    time.to(datetime(2027, 1, 20, 9, tzinfo=UTC))
    done(desk(Role.TREASURER, given="Hélène2"), "/bureau/argent/attestations/?annee=2026", {"year": "2026"})
    told = Document.objects.get(kind="tax_certificate").data
    assert (told["paid"], told["cesu"]) == (2940, 1000)
    assert ledger.verify() == []


def left(client: Client, page: str) -> str:
    """What the page of an invoice says is left to pay."""
    said = client.get(f"{page}/").content.decode()
    return said.split("Reste à payer")[1].split('class="money">')[1].split("\xa0")[0]


def payer_id(client: Client, person: Person) -> str:
    said = client.get(f"/bureau/personnes/{person.id}/prises-en-charge").content.decode()
    return said.split('name="payer"')[1].split('<option value="')[1].split('"')[0]


def member(person: Person, organisation: Organisation) -> Client:
    """On her own page, as a link from a letter lets her in."""
    client = Client(headers={"host": HOST})
    session = client.session
    session[sessions.PERSON] = str(person.id)
    session[sessions.MARK] = sessions._mark(str(person.id), organisation)
    session.save()
    return client


def upload(client: Client, line: tuple[str, str, str]) -> None:
    amount, ref, text = line
    entry = ENTRY.format(amount=amount, way="CRDT", ref=ref, text=text)
    file = SimpleUploadedFile("releve.xml", STATEMENT.format(entries=entry).encode(), "text/xml")
    assert client.post("/bureau/argent/banque/", {"file": file}).status_code == 302
