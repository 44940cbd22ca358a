from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from entremise.agreements.models import Agreement
from entremise.figures import operations as figures
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging.models import Task
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Receipt, Voucher, VoucherBatch
from entremise.settlement.rules.vouchers import BATCH, VOUCHER, Given, last_day, twice
from entremise.tenancy.models import LegalIdentity
from tests.settlement.conftest import balance, settle, statement

CESU = "511500"


@pytest.fixture
def invoice(treasurer: Act, worked: Mission) -> Invoice:
    """49 € of a personal service, done by an organisation that is declared for it."""
    LegalIdentity.objects.update(sap_number="SAP732829320", sap_date=date(2020, 1, 1))
    agreement = Agreement.objects.get()
    Agreement.objects.update(terms={**agreement.terms, "personal_service": True})
    settle(treasurer)
    return Invoice.objects.select_related("client").get()


def given(number: str = "4021 5563", amount: int = 1500, **more: Any) -> Given:
    return Given(**{"issuer": "edenred", "number": number, "vintage": 2026, "amount": amount, **more})


def take(act: Act, invoice: Invoice, *vouchers: Given, key: str = "k") -> list[Voucher]:
    return operations.take_vouchers(act=act, invoice=invoice, vouchers=vouchers or [given()], key=key)


def due(invoice: Invoice) -> int:
    return queries.dues(invoices=[invoice])[invoice.id]


def on(act: Act, year: int, month: int, day: int) -> Act:
    return replace(act, at=datetime(year, month, day, 9, 0, tzinfo=UTC))


def refusal(act: Act, invoice: Invoice, *vouchers: Given) -> str:
    with pytest.raises(Refused) as said:
        take(act, invoice, *vouchers, key="another")
    return said.value.code


# The rules


def test_every_state_of_a_voucher_and_of_a_batch_is_reached() -> None:
    assert VOUCHER.unreachable == BATCH.unreachable == frozenset()


@pytest.mark.parametrize(
    ("vintage", "months", "last"),
    [
        (2026, 1, date(2027, 1, 31)),
        (2026, 2, date(2027, 2, 28)),
        (2027, 2, date(2028, 2, 29)),
        (2026, 13, date(2028, 1, 31)),
    ],
)
def test_a_voucher_is_good_until_the_end_of_a_month_after_its_year(vintage: int, months: int, last: date) -> None:
    assert last_day(vintage, months) == last


def test_a_number_that_stands_twice_is_found_however_it_is_spelled() -> None:
    assert twice([given("40 21"), given("4021", issuer="up")]) == ""
    assert twice([given("40 21a"), given("4021A")]) == "4021A"


# Over the counter


def test_several_vouchers_pay_a_part_and_the_rest_stays_due(treasurer: Act, invoice: Invoice) -> None:
    take(treasurer, invoice, given(), given("4021 5564", 1000))
    assert (due(invoice), balance(CESU), balance("411000")) == (2400, 2500, 2400)
    assert list(Receipt.objects.values_list("how", "amount")) == [("cesu", 1500), ("cesu", 1000)]


def test_the_same_payment_sent_twice_is_taken_once(treasurer: Act, invoice: Invoice) -> None:
    assert take(treasurer, invoice) == take(treasurer, invoice)
    assert due(invoice) == 3400


def test_a_number_of_an_issuer_is_taken_once(treasurer: Act, invoice: Invoice) -> None:
    take(treasurer, invoice, given("ab 12"))
    assert refusal(treasurer, invoice, given("AB12")) == "voucher_taken"
    assert refusal(treasurer, invoice, given("7"), given("7")) == "voucher_taken"
    take(treasurer, invoice, given("ab 12", issuer="up"), key="another")


def test_no_change_is_given(treasurer: Act, invoice: Invoice) -> None:
    assert refusal(treasurer, invoice, given(amount=4901)) == "vouchers_too_much"
    operations.receive_cash(act=treasurer, invoice=invoice, amount=4000, how="cash", on=date(2026, 12, 4), key="c")
    assert refusal(treasurer, invoice, given(amount=901)) == "vouchers_too_much"
    take(treasurer, invoice, given(amount=900))
    assert refusal(treasurer, invoice, given("8")) == "vouchers_not_for_this"


def test_where_the_organisation_keeps_the_surplus_the_last_voucher_may_go_beyond(
    treasurer: Act, invoice: Invoice
) -> None:
    figures.override(
        act=treasurer,
        key="cesu.surplus_kept",
        value=Decimal(1),
        unit="yes",
        source="CRCESU",
        valid_from=date(2026, 1, 1),
    )
    assert refusal(treasurer, invoice, given("1", 4900), given("2", 100)) == "vouchers_too_much"
    take(treasurer, invoice, given("1", 4000), given("2", 1500))
    assert (due(invoice), queries.owed_by(client=invoice.client_id)) == (0, -600)


def test_a_vintage_is_taken_until_the_end_of_january(treasurer: Act, invoice: Invoice) -> None:
    take(on(treasurer, 2027, 1, 31), invoice, given("1"))
    assert refusal(on(treasurer, 2027, 2, 1), invoice, given("2")) == "voucher_over"
    assert refusal(treasurer, invoice, given("3", vintage=2028)) == "voucher_to_come"


@pytest.mark.parametrize("wrong", [given(""), given("7" * 41), given(amount=0), given(issuer="me")])
def test_what_is_no_voucher_is_refused(treasurer: Act, invoice: Invoice, wrong: Given) -> None:
    assert refusal(treasurer, invoice, wrong) == "voucher_not_understood"


def test_vouchers_pay_personal_services_alone(treasurer: Act, invoice: Invoice) -> None:
    agreement = Agreement.objects.get()
    Agreement.objects.update(terms={**agreement.terms, "personal_service": False})
    assert refusal(treasurer, invoice, given()) == "vouchers_not_for_this"


def test_vouchers_pay_private_people_of_a_declared_organisation_alone(treasurer: Act, invoice: Invoice) -> None:
    invoice.client.kind = "company"
    assert refusal(treasurer, invoice, given()) == "vouchers_not_for_this"
    invoice.client.kind = "individual"
    LegalIdentity.objects.update(sap_number="")
    assert refusal(treasurer, invoice, given()) == "vouchers_not_for_this"


def test_what_is_handed_back_is_due_again_and_may_come_back(treasurer: Act, invoice: Invoice) -> None:
    (voucher,) = take(treasurer, invoice)
    with pytest.raises(Refused, match="reason_needed"):
        operations.hand_back_voucher(act=treasurer, voucher=voucher, reason=" ")
    operations.hand_back_voucher(act=treasurer, voucher=voucher, reason="mal lu")
    assert (due(invoice), balance(CESU)) == (4900, 0)
    with pytest.raises(Refused, match="not_now"):
        operations.hand_back_voucher(act=treasurer, voucher=voucher, reason="encore")
    take(treasurer, invoice, key="again")


# To the centre


def claimed(act: Act, invoice: Invoice) -> VoucherBatch:
    return operations.claim_vouchers(act=act, vouchers=take(act, invoice, given("1", 2000), given("2", 1500)))


def test_a_batch_is_paid_by_a_line_and_its_commission_is_a_row_of_its_own(treasurer: Act, invoice: Invoice) -> None:
    batch = claimed(treasurer, invoice)
    (line,) = statement(treasurer, ("34.30", "CRDT", "R1", "CRCESU"))
    with pytest.raises(Refused, match="batch_differs"):
        operations.pay_batch(act=treasurer, batch=batch, line=line)
    operations.pay_batch(act=treasurer, batch=batch, line=line, fee=70)
    assert (balance(CESU), balance("512000"), balance("627000")) == (0, 3430, 70)
    assert set(Voucher.objects.values_list("state", flat=True)) == {"paid"}


def test_what_the_centre_refuses_is_due_again_and_not_expected(treasurer: Act, invoice: Invoice) -> None:
    batch = claimed(treasurer, invoice)
    operations.refuse_voucher(act=treasurer, voucher=Voucher.objects.get(number="2"), reason="déjà présenté")
    assert (due(invoice), balance(CESU)) == (2900, 2000)
    (line,) = statement(treasurer, ("20.00", "CRDT", "R1", "CRCESU"))
    operations.pay_batch(act=treasurer, batch=batch, line=line)
    assert balance(CESU) == 0
    assert sorted(Voucher.objects.values_list("state", flat=True)) == ["paid", "refused"]


def test_a_batch_that_another_line_paid_is_opened_again(treasurer: Act, invoice: Invoice) -> None:
    batch = claimed(treasurer, invoice)
    wrong, right = statement(treasurer, ("35.00", "CRDT", "R1", "CRCESU"), ("35.00", "CRDT", "R2", "CRCESU"))
    operations.pay_batch(act=treasurer, batch=batch, line=wrong)
    operations.reopen_batch(act=treasurer, batch=batch)
    assert balance(CESU) == 3500
    operations.pay_batch(act=treasurer, batch=batch, line=right)
    wrong.refresh_from_db()
    assert (wrong.state, balance(CESU)) == ("unmatched", 0)


def test_a_batch_is_paid_once_and_a_voucher_claimed_once(treasurer: Act, invoice: Invoice) -> None:
    batch = claimed(treasurer, invoice)
    with pytest.raises(Refused, match="not_now"):
        operations.claim_vouchers(act=treasurer, vouchers=list(Voucher.objects.all()))
    one, other = statement(treasurer, ("35.00", "CRDT", "R1", "CRCESU"), ("35.00", "CRDT", "R2", "CRCESU"))
    operations.pay_batch(act=treasurer, batch=batch, line=one)
    with pytest.raises(Refused, match="not_now"):
        operations.pay_batch(act=treasurer, batch=batch, line=other)


def test_nothing_is_claimed_after_the_end_of_february(treasurer: Act, invoice: Invoice) -> None:
    vouchers = take(treasurer, invoice)
    with pytest.raises(Refused, match="voucher_claim_over"):
        operations.claim_vouchers(act=on(treasurer, 2027, 3, 1), vouchers=vouchers)
    operations.claim_vouchers(act=on(treasurer, 2027, 2, 28), vouchers=vouchers)


def test_somebody_is_asked_once_to_claim_what_is_soon_too_old(treasurer: Act, invoice: Invoice) -> None:
    take(treasurer, invoice)
    assert operations.mind_vouchers(act=on(treasurer, 2027, 1, 28)) is None
    for day in (29, 30):
        operations.mind_vouchers(act=on(treasurer, 2027, 1, day))
    assert Task.objects.get(kind="vouchers_to_claim").params == {"last": "2027-02-28"}


def test_what_was_lost_hides_nothing_of_the_next_year(treasurer: Act, invoice: Invoice) -> None:
    take(treasurer, invoice, given("1"))
    take(on(treasurer, 2027, 6, 1), invoice, given("2", vintage=2027), key="next")
    assert queries.vouchers_held(on=date(2027, 6, 2)).claim_by == date(2028, 2, 29)
    assert queries.vouchers_held(on=date(2028, 3, 1)).claim_by is None
    operations.mind_vouchers(act=on(treasurer, 2028, 2, 1))
    assert Task.objects.get(kind="vouchers_to_claim").params == {"last": "2028-02-29"}


def test_what_nobody_claimed_in_time_is_written_off_once_and_its_client_owes_nothing(
    treasurer: Act, invoice: Invoice
) -> None:
    take(treasurer, invoice, given("1"), given("2"), key="old")
    with pytest.raises(Refused, match="not_now"):
        operations.write_off_vouchers(act=on(treasurer, 2027, 2, 28))
    march = on(treasurer, 2027, 3, 1)
    take(march, invoice, given("3", vintage=2027), key="new")
    assert len(operations.write_off_vouchers(act=march)) == 2
    assert (balance(CESU), balance("654000"), due(invoice)) == (1500, 3000, 400)
    held = queries.vouchers_held(on=date(2027, 3, 1))
    assert ([one.number for one in held.rows], held.over) == (["3"], [])
    with pytest.raises(Refused, match="not_now"):
        operations.write_off_vouchers(act=march)
