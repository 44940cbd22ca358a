"""A client who never thinks of invoices: a mandate on paper, a month settled, the letter, the file, the bank's word;
one comes back, is due again, and is paid by cheque."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from entremise.jobs.models import Mission
from entremise.kernel.act import Role
from entremise.ledger import queries as ledger
from entremise.messaging.models import Letter, Task
from entremise.payments.models import BankFile
from entremise.people.models import Person
from entremise.settlement.models import Debit, Invoice
from entremise.settlement.queries import open_invoices
from entremise.tenancy.models import LegalIdentity
from tests.jobs.conftest import asked, mission, request_
from tests.settlement.conftest import ENTRY, STATEMENT, worked
from tests.settlement.test_debits import IBAN, returned
from tests.stories.conftest import Time

__all__ = ["asked", "mission", "request_", "worked"]

ODILE = "+33639981427"
DEBITS = "/bureau/argent/prelevements/"


@pytest.mark.usefixtures("inside")
def test_a_month_is_collected_and_one_comes_back(time: Time, desk: object, worked: Mission, odile: Person) -> None:
    coordination: Client = desk(Role.COORDINATOR)  # type: ignore[operator]  # A fixture that signs staff in.
    treasury: Client = desk(Role.TREASURER, given="Hélène", family="Garrigue")  # type: ignore[operator]
    LegalIdentity.objects.update(creditor_id="FR72ZZZ123456")

    # 1 · The mandate came back by post.
    done(coordination, f"/bureau/personnes/{odile.id}/mandat", {"iban": IBAN, "signed_on": "20/11/2026"})

    # 2 · The month is settled; nobody asks her to pay.
    time.to(datetime(2026, 12, 4, 9, tzinfo=UTC))
    done(treasury, "/bureau/argent/paies/?mois=2026-11", {"month": "2026-11"})
    time.rounds()
    invoice = Invoice.objects.get()
    assert "prélèverons" in Letter.objects.get(template="invoice_ready").body

    # 3 · She is told the amount and the day.
    done(treasury, DEBITS, {"collect_on": "18/12/2026"})
    time.rounds()
    assert any("49,00" in text and "04/01" in text for text in time.texts_to(ODILE))

    # 4 · The file, two weeks before that day.
    time.to(datetime(2026, 12, 28, 9, tzinfo=UTC))
    done(treasury, f"{DEBITS}fichiers", {})
    assert b"pain.008.001.08" in bytes(BankFile.objects.get(message="pain.008").content)

    # 5 · The bank says that it came: the invoice is paid.
    upload(treasury, ENTRY.format(amount="49.00", way="CRDT", ref="R1", text="REMISE SEPA"))
    assert (Debit.objects.get().state, open_invoices()) == ("paid", [])

    # 6 · It comes back: due again, somebody looks, nothing leaves by itself.
    amount, way, ref, text = returned("FA-2026-0001-P1", reason="AM04")
    upload(treasury, ENTRY.format(amount=amount, way=way, ref=ref, text=text))
    assert [one.due for one in open_invoices()] == [4900]
    assert Task.objects.get(kind="debit_back").person == odile
    assert treasury.post(DEBITS, {"collect_on": "18/01/2027"}).status_code == 422

    # 7 · She brings a cheque.
    page = f"/bureau/argent/factures/{invoice.number}/encaissement"
    done(coordination, page, {"amount": "49,00", "how": "cheque", "once": "story"})
    assert open_invoices() == []
    assert ledger.balances_by_holder(code="411000") == {}
    assert ledger.verify() == []


def done(client: Client, address: str, typed: dict[str, str]) -> None:
    assert client.post(address, typed).status_code == 302, address


def upload(client: Client, entry: str) -> None:
    """A statement with one line, read twice."""
    for _ in range(2):
        content = STATEMENT.format(entries=entry).encode()
        file = SimpleUploadedFile("releve.xml", content, "text/xml")
        assert client.post("/bureau/argent/banque/", {"file": file}).status_code == 302
