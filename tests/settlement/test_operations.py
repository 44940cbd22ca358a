from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from entremise.documents.queries import render
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.messaging.models import Letter, Task
from entremise.messaging.rules import parts
from entremise.payments.models import BankAccount, BankLine
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Item, Payout, Payslip, Receipt
from entremise.settlement.rules import fec
from entremise.tenancy.models import LegalIdentity
from tests.settlement.conftest import DECEMBER_4, NOVEMBER, balance, settle, statement


def test_a_preview_writes_nothing_and_says_what_would_be_made(worked: Mission) -> None:
    preview = queries.preview(month=NOVEMBER)
    assert (len(preview.invoices), len(preview.payslips)) == (1, 1)
    assert preview.invoiced == 4900
    assert not Invoice.objects.exists()


def test_one_run_makes_the_invoice_the_payslip_the_books_and_the_letters(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    invoice, payslip = Invoice.objects.get(), Payslip.objects.get()
    assert (invoice.number, invoice.total) == ("FA-2026-0001", 4900)
    assert (payslip.number, payslip.gross) == ("BP-2026-0001", 2708)
    assert sum(invoice.split.values()) == invoice.total
    assert balance("411000") == 4900
    assert balance("706000") == -4900
    assert balance("421000") == -payslip.paid
    assert sum(line.balance for line in ledger.trial_balance(up_to=date(2027, 1, 1))) == 0
    assert set(Letter.objects.filter(template__endswith="_ready").values_list("template", flat=True)) >= {
        "invoice_ready",
        "payslip_ready",
    }


def test_what_an_employer_pays_is_what_the_payslip_says_it_costs(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    charges = sum(balance(code) for code in ("641100", "641200", "645100", "645300"))
    assert charges == Payslip.objects.get().employer_cost


def test_documents_of_a_month_print(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    for one in (Invoice.objects.get(), Payslip.objects.get()):
        assert render(document=one.document).startswith(b"%PDF")


def test_settling_again_makes_nothing_twice(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    settle(treasurer)
    assert (Invoice.objects.count(), Payslip.objects.count(), Item.objects.count()) == (1, 1, 2)


def test_an_item_taken_by_another_process_is_left_alone(treasurer: Act, worked: Mission) -> None:
    run = operations.open_run(act=treasurer, month=NOVEMBER)
    (item, _) = queries.items_to_do(run=run.id)
    operations.settle_item(act=treasurer, item=item)
    assert operations.settle_item(act=treasurer, item=item) is None


def test_a_month_that_is_not_over_is_not_settled(act: Act, treasurer: Act, worked: Mission) -> None:
    with pytest.raises(Refused, match="month_to_come"):
        operations.open_run(act=replace(treasurer, at=act.at), month=NOVEMBER)


def test_a_month_is_over_at_local_midnight(treasurer: Act) -> None:
    half_past_midnight = replace(treasurer, at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    assert operations.open_run(act=half_past_midnight, month=Period.month(2026, 10)).state == "open"


def test_a_blocked_item_is_tried_again_when_the_run_is_taken_up(treasurer: Act, worked: Mission) -> None:
    LegalIdentity.objects.update(siret="")
    run = operations.open_run(act=treasurer, month=NOVEMBER)
    item = queries.items_to_do(run=run.id)[0]
    operations.block_item(act=treasurer, item=item, reason="figure_missing")
    assert queries.run_progress(run=run.id).blocked == 1
    operations.open_run(act=treasurer, month=NOVEMBER)
    assert queries.run_progress(run=run.id).blocked == 0


def test_a_coordinator_does_not_settle_a_month(act: Act, worked: Mission) -> None:
    coordinator = replace(act, at=DECEMBER_4, by=replace(act.by, roles=frozenset()))
    with pytest.raises(Refused, match="not_allowed"):
        operations.open_run(act=coordinator, month=NOVEMBER)


def test_a_statement_settles_invoices_by_their_number(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    (line,) = statement(treasurer, ("49.00", "CRDT", "R1", "facture FA-2026-0001 merci"))
    assert operations.receive_line(act=treasurer, line=line).confidence == "sure"
    assert queries.open_invoices() == []
    assert (balance("512000"), balance("411000")) == (4900, 0)


def test_the_same_statement_again_is_harmless(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    for _ in range(2):
        for line in statement(treasurer, ("49.00", "CRDT", "R1", "FA-2026-0001")):
            operations.receive_line(act=treasurer, line=line)
    assert (BankLine.objects.count(), Receipt.objects.count(), balance("512000")) == (1, 1, 4900)


def test_what_cannot_be_matched_is_shown_with_its_reason(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    (line,) = statement(treasurer, ("49.00", "CRDT", "R1", "merci beaucoup"))
    operations.receive_line(act=treasurer, line=line)
    line.refresh_from_db()
    assert (line.state, line.reason) == ("unmatched", "amount_only")
    operations.receive_by_hand(act=treasurer, line=line, invoice=Invoice.objects.get())
    assert queries.open_invoices() == []


def test_a_part_payment_leaves_the_rest_due(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    invoice = Invoice.objects.get()
    key = {"how": "cash", "on": DECEMBER_4.date(), "key": "till 1"}
    operations.receive_cash(act=treasurer, invoice=invoice, amount=2000, **key)
    operations.receive_cash(act=treasurer, invoice=invoice, amount=2000, **key)
    assert queries.owed_by(client=invoice.client_id) == 2900
    with pytest.raises(Refused, match="amount_not_due"):
        operations.receive_cash(act=treasurer, invoice=invoice, amount=3000, how="cash", on=DECEMBER_4.date(), key="2")


def test_a_credit_note_takes_back_a_part_and_never_more_than_all(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    invoice = Invoice.objects.get()
    note = operations.credit(act=treasurer, key="note 1", invoice=invoice, reason="Une heure de trop", amount=2450)
    assert (note.number, note.total) == ("AV-2026-0001", 2450)
    assert queries.owed_by(client=invoice.client_id) == 2450
    assert balance("411000") == 2450
    assert render(document=note.document).startswith(b"%PDF")
    with pytest.raises(Refused, match="credit_too_large"):
        operations.credit(act=treasurer, key="note 2", invoice=invoice, reason="Encore", amount=2451)
    operations.credit(act=treasurer, key="note 3", invoice=invoice, reason="Geste")
    assert queries.owed_by(client=invoice.client_id) == 0


def test_wages_leave_in_one_file_and_are_final_on_the_banks_word(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    paid = Payslip.objects.get().paid
    ordered = operations.order_payouts(act=treasurer, execution_on=DECEMBER_4.date() + timedelta(days=3))
    assert b"pain.001.001.09" in bytes(ordered.file.content)
    assert ordered.file.total == paid
    assert balance("421000") == -paid
    (line,) = statement(treasurer, (f"{paid / 100:.2f}", "DBIT", "R9", "VIR SEPA PAIE"))
    assert len(operations.recognise_payouts(act=treasurer, line=line)) == 1
    assert Payout.objects.get().state == "paid"
    assert (balance("421000"), balance("512000")) == (0, -paid)
    with pytest.raises(Refused, match="nothing_to_pay"):
        operations.order_payouts(act=treasurer, execution_on=DECEMBER_4.date())


def test_a_worker_without_account_becomes_a_task(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    BankAccount.objects.all().delete()
    with pytest.raises(Refused, match="nothing_to_pay"):
        operations.order_payouts(act=treasurer, execution_on=DECEMBER_4.date())
    assert Task.objects.filter(kind="no_bank_account").count() == 0


def test_the_fec_is_what_the_law_prescribes(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    lines = list(queries.fec_lines(period=period))
    assert fec.problems(lines) == []
    assert len(lines) > 8
    assert queries.fec_file_name(period=period) == "732829320FEC20261231.txt"


def test_the_fec_check_sees_an_entry_that_does_not_balance(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    lines = list(queries.fec_lines(period=Period(date(2026, 1, 1), date(2026, 12, 31))))
    assert any("does not balance" in problem for problem in fec.problems(lines[:-1]))


def test_the_ledger_proves_itself_after_a_month(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    assert ledger.verify() == []


def test_news_of_money_fits_in_one_text_message(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    operations.credit(
        act=treasurer, key="note 4", invoice=Invoice.objects.get(), reason="Une heure de trop", amount=2450
    )
    news = ("invoice_ready", "payslip_ready", "credit_ready")
    texts = {row.template: row.body for row in Letter.objects.filter(channel="text", template__in=news)}
    assert set(texts) == set(news)
    assert {name: parts(text).parts for name, text in texts.items()} == dict.fromkeys(news, 1)


def test_a_month_waits_for_a_siret(treasurer: Act, worked: Mission) -> None:
    LegalIdentity.objects.update(siret="")
    run = operations.open_run(act=treasurer, month=NOVEMBER)
    for item in queries.items_to_do(run=run.id):
        with pytest.raises(Refused, match="no_legal_identity"):
            operations.settle_item(act=treasurer, item=item)


def test_what_the_tax_office_wants_is_withheld_from_the_wage(
    act: Act, treasurer: Act, worked: Mission, karim: Person
) -> None:
    people.show_paper(act=act, person=karim, kind="tax_rate", number="5 %")
    (shown,) = queries.preview(month=NOVEMBER).payslips
    settle(treasurer)
    payslip = Payslip.objects.get()
    assert shown.pay
    assert payslip.net - payslip.paid == shown.pay.withholding == round(shown.pay.taxable_net * 0.05)
    assert balance("442100") == -shown.pay.withholding
    assert ledger.verify() == []
