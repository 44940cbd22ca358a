from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.figures import operations as figures
from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Actor
from entremise.kernel.refused import Refused
from entremise.settlement import operations, queries
from entremise.settlement.models import GiftVoucher, Invoice, Receipt
from entremise.settlement.rules.gifts import GIFT_VOUCHER, LENGTH, checked_code, code_typed, spoken_code
from tests.settlement.conftest import balance, settle, statement

SECRET = "s"
LEFT, EARNED, SALES = "419700", "419800", "706000"


@pytest.fixture
def invoice(treasurer: Act, worked: Mission) -> Invoice:
    settle(treasurer)
    return Invoice.objects.select_related("client").get()


def sell(act: Act, value: int = 3000, **more: Any) -> tuple[GiftVoucher, str]:
    return operations.sell_gift_voucher(
        **{"act": act, "value": value, "how": "cash", "key": f"sale {value}", "secret_key": SECRET, **more}
    )


def spend(act: Act, invoice: Invoice, code: str, key: str = "k") -> Receipt:
    return operations.spend_gift_voucher(act=act, invoice=invoice, code=code, key=key, secret_keys=[SECRET])


def refusal(act: Act, invoice: Invoice, code: str) -> str:
    with pytest.raises(Refused) as said:
        spend(act, invoice, code, key="another")
    return said.value.code


def later(act: Act, year: int, month: int, day: int) -> Act:
    return replace(act, at=datetime(year, month, day, 9, 0, tzinfo=UTC))


# The rules


def test_every_state_is_reached() -> None:
    assert GIFT_VOUCHER.unreachable == frozenset()


codes = st.integers(0, 10**LENGTH - 1).map(checked_code)


@given(codes)
def test_a_code_is_understood_however_it_is_spelled(code: str) -> None:
    assert code_typed(f" {spoken_code(code)}. ") == code_typed("-".join(code)) == code


@given(codes, st.integers(0, LENGTH + 1), st.integers(1, 9))
def test_one_misheard_digit_is_found(code: str, at: int, shift: int) -> None:
    wrong = code[:at] + str((int(code[at]) + shift) % 10) + code[at + 1 :]
    with pytest.raises(Refused, match="gift_code_wrong"):
        code_typed(wrong)


@given(codes, st.integers(0, LENGTH))
def test_two_digits_that_changed_places_are_found(code: str, at: int) -> None:
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    if swapped != code:
        with pytest.raises(Refused, match="gift_code_wrong"):
            code_typed(swapped)


def test_it_is_good_to_the_same_day_or_to_the_last_of_a_shorter_month(treasurer: Act, invoice: Invoice) -> None:
    assert sell(treasurer, key="a")[0].expires_on == date(2027, 12, 4)
    named = {"key": "gift.valid_months", "unit": "months", "valid_from": date(2026, 1, 1), "source": "CA"}
    figures.override(act=treasurer, value=Decimal(4), **named)
    october = replace(treasurer, at=datetime(2026, 10, 31, 9, tzinfo=UTC))
    assert sell(october, key="b")[0].expires_on == date(2027, 2, 28)


# For any service


def test_one_for_any_service_is_owed_until_it_is_spent(treasurer: Act, invoice: Invoice) -> None:
    voucher, code = sell(treasurer)
    assert (voucher.kind, balance(LEFT), balance("530000")) == ("multi", -3000, 3000)
    assert code not in str(GiftVoucher.objects.values().get())
    assert spend(treasurer, invoice, code).amount == 3000
    assert (balance(LEFT), queries.owed_by(client=invoice.client_id)) == (0, 1900)
    assert refusal(treasurer, invoice, code) == "gift_empty"


def test_it_is_spent_in_parts_and_once_by_each_click(treasurer: Act, invoice: Invoice) -> None:
    voucher, code = sell(treasurer, 6000)
    spend(treasurer, invoice, code)
    spend(treasurer, invoice, code)
    assert queries.gift_left(voucher=voucher) == 1100
    assert refusal(treasurer, invoice, code) == "nothing_due"


def test_whose_invoice_it_is_may_spend_it_and_nobody_else(treasurer: Act, invoice: Invoice) -> None:
    _voucher, code = sell(treasurer)
    stranger = replace(treasurer, by=Actor(treasurer.by.person, frozenset()))
    assert refusal(stranger, invoice, code) == "not_allowed"
    spend(replace(treasurer, by=Actor(invoice.client_id, frozenset())), invoice, code)


def test_a_wrong_an_unknown_and_an_old_code_pay_nothing(treasurer: Act, invoice: Invoice) -> None:
    _voucher, code = sell(treasurer)
    assert refusal(treasurer, invoice, "12") == "gift_code_wrong"
    assert refusal(treasurer, invoice, checked_code((int(code[:LENGTH]) + 1) % 10**LENGTH)) == "gift_code_unknown"
    assert refusal(later(treasurer, 2027, 12, 5), invoice, code) == "gift_over"
    spend(later(treasurer, 2027, 12, 4), invoice, code)


def test_a_sale_is_made_once(treasurer: Act, legal: None) -> None:
    sell(treasurer)
    with pytest.raises(Refused, match="gift_voucher_sold"):
        sell(treasurer)
    with pytest.raises(Refused, match="amount_needed"):
        sell(treasurer, 0)


def test_a_line_of_the_bank_pays_one_exactly(treasurer: Act, legal: None) -> None:
    (line,) = statement(treasurer, ("30.00", "CRDT", "R1", "bon cadeau"))
    with pytest.raises(Refused, match="line_differs"):
        sell(treasurer, 2900, how="transfer", line=line)
    sell(treasurer, how="transfer", line=line)
    assert (balance("512000"), balance(LEFT)) == (3000, -3000)


# For one service


def test_one_for_a_service_is_income_when_it_is_sold(treasurer: Act, invoice: Invoice) -> None:
    assert balance(SALES) == -4900
    _voucher, code = sell(treasurer, what="Tailler une haie")
    assert (balance(SALES), balance(LEFT), balance(EARNED)) == (-7900, -3000, 3000)
    spend(treasurer, invoice, code)
    assert (balance(SALES), balance(LEFT), balance(EARNED)) == (-4900, 0, 0)


def test_one_for_a_service_pays_that_service_alone(treasurer: Act, invoice: Invoice) -> None:
    _voucher, code = sell(treasurer, what="Repassage")
    assert refusal(treasurer, invoice, code) == "gift_not_for_this"


@pytest.mark.parametrize("what", ["", "Tailler une haie"])
def test_what_paid_the_wrong_invoice_is_taken_back_once(treasurer: Act, invoice: Invoice, what: str) -> None:
    voucher, code = sell(treasurer, what=what)
    receipt = spend(treasurer, invoice, code)
    operations.take_back_gift(act=treasurer, receipt=receipt)
    assert (queries.gift_left(voucher=voucher), queries.owed_by(client=invoice.client_id)) == (3000, 4900)
    assert queries.gifts_spent(invoice=invoice.id) == []
    with pytest.raises(Refused, match="not_now"):
        operations.take_back_gift(act=treasurer, receipt=receipt)
    spend(treasurer, invoice, code, key="again")


# What nobody spends


@pytest.mark.parametrize("what", ["", "Tailler une haie"])
def test_what_is_left_is_given_back_from_the_till(treasurer: Act, invoice: Invoice, what: str) -> None:
    voucher, code = sell(treasurer, 6000, what=what)
    spend(treasurer, invoice, code)
    operations.return_gift_voucher(act=treasurer, voucher=voucher)
    assert (balance("530000"), balance(LEFT), balance(EARNED), balance(SALES)) == (4900, 0, 0, -4900)
    with pytest.raises(Refused, match="not_now"):
        operations.return_gift_voucher(act=treasurer, voucher=voucher)


@pytest.mark.parametrize(("what", "income"), [("", ("758800", -3000)), ("Tailler une haie", (SALES, -3000))])
def test_what_is_over_stays_owed_until_the_organisation_decides(
    treasurer: Act, legal: None, what: str, income: tuple[str, int]
) -> None:
    sell(treasurer, what=what)
    late = later(treasurer, 2027, 12, 5)
    assert operations.lapse_gift_vouchers(act=late) == []
    figures.override(
        act=treasurer,
        key="gift.lapsed_is_income",
        value=Decimal(1),
        unit="yes",
        source="CA",
        valid_from=date(2026, 1, 1),
    )
    assert operations.lapse_gift_vouchers(act=later(treasurer, 2027, 12, 4)) == []
    (voucher,) = operations.lapse_gift_vouchers(act=late)
    assert (voucher.state, balance(LEFT), balance(EARNED), balance(income[0])) == ("lapsed", 0, 0, income[1])
    assert operations.lapse_gift_vouchers(act=late) == []
