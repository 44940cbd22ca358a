from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.messaging.models import Letter, Task
from entremise.payments import operations as payments
from entremise.payments.models import BankFile, BankLine, Mandate
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Debit, Invoice, Receipt
from entremise.settlement.operations.statements import bring_in
from entremise.settlement.rules.runs import DEBIT
from entremise.tenancy.models import LegalIdentity
from tests.settlement.conftest import DECEMBER_4, ENTRY, STATEMENT, balance, settle, statement

IBAN = "FR7630004000070000000178914"
DUE = date(2027, 1, 4)  # The invoice is due on the 3rd, a Sunday.
Line = tuple[str, str, str, str]


@pytest.fixture
def invoice(treasurer: Act, worked: Mission) -> Invoice:
    """49 € that Odile owes, who gave a mandate."""
    LegalIdentity.objects.update(creditor_id="FR72ZZZ123456")
    settle(treasurer)
    invoice = Invoice.objects.select_related("client").get()
    signed = date(2026, 11, 20)
    payments.give_mandate(act=treasurer, person=invoice.client, iban=IBAN, signed_on=signed, how="paper")
    return invoice


@pytest.fixture
def soon(treasurer: Act) -> Act:
    """The treasurer, when the bank takes the file."""
    return replace(treasurer, at=datetime(2026, 12, 28, 9, 0, tzinfo=UTC))


@pytest.fixture
def debit(treasurer: Act, soon: Act, invoice: Invoice) -> Debit:
    """In a file that the bank has."""
    operations.announce_debits(act=treasurer)
    (debit,) = operations.order_debits(act=soon).ordered
    return debit


def due(invoice: Invoice) -> int:
    return queries.dues(invoices=[invoice])[invoice.id]


def brought(act: Act, *lines: Line) -> list[BankLine]:
    """The lines of a statement of January, settled as far as they are sure."""
    entries = "".join(ENTRY.format(amount=a, way=w, ref=r, text=t) for a, w, r, t in lines)
    found = bring_in(act=act, name="j.xml", content=STATEMENT.format(entries=entries).encode())
    return list(BankLine.objects.filter(file=found.file).order_by("key"))


# Announced


def test_whoever_gave_a_mandate_is_not_asked_to_pay(treasurer: Act, worked: Mission, odile: Person) -> None:
    signed = date(2026, 11, 20)
    payments.give_mandate(act=treasurer, person=odile, iban=IBAN, signed_on=signed, how="paper")
    settle(treasurer)
    body = Letter.objects.get(template="invoice_ready").body
    assert "prélèverons" in body
    assert "à payer" not in body


def test_what_is_collected_is_told_first_with_amount_day_and_mandate(treasurer: Act, invoice: Invoice) -> None:
    (debit,) = operations.announce_debits(act=treasurer)
    assert (debit.amount, debit.collect_on, debit.reference) == (4900, DUE, "FA-2026-0001-P1")
    letter = Letter.objects.get(template="debit_announced")
    assert "49,00" in letter.body
    assert letter.person == invoice.client
    assert due(invoice) == 4900


def test_nothing_is_announced_twice(treasurer: Act, invoice: Invoice) -> None:
    operations.announce_debits(act=treasurer)
    with pytest.raises(Refused, match="nothing_to_collect"):
        operations.announce_debits(act=treasurer)
    assert Letter.objects.filter(template="debit_announced").count() == 1


def test_nobody_is_told_of_a_debit_that_no_file_could_hold(treasurer: Act, invoice: Invoice) -> None:
    LegalIdentity.objects.update(creditor_id="")
    with pytest.raises(Refused, match="creditor_id_missing"):
        operations.announce_debits(act=treasurer)


def test_a_day_before_the_notice_is_over_is_refused_and_a_later_one_taken(treasurer: Act, invoice: Invoice) -> None:
    with pytest.raises(Refused, match="debit_too_early"):
        operations.announce_debits(act=treasurer, collect_on=date(2026, 12, 17))
    (debit,) = operations.announce_debits(act=treasurer, collect_on=date(2027, 1, 9))
    assert debit.collect_on == date(2027, 1, 11)  # The 9th is a Saturday.


def test_a_mandate_at_rest_collects_nothing(treasurer: Act, invoice: Invoice) -> None:
    payments.suspend_mandate(act=treasurer, mandate=Mandate.objects.get(), reason="AC04")
    assert queries.to_announce(on=DECEMBER_4.date()) == []


# In a file


def test_a_file_holds_the_money_and_the_invoice_is_still_due(debit: Debit, invoice: Invoice) -> None:
    bank = ledger.account(code="512000")
    assert bank is not None
    assert ledger.balance(account=bank.id).pending_in == 4900
    assert due(invoice) == 4900
    file = BankFile.objects.get(message="pain.008")
    assert (file.lines, file.total, debit.batch) == (1, 4900, file.message_id)
    assert Mandate.objects.get().last_used_on == DUE


def test_a_file_is_made_once(soon: Act, debit: Debit) -> None:
    with pytest.raises(Refused, match="nothing_to_collect"):
        operations.order_debits(act=soon)


def test_the_bank_takes_no_file_weeks_before_its_day(treasurer: Act, invoice: Invoice) -> None:
    operations.announce_debits(act=treasurer)
    with pytest.raises(Refused, match="nothing_to_collect"):
        operations.order_debits(act=treasurer)


def test_a_file_made_late_collects_on_the_next_day_that_the_bank_takes(treasurer: Act, invoice: Invoice) -> None:
    operations.announce_debits(act=treasurer)
    late = replace(treasurer, at=datetime(2027, 1, 8, 9, 0, tzinfo=UTC))  # A Friday.
    (debit,) = operations.order_debits(act=late).ordered
    assert debit.collect_on == date(2027, 1, 12)


def test_what_was_paid_meanwhile_is_collected_no_more(treasurer: Act, soon: Act, invoice: Invoice) -> None:
    operations.announce_debits(act=treasurer)
    operations.receive_cash(act=soon, invoice=invoice, amount=900, how="cash", on=soon.at.date(), key="1")
    (debit,) = operations.order_debits(act=soon).ordered
    assert debit.amount == 4000


def test_what_was_paid_whole_or_lost_its_mandate_is_dropped(treasurer: Act, soon: Act, invoice: Invoice) -> None:
    operations.announce_debits(act=treasurer)
    with transaction.atomic():
        payments.revoke_mandate(act=treasurer, mandate=Mandate.objects.get())
        assert [one.reason for one in operations.order_debits(act=soon).dropped] == ["no_mandate"]
        transaction.set_rollback(True)
    operations.receive_cash(act=soon, invoice=invoice, amount=4900, how="cheque", on=soon.at.date(), key="1")
    found = operations.order_debits(act=soon)
    assert (found.file, found.ordered, [one.reason for one in found.dropped]) == (None, [], ["paid"])


def test_a_person_may_drop_one_and_let_it_be_announced_again(treasurer: Act, invoice: Invoice) -> None:
    (debit,) = operations.announce_debits(act=treasurer)
    operations.drop_debit(act=treasurer, debit=debit)
    assert queries.to_announce(on=DECEMBER_4.date()) == []
    assert queries.debits(on=DECEMBER_4.date()).back == [debit]
    operations.collect_again(act=treasurer, debit=debit)
    (again,) = operations.announce_debits(act=treasurer)
    assert again.reference == "FA-2026-0001-P2"


def test_nobody_takes_coins_for_what_the_bank_is_collecting(soon: Act, invoice: Invoice, debit: Debit) -> None:
    with pytest.raises(Refused, match="debit_on_its_way"):
        operations.receive_cash(act=soon, invoice=invoice, amount=1, how="cash", on=soon.at.date(), key="1")


# The bank's word


@pytest.mark.parametrize("text", ["REMISE PRLV-20261228-00001", "FA-2026-0001-P1", "REMISE SEPA"])
def test_the_credit_of_the_bank_pays_the_invoice(soon: Act, invoice: Invoice, debit: Debit, text: str) -> None:
    (line,) = brought(soon, ("49.00", "CRDT", "R1", text))
    assert (line.state, line.reason) == ("matched", "debit")
    debit.refresh_from_db()
    assert (debit.state, debit.paid_on, due(invoice)) == ("paid", line.booked_on, 0)
    assert (balance("512000"), balance("411000")) == (4900, 0)
    assert Receipt.objects.get().how == "debit"


def test_a_transfer_that_names_the_invoice_is_not_taken_for_the_debit(
    soon: Act, invoice: Invoice, debit: Debit
) -> None:
    brought(soon, ("49.00", "CRDT", "R1", "FA-2026-0001"))
    assert Receipt.objects.get().how == "transfer"
    brought(soon, ("49.00", "CRDT", "R2", "REMISE SEPA"))
    assert (due(invoice), queries.owed_by(client=invoice.client_id), balance("512000")) == (0, -4900, 9800)
    assert Task.objects.get(kind="paid_twice").person == invoice.client


def test_two_files_of_one_sum_wait_for_a_person_who_names_one(soon: Act, debit: Debit) -> None:
    twin = BankFile.objects.get(message="pain.008")
    twin.pk, twin.sha256, twin.message_id = None, "0" * 64, "PRLV-OTHER"
    twin.save(force_insert=True)
    _beside(debit, twin)
    (line,) = brought(soon, ("49.00", "CRDT", "R1", "REMISE SEPA"))
    assert line.state == "unmatched"
    wrong = BankLine(id=line.id, amount=4899, state=line.state, booked_on=line.booked_on)
    with pytest.raises(Refused, match="line_differs"):
        operations.debits_by_hand(act=soon, line=wrong, number=debit.batch)
    assert operations.debits_by_hand(act=soon, line=line, number=debit.batch.lower()) == [debit]
    assert operations.debits_by_hand(act=soon, line=line, number="FA-2026-0001") == []


def test_a_rejected_debit_holds_no_money_and_waits_for_a_persons_word(soon: Act, invoice: Invoice) -> None:
    debit = _ordered(soon, invoice)
    found = bring_in(act=soon, name="r.xml", content=status(debit, "AM04"))
    assert (found.file.message, found.matched) == ("pain.002", 1)
    debit.refresh_from_db()
    assert (debit.state, debit.reason) == ("rejected", "AM04")
    bank = ledger.account(code="512000")
    assert bank is not None
    assert ledger.balance(account=bank.id).pending_in == 0
    assert queries.to_announce(on=soon.at.date()) == []
    assert Task.objects.get(kind="debit_back").params["reason"] == "AM04"
    assert Mandate.objects.get().state == "active"
    assert bring_in(act=soon, name="r.xml", content=status(debit, "AM04")).matched == 0


def test_a_closed_account_puts_the_mandate_at_rest(soon: Act, debit: Debit) -> None:
    bring_in(act=soon, name="r.xml", content=status(debit, "AC04"))
    assert (Mandate.objects.get().state, Mandate.objects.get().reason) == ("suspended", "AC04")


def test_a_debit_taken_back_is_due_again_and_its_reason_known(soon: Act, invoice: Invoice, debit: Debit) -> None:
    brought(soon, ("49.00", "CRDT", "R1", "REMISE"))
    (line,) = brought(soon, returned("FA-2026-0001-P1"))
    assert (line.state, line.reason, line.return_code) == ("matched", "debit_returned", "MD06")
    debit.refresh_from_db()
    assert (debit.state, debit.reason, due(invoice)) == ("returned", "MD06", 4900)
    assert (balance("512000"), balance("411000")) == (0, 4900)
    operations.receive_cash(act=soon, invoice=invoice, amount=4900, how="cheque", on=soon.at.date(), key="1")
    assert due(invoice) == 0


def test_the_same_statement_twice_changes_nothing(soon: Act, invoice: Invoice, debit: Debit) -> None:
    for _ in range(2):
        brought(soon, ("49.00", "CRDT", "R1", "REMISE"), returned("FA-2026-0001-P1"))
    assert (Receipt.objects.count(), due(invoice), balance("512000")) == (2, 4900, 0)


def test_a_notice_tells_and_the_statement_that_follows_moves_nothing_twice(
    soon: Act, invoice: Invoice, debit: Debit
) -> None:
    brought(soon, ("49.00", "CRDT", "R1", "REMISE"))
    found = bring_in(act=soon, name="a.xml", content=notice("FA-2026-0001-P1"))
    assert (found.file.message, found.matched, due(invoice)) == ("camt.054", 1, 4900)
    (line,) = brought(soon, ("49.00", "DBIT", "R2", "IMPAYES PRLV 1 OP"))
    assert (line.state, balance("512000"), Receipt.objects.count()) == ("matched", 0, 2)


def test_a_return_given_by_hand_is_known_by_its_invoice(soon: Act, invoice: Invoice, debit: Debit) -> None:
    brought(soon, ("49.00", "CRDT", "R1", "REMISE"))
    (line,) = statement(soon, ("49.00", "DBIT", "R2", "IMPAYE"))
    assert operations.debits_by_hand(act=soon, line=line, number="FA-2026-0001") == [debit]
    assert due(invoice) == 4900


def test_a_wage_that_the_bank_refuses_is_owed_again(treasurer: Act, invoice: Invoice) -> None:
    ordered = operations.order_payouts(act=treasurer, execution_on=date(2026, 12, 7))
    content = STATUS.format(file=ordered.file.message_id, reference="BP-2026-0001", reason="AC04").encode()
    assert bring_in(act=treasurer, name="w.xml", content=content).matched == 1
    assert [one.number for one in queries.unpaid_payslips()] == ["BP-2026-0001"]


@pytest.mark.parametrize("state", sorted(DEBIT.states))
@pytest.mark.parametrize("verb", ["drop", "confirm", "reject", "return"])
def test_no_edge_is_taken_that_the_table_does_not_have(soon: Act, debit: Debit, state: str, verb: str) -> None:
    if DEBIT.allows(state, verb) or (state, verb) in QUIET:
        return
    Debit.objects.filter(id=debit.id).update(state=state)
    does: dict[str, Callable[[], Debit]] = {
        "drop": lambda: operations.drop_debit(act=soon, debit=debit),
        "confirm": lambda: operations.confirm_debit(act=soon, debit=debit, on=DUE),
        "reject": lambda: operations.reject_debit(act=soon, debit=debit),
        "return": lambda: operations.return_debit(act=soon, debit=debit, on=DUE),
    }
    with pytest.raises(Refused, match="not_now"):
        does[verb]()


# Said again, or of one that came and went at once.
QUIET = {("paid", "confirm"), ("rejected", "reject"), ("returned", "return"), ("ordered", "return")}
STATUS = """<Document><CstmrPmtStsRpt><GrpHdr><MsgId>B1</MsgId></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{file}</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{file}</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>{reference}
</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf></TxInfAndSts>
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"""
RETURN = "</Ustrd></RmtInf><RtrInf><Rsn><Cd>MD06</Cd></Rsn></RtrInf><RmtInf><Ustrd>"


def status(debit: Debit, reason: str) -> bytes:
    return STATUS.format(file=debit.batch, reference=debit.reference, reason=reason).encode()


def returned(reference: str, reason: str = "MD06") -> Line:
    return ("49.00", "DBIT", f"RET {reference}", reference + RETURN.replace("MD06", reason))


def notice(reference: str) -> bytes:
    entry = ENTRY.format(amount="49.00", way="DBIT", ref="N1", text=RETURN).replace(
        "<TxDtls>", f"<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>"
    )
    text = STATEMENT.format(entries=entry)
    return text.replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn").replace("Stmt>", "Ntfctn>").encode()


def _ordered(act: Act, invoice: Invoice) -> Debit:
    operations.announce_debits(act=replace(act, at=DECEMBER_4))
    return operations.order_debits(act=act).ordered[0]


def _beside(debit: Debit, file: BankFile) -> None:
    """Another debit of the same sum, in another file."""
    debit_of_another = Debit.objects.get(id=debit.id)
    invoice = debit.invoice
    other = Invoice.objects.create(
        number="FA-2026-0002",
        client=invoice.client,
        month=invoice.month,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        total=4900,
        document=invoice.document,
        entry=invoice.entry,
        issued_at=invoice.issued_at,
    )
    debit_of_another.pk, debit_of_another.reference, debit_of_another.invoice = None, "FA-2026-0002-P1", other
    debit_of_another.file, debit_of_another.batch = file, file.message_id
    debit_of_another.save(force_insert=True)
