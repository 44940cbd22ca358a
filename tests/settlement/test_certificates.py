from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given as given_
from hypothesis import strategies as st

from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice
from entremise.settlement.rules.certificates import Money, Paid, paid_in
from entremise.tenancy.models import LegalIdentity
from tests.settlement.conftest import statement
from tests.settlement.test_vouchers import given, invoice, take

__all__ = ["invoice"]

DAY = date(2026, 12, 4)


@pytest.fixture
def january(treasurer: Act) -> Act:
    return replace(treasurer, at=datetime(2027, 1, 20, 9, 0, tzinfo=UTC))


def cash(act: Act, invoice: Invoice, amount: int, on: date = DAY) -> None:
    operations.receive_cash(act=act, invoice=invoice, amount=amount, how="cash", on=on, key=f"cash:{on}:{amount}")


# The rule


@pytest.mark.parametrize(
    ("money", "paid"),
    [
        ([], Paid()),
        ([Money(DAY, 4900)], Paid(4900)),
        ([Money(DAY, 6000)], Paid(4900)),
        ([Money(DAY, 4900), Money(DAY, -900)], Paid(4000)),
        ([Money(date(2025, 12, 31), 2000), Money(DAY, 2900)], Paid(2900)),
        ([Money(DAY, 1500, cesu=True), Money(DAY, 3400)], Paid(4900, 1500)),
        ([Money(DAY, 1500, cesu=True), Money(DAY, -1500, cesu=True)], Paid()),
        ([Money(date(2027, 1, 1), 4900)], Paid()),
    ],
)
def test_what_was_really_paid_in_the_year_counts(money: list[Money], paid: Paid) -> None:
    assert paid_in(2026, borne=4900, services=4900, total=4900, money=money) == paid


def test_of_an_invoice_with_something_else_the_services_count_in_proportion_and_vouchers_wholly() -> None:
    money = [Money(DAY, 3000, cesu=True), Money(DAY, 7000)]
    assert paid_in(2026, borne=10_000, services=5000, total=10_000, money=money) == Paid(5000, 3000)
    assert paid_in(2026, borne=10_000, services=5000, total=10_000, money=money[1:]) == Paid(3500)


moneys = st.lists(
    st.builds(Money, st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(-5000, 9000), st.booleans())
)


@given_(st.integers(0, 9000), st.integers(0, 9000), st.integers(0, 9000), moneys)
def test_never_more_is_certified_than_was_paid_or_borne(
    services: int, rest: int, taken: int, money: list[Money]
) -> None:
    total = services + rest
    borne = max(0, total - taken)
    paid = paid_in(2026, borne=borne, services=services, total=total, money=money)
    assert 0 <= paid.cesu <= paid.amount <= borne


# Clients


def test_a_certificate_says_what_was_paid_and_what_of_it_in_vouchers(
    january: Act, treasurer: Act, invoice: Invoice
) -> None:
    take(treasurer, invoice, given())
    cash(treasurer, invoice, 2400)
    (one,) = queries.client_years(year=2026)
    assert (one.paid, one.cesu, one.own, one.to_make) == (3900, 1500, 2400, True)
    (document,) = operations.issue_certificates(act=january, year=2026)
    told = document.data
    assert (told["paid"], told["cesu"], told["minutes"], told["declared"]["number"]) == (
        3900,
        1500,
        120,
        "SAP732829320",
    )
    assert told["visits"] == [
        {"on": "2026-11-24", "label": "Tailler une haie", "worker": "Karim Belkacem", "minutes": 120}
    ]
    assert any("déclarez seulement la part" in note for note in told["notes"])
    assert Letter.objects.filter(template="certificate_ready").count() == 1


def test_made_again_it_makes_none_and_after_a_change_another(january: Act, treasurer: Act, invoice: Invoice) -> None:
    cash(treasurer, invoice, 2400)
    operations.issue_certificates(act=january, year=2026)
    assert operations.issue_certificates(act=january, year=2026) == []
    (one,) = queries.client_years(year=2026)
    assert one.document
    assert not any("CESU" in note for note in one.document.data["notes"])
    cash(treasurer, invoice, 100, on=date(2026, 12, 31))
    assert len(operations.issue_certificates(act=january, year=2026)) == 1


def test_what_others_pay_is_not_certified(january: Act, treasurer: Act, invoice: Invoice) -> None:
    operations.credit(act=treasurer, invoice=invoice, key="n", reason="une heure en trop", amount=2450)
    (line,) = statement(treasurer, ("49.00", "CRDT", "R1", "merci"))
    operations.receive_by_hand(act=treasurer, line=line, invoice=invoice)
    assert queries.client_years(year=2026)[0].paid == 2450


@pytest.mark.usefixtures("legal")
def test_a_year_is_certified_once_it_is_over_and_by_whom_it_is_declared(january: Act, treasurer: Act) -> None:
    with pytest.raises(Refused, match="year_not_over"):
        operations.issue_certificates(act=treasurer, year=2026)
    LegalIdentity.objects.update(sap_number="")
    with pytest.raises(Refused, match="not_declared"):
        operations.issue_certificates(act=january, year=2026)


def test_many_clients_are_read_in_as_many_questions_as_one(
    treasurer: Act, invoice: Invoice, django_assert_num_queries: object
) -> None:
    cash(treasurer, invoice, 2400)
    with django_assert_num_queries(6):  # type: ignore[operator]  # pytest-django's fixture.
        queries.client_years(year=2026)
