from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.documents.models import Document
from entremise.documents.queries import pdf
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.messaging.models import Letter
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Payer, PayerShare, Receipt, Undertaking
from entremise.settlement.queries.payers import parts_of
from entremise.settlement.rules.payers import UNDERTAKING, Cover, Visit, shares
from tests.settlement.conftest import balance, settle
from tests.settlement.test_reminders import on

DAY = date(2026, 11, 25)
FIRST = date(2026, 11, 1)


@pytest.fixture
def ccas(treasurer: Act, legal: None) -> Payer:
    person = Person.objects.create(kind="local_authority", family_name="CCAS de Valmarelle", known_since=treasurer.at)
    return operations.describe_payer(act=treasurer, person=person, kind="ccas", due_days=45)


@pytest.fixture
def covered(treasurer: Act, ccas: Payer, odile: Person) -> Undertaking:
    """The CCAS pays 65 % of what Odile is billed."""
    return covers(treasurer, ccas, odile)


@pytest.fixture
def share(treasurer: Act, covered: Undertaking, worked: Mission) -> PayerShare:
    """49 € of work: 31.85 € are the CCAS's and 17.15 € hers."""
    settle(treasurer)
    return PayerShare.objects.select_related("invoice__client", "undertaking__payer__person").get()


def covers(act: Act, payer: Payer, person: Person, how: str = "percent", value: int = 6500, **more: Any) -> Undertaking:
    return operations.undertake(
        act=act,
        payer=payer,
        beneficiary=person,
        how=how,
        value=value,
        starts_on=FIRST,
        **more,
    )


def due(invoice: Invoice) -> int:
    return queries.dues(invoices=[invoice])[invoice.id]


# The rule


def test_every_state_of_an_undertaking_is_reached() -> None:
    assert UNDERTAKING.unreachable == frozenset()


visits = st.lists(st.builds(Visit, st.dates(DAY, date(2026, 12, 5)), st.integers(0, 600), st.integers(0, 10**6)))
covers_ = st.lists(
    st.builds(
        Cover,
        st.sampled_from(["percent", "per_hour", "per_month"]),
        st.integers(1, 10_000),
        st.dates(FIRST, date(2026, 12, 1)),
        st.none() | st.dates(DAY, date(2026, 12, 8)),
        st.none() | st.integers(0, 10**6),
        st.integers(0, 10**5),
        st.none() | st.integers(0, 900),
    ),
    max_size=4,
)


@given(visits, covers_)
def test_what_others_pay_and_what_is_left_are_the_invoice_exactly(work: list[Visit], undertaken: list[Cover]) -> None:
    parts, total = shares(work, undertaken), sum(one.amount for one in work)
    assert len(parts) == len(undertaken)
    assert all(part >= 0 for part in parts)
    assert 0 <= total - sum(parts) <= total
    for part, cover in zip(parts, undertaken, strict=True):
        assert part <= sum(one.amount for one in work if cover.holds(one.day))
        assert cover.ceiling is None or part <= max(0, cover.ceiling - cover.used)


@pytest.mark.parametrize(
    ("cover", "part"),
    [
        (Cover("percent", 6500, FIRST, None), 6500),
        (Cover("percent", 3333, FIRST, None), 3333),
        (Cover("percent", 10_000, FIRST, None, 4000), 4000),
        (Cover("percent", 10_000, FIRST, None, 4000, 3000), 1000),
        (Cover("per_hour", 1000, FIRST, None), 4000),
        (Cover("per_hour", 9000, FIRST, None), 10_000),
        (Cover("per_month", 3000, FIRST, None), 3000),
        (Cover("per_month", 3000, FIRST, None, None, 2500), 500),
        (Cover("percent", 6500, DAY, DAY), 3250),
        (Cover("percent", 6500, date(2026, 12, 1), None), 0),
        (Cover("percent", 10_000, FIRST, None, minutes=120), 5000),
        (Cover("percent", 10_000, FIRST, None, minutes=150), 6250),
        (Cover("percent", 5000, FIRST, None, minutes=600), 5000),
        (Cover("per_hour", 1000, FIRST, None, minutes=90), 1500),
        (Cover("percent", 10_000, FIRST, None, minutes=0), 0),
    ],
)
def test_a_hundred_euros_of_two_visits_are_shared(cover: Cover, part: int) -> None:
    work = [Visit(DAY, 120, 5000), Visit(date(2026, 11, 26), 120, 5000)]
    assert shares(work, [cover]) == [part]


@pytest.mark.parametrize("span", ["month", "all"])
def test_a_sponsor_pays_its_first_hours_of_each_month_or_in_all(
    treasurer: Act, ccas: Payer, odile: Person, worked: Mission, span: str
) -> None:
    undertaken = covers(treasurer, ccas, odile, value=10_000, hours=90, hours_span=span)
    settle(treasurer)
    assert PayerShare.objects.get().amount == 3675  # 90 minutes of 120, of 49 €.
    work = [Visit(date(2026, 12, 2), 60, 2450), Visit(date(2026, 12, 3), 60, 2450)]
    found = parts_of(client=odile.id, month=date(2026, 12, 1), visits=work, last=date(2026, 12, 31))
    assert [part for _, part in found] == [3675] * (span == "month")
    assert undertaken.hours == 90


# At invoice time


def test_an_invoice_says_who_pays_what_and_each_owes_their_own_by_their_own_day(share: PayerShare) -> None:
    invoice = share.invoice
    assert (invoice.total, share.amount, due(invoice)) == (4900, 3185, 1715)
    assert (share.reference, share.role) == (f"{invoice.number}-T1", "own_sale")
    assert (share.due_on - invoice.issued_on).days == 45
    assert queries.owed_by(client=invoice.client_id) == 1715
    assert balance("411000") == 4900
    holders = ledger.balances_by_holder(code="411000")
    assert holders[share.undertaking.payer.person_id] == 3185
    assert holders[invoice.client_id] == 1715
    frozen = Document.objects.get(id=invoice.document_id).data
    assert frozen["payers"] == [{"label": "CCAS de Valmarelle", "amount": 3185}]
    assert pdf(document=Document.objects.get(id=invoice.document_id)).startswith(b"%PDF")
    assert "17,15" in Letter.objects.get(template="invoice_ready").body
    assert Letter.objects.get(template="share_asked").person == share.undertaking.payer.person


def test_the_tax_credit_is_of_what_the_client_pays_alone(treasurer: Act, covered: Undertaking, worked: Mission) -> None:
    settle(treasurer)
    data = Document.objects.get(id=Invoice.objects.get().document_id).data
    assert data["tax_credit"] in (0, 858)


def test_without_an_undertaking_nothing_changes(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    assert due(Invoice.objects.get()) == 4900
    assert not PayerShare.objects.exists()


def test_one_that_has_ended_pays_no_more(treasurer: Act, covered: Undertaking, worked: Mission) -> None:
    operations.end_undertaking(act=treasurer, undertaking=covered)
    with pytest.raises(Refused, match="not_now"):
        operations.end_undertaking(act=treasurer, undertaking=covered)
    settle(treasurer)
    assert not PayerShare.objects.exists()


def test_two_payers_share_and_the_client_pays_the_rest(
    treasurer: Act, ccas: Payer, covered: Undertaking, odile: Person, worked: Mission
) -> None:
    employer = Person.objects.create(kind="company", family_name="Ateliers", known_since=treasurer.at)
    second = operations.describe_payer(act=treasurer, person=employer, kind="employer", due_days=30)
    covers(treasurer, second, odile, "per_month", 1000)
    settle(treasurer)
    assert list(PayerShare.objects.order_by("reference").values_list("amount", flat=True)) == [3185, 1000]
    assert due(Invoice.objects.get()) == 715


@pytest.mark.parametrize(
    ("how", "value", "code"), [("percent", 10_001, "share_out_of_range"), ("per_hour", 0, "share_out_of_range")]
)
def test_a_part_beyond_the_whole_is_refused(
    treasurer: Act, ccas: Payer, odile: Person, how: str, value: int, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        covers(treasurer, ccas, odile, how, value)


def test_only_a_body_pays_for_others_and_not_for_itself(treasurer: Act, ccas: Payer, odile: Person) -> None:
    with pytest.raises(Refused, match="not_a_body"):
        operations.describe_payer(act=treasurer, person=odile, kind="other", due_days=30)
    with pytest.raises(Refused, match="pays_for_itself"):
        covers(treasurer, ccas, ccas.person)


# Paid


def test_each_pays_their_own_and_the_invoice_is_settled(treasurer: Act, share: PayerShare) -> None:
    for _ in range(2):
        operations.receive_share(
            act=treasurer, share=share, amount=3185, how="transfer", on=treasurer.at.date(), key="theirs"
        )
    assert due(share.invoice) == 1715
    operations.receive_cash(
        act=treasurer, invoice=share.invoice, amount=1715, how="cash", on=treasurer.at.date(), key="hers"
    )
    assert Receipt.objects.count() == 2
    assert ledger.balances_by_holder(code="411000") == {}
    assert queries.owed_by(client=share.invoice.client_id) == 0
    assert queries.open_invoices() == []


def test_a_client_never_pays_what_a_payer_owes_nor_a_payer_more_than_its_part(
    treasurer: Act, share: PayerShare
) -> None:
    with pytest.raises(Refused, match="amount_not_due"):
        operations.receive_cash(
            act=treasurer, invoice=share.invoice, amount=1716, how="cash", on=treasurer.at.date(), key="more"
        )
    with pytest.raises(Refused, match="amount_not_due"):
        operations.receive_share(
            act=treasurer, share=share, amount=3186, how="cheque", on=treasurer.at.date(), key="more"
        )


# Refused


def test_what_a_payer_refuses_is_the_clients_again_when_a_person_says_so(treasurer: Act, share: PayerShare) -> None:
    for _ in range(2):
        operations.refuse_share(act=treasurer, share=share, amount=1000, reason="plafond atteint", key="once")
    assert (share.amount, due(share.invoice)) == (2185, 2715)
    assert balance("411000") == 4900
    assert queries.owed_by(client=share.invoice.client_id) == 2715
    assert "10,00" in Letter.objects.get(template="share_refused").body


def test_what_nobody_should_owe_is_taken_back_by_a_credit_note(treasurer: Act, share: PayerShare) -> None:
    operations.refuse_share(
        act=treasurer, share=share, amount=1000, reason="plafond atteint", key="once", forgiven=True
    )
    assert due(share.invoice) == 1715
    assert Invoice.objects.get(kind="credit_note").total == 1000
    assert balance("411000") == 3900
    assert not Letter.objects.filter(template="share_refused").exists()


def test_a_refusal_needs_a_reason_and_what_is_left(treasurer: Act, share: PayerShare) -> None:
    with pytest.raises(Refused, match="reason_needed"):
        operations.refuse_share(act=treasurer, share=share, amount=1000, reason=" ", key="a")
    with pytest.raises(Refused, match="amount_not_due"):
        operations.refuse_share(act=treasurer, share=share, amount=3186, reason="non", key="b")


def test_a_credit_note_takes_back_no_more_than_the_clients_part(treasurer: Act, share: PayerShare) -> None:
    with pytest.raises(Refused, match="credit_too_large"):
        operations.credit(act=treasurer, invoice=share.invoice, key="c", reason="geste", amount=1716)
    operations.credit(act=treasurer, invoice=share.invoice, key="d", reason="geste")
    assert (due(share.invoice), balance("411000")) == (0, 3185)


# Late


def test_a_late_payer_gets_one_letter_a_fortnight_in_a_business_tone(treasurer: Act, share: PayerShare) -> None:
    assert queries.payers_to_remind(on=on(50).date()) == []
    (payer,) = queries.payers_to_remind(on=on(61).date())
    act = replace(treasurer, at=on(61))
    letter = operations.remind_payer(act=act, payer=payer)
    assert operations.remind_payer(act=act, payer=payer) == letter
    assert share.reference in letter.body
    assert "31,85" in letter.body
    assert queries.payers_to_remind(on=on(70).date()) == []
    assert queries.payers_to_remind(on=on(77).date()) == [payer]


def test_a_payer_with_nothing_late_is_left_alone(treasurer: Act, share: PayerShare) -> None:
    with pytest.raises(Refused, match="nothing_late"):
        operations.remind_payer(act=treasurer, payer=share.undertaking.payer)
