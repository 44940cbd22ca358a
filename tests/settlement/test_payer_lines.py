"""One transfer of a payer for several of its shares."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.documents.models import Document
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.payments.models import BankLine, LineRule
from entremise.payments.rules import Entry
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Payer, PayerShare, Receipt, Undertaking
from entremise.settlement.operations.booking import book
from entremise.settlement.operations.statements import Matching, _explain
from entremise.settlement.operations.undoing import unmatch_line
from entremise.settlement.rules.books_fr import invoice_moves, share_moves
from entremise.settlement.rules.payer_lines import OpenShare, OpenShares, groups, poured
from tests.settlement.conftest import statement
from tests.settlement.test_payers import ccas, covers

__all__ = ["ccas"]

DAY = date(2026, 12, 4)
IBAN = "FR7630001007941234567890185"


def shared(act: Act, payer: Payer, client: Person, amount: int, month: date = date(2026, 11, 1)) -> PayerShare:
    """An invoice of twice that amount, half of it the payer's, without the month that made it."""
    number = f"FA-2026-{Invoice.objects.count() + 1:04d}"
    kept = Document.objects.create(
        kind="invoice", number=number, person=client, template="invoice", data={}, issued_at=act.at
    )
    moves = invoice_moves(client.id, 2 * amount, number)
    entry = book(act=act, key=number, on=DAY, cause="invoice", cause_id=None, moves=moves)
    invoice = Invoice.objects.create(
        number=number,
        client=client,
        month=month,
        issued_on=DAY,
        due_on=DAY,
        total=2 * amount,
        document=kept,
        entry=entry,
        issued_at=act.at,
    )
    undertaking = Undertaking.objects.filter(payer=payer, beneficiary=client).first() or covers(act, payer, client)
    parts = share_moves(payer.person_id, client.id, amount, number)
    book(act=act, key=f"share:{number}", on=DAY, cause="share", cause_id=None, moves=parts)
    return PayerShare.objects.create(
        invoice=invoice,
        undertaking=undertaking,
        reference=f"{number}-T1",
        asked=amount,
        amount=amount,
        due_on=month + timedelta(days=60),
    )


@pytest.fixture
def three(treasurer: Act, ccas: Payer, odile: Person, nadege: Person) -> list[PayerShare]:
    """10 € and 20 € of November, 40 € of December; half of each invoice is the CCAS's."""
    december = date(2026, 12, 1)
    return [
        shared(treasurer, ccas, odile, 1000),
        shared(treasurer, ccas, nadege, 2000),
        shared(treasurer, ccas, odile, 4000, december),
    ]


def came(act: Act, amount: str, text: str = "VIR", iban: str = "") -> BankLine:
    (line,) = statement(act, (amount, "CRDT", f"R{BankLine.objects.count()}", text))
    BankLine.objects.filter(id=line.id).update(counterparty_iban=iban)
    line.refresh_from_db()
    return line


def explained(act: Act, line: BankLine) -> BankLine:
    _explain(act, [line], Matching(on=DAY))
    line.refresh_from_db()
    return line


def due() -> list[int]:
    return [one.due for one in queries.payers_seen(person=Payer.objects.get().person_id)[0].shares]


# By hand


def test_a_line_pays_the_shares_that_are_ticked(treasurer: Act, three: list[PayerShare]) -> None:
    line = came(treasurer, "30.00")
    receipts = operations.receive_shares(act=treasurer, line=line, shares=[one.id for one in three[:2]])
    assert [one.amount for one in receipts] == [1000, 2000]
    assert due() == [0, 0, 4000]
    assert (line.state, line.reason) == ("matched", "by_hand")
    with pytest.raises(Refused, match="not_now"):
        operations.receive_shares(act=treasurer, line=line, shares=[three[2].id])
    assert ledger.verify() == []


def test_the_last_may_be_paid_in_part_and_the_rest_stays_owed(treasurer: Act, three: list[PayerShare]) -> None:
    line = came(treasurer, "65.00")
    operations.receive_shares(act=treasurer, line=line, shares=[one.id for one in three])
    assert due() == [0, 0, 500]


@pytest.mark.parametrize(
    ("amount", "which", "code"),
    [("75.00", 3, "shares_differ"), ("30.00", 3, "shares_differ"), ("10.00", 0, "nothing_ticked")],
)
def test_what_is_left_of_a_line_or_out_of_its_reach_is_said(
    treasurer: Act, three: list[PayerShare], amount: str, which: int, code: str
) -> None:
    with pytest.raises(Refused, match=code) as refused:
        operations.receive_shares(act=treasurer, line=came(treasurer, amount), shares=[one.id for one in three[:which]])
    assert refused.value.where == "shares"
    assert not Receipt.objects.exists()


def test_two_payers_do_not_send_one_transfer(treasurer: Act, three: list[PayerShare], odile: Person) -> None:
    body = Person.objects.create(kind="company", family_name="Ateliers", known_since=treasurer.at)
    other = operations.describe_payer(act=treasurer, person=body, kind="employer", due_days=30)
    theirs = shared(treasurer, other, odile, 500)
    with pytest.raises(Refused, match="several_payers"):
        operations.receive_shares(act=treasurer, line=came(treasurer, "15.00"), shares=[three[0].id, theirs.id])


def test_taken_back_all_are_owed_again_and_the_account_is_forgotten(treasurer: Act, three: list[PayerShare]) -> None:
    line, shares = came(treasurer, "30.00", iban=IBAN), [one.id for one in three[:2]]
    operations.receive_shares(act=treasurer, line=line, shares=shares)
    assert LineRule.objects.get(withdrawn_at=None).client_id == Payer.objects.get().person_id
    unmatch_line(act=treasurer, line=line, reason="wrong_invoice")
    assert (due(), line.state) == ([1000, 2000, 4000], "unmatched")
    assert not LineRule.objects.filter(withdrawn_at=None).exists()
    operations.receive_shares(act=treasurer, line=line, shares=shares)
    assert due() == [0, 0, 4000]
    assert ledger.verify() == []


# By itself, when it is sure


def test_a_transfer_that_names_its_shares_and_their_sum_is_booked(treasurer: Act, three: list[PayerShare]) -> None:
    line = explained(treasurer, came(treasurer, "50.00", "VIR CCAS fa20260001 t1, FA 2026-0003-T1"))
    assert (line.state, line.reason, due()) == ("matched", "shares_cited", [0, 2000, 0])


def test_what_it_names_is_never_taken_for_the_clients_half(treasurer: Act, three: list[PayerShare]) -> None:
    operations.receive_share(act=treasurer, share=three[0], amount=100, how="cheque", on=DAY, key="some")
    line = explained(treasurer, came(treasurer, "10.00", "VIR CCAS FA-2026-0001-T1"))
    assert (line.state, line.reason) == ("unmatched", "shares_differ")
    assert queries.dues(invoices=[three[0].invoice])[three[0].invoice_id] == 1000


@pytest.mark.parametrize(
    ("amount", "left"), [("70.00", [0, 0, 0]), ("30.00", [0, 0, 4000]), ("20.00", [1000, 0, 4000])]
)
def test_from_a_known_account_a_sum_that_says_which_is_booked(
    treasurer: Act, three: list[PayerShare], amount: str, left: list[int]
) -> None:
    known(treasurer)
    line = explained(treasurer, came(treasurer, amount, iban=IBAN))
    assert (line.state, line.reason, due()[:3]) == ("matched", "payer_account", left)


@pytest.mark.parametrize(("amount", "iban"), [("70.00", ""), ("50.00", IBAN), ("69.99", IBAN)])
def test_anything_less_sure_waits_for_a_person(treasurer: Act, three: list[PayerShare], amount: str, iban: str) -> None:
    known(treasurer)
    assert explained(treasurer, came(treasurer, amount, iban=iban)).state == "unmatched"
    assert due()[:3] == [1000, 2000, 4000]


def test_of_two_sets_of_the_same_sum_a_person_chooses(
    treasurer: Act, three: list[PayerShare], ccas: Payer, nadege: Person
) -> None:
    known(treasurer)
    shared(treasurer, ccas, nadege, 3000, date(2027, 1, 1))
    line = came(treasurer, "30.00", iban=IBAN)
    assert explained(treasurer, line).state == "unmatched"
    assert [(one.step, one.reasons) for one in queries.share_groups(line=line)] == [
        ("likely", ("payer_account", "one_month")),
        ("likely", ("payer_account", "one_month")),
    ]


def test_a_line_that_a_person_took_back_is_theirs(treasurer: Act, three: list[PayerShare]) -> None:
    known(treasurer)
    line = explained(treasurer, came(treasurer, "70.00", iban=IBAN))
    unmatch_line(act=treasurer, line=line, reason="not_a_payment")
    assert explained(treasurer, line).state == "unmatched"


def test_one_statement_pays_each_share_once(treasurer: Act, three: list[PayerShare]) -> None:
    known(treasurer)
    lines = [came(treasurer, "70.00", iban=IBAN) for _ in range(2)]
    _explain(treasurer, lines, Matching(on=DAY))
    assert sorted(BankLine.objects.filter(amount=7000).values_list("state", flat=True)) == ["matched", "unmatched"]
    assert due()[:3] == [0, 0, 0]


def known(act: Act) -> None:
    """A person has said of a line of this account that it is the CCAS's."""
    payer = Payer.objects.get()
    share = shared(act, payer, Person.objects.get(id=Undertaking.objects.earliest("id").beneficiary_id), 7, DAY)
    line = came(act, "0.07", iban=IBAN)
    operations.receive_shares(act=act, line=line, shares=[share.id])


# The rules


def share_of(payer: str, due: int, month: int = 11, number: int = 1) -> OpenShare:
    day, payer_id = date(2026, month, 1), new_id()
    return OpenShare(new_id(), f"FA-2026-{number:04d}-T1", payer_id, payer, new_id(), "Odile", day, day, due)


def test_a_name_alone_is_never_sure() -> None:
    one = share_of("CCAS de Valmarelle", 1000)
    line = Entry(DAY, DAY, 1000, "EUR", counterparty="CCAS DE VALMARELLE")
    (found,) = groups(line, OpenShares([one]), [])
    assert (found.step, found.reasons) == ("likely", ("payer_name", "all_open"))


def test_several_that_add_up_without_reason_are_only_possible() -> None:
    first = share_of("CCAS", 1000)
    others = [replace(first, id=new_id(), reference=f"FA-2026-000{n}-T1", due=n * 1000) for n in (2, 4)]
    line = Entry(DAY, DAY, 5000, "EUR", counterparty_iban=IBAN)
    (found,) = groups(line, OpenShares([first, *others]), [first.payer])
    assert (found.step, found.reasons, found.total) == ("possible", ("payer_account", "some"), 5000)


def test_money_that_left_or_was_taken_back_pays_nothing() -> None:
    one = share_of("CCAS", 1000)
    for line in (Entry(DAY, DAY, -1000, "EUR"), Entry(DAY, DAY, 1000, "EUR", reversal=True)):
        assert groups(line, OpenShares([one]), [one.payer]) == []


@given(st.lists(st.integers(1, 500), max_size=6), st.integers(1, 2000))
def test_what_is_poured_is_the_line_and_only_the_last_is_in_part(dues: list[int], amount: int) -> None:
    parts = poured(amount, dues)
    if parts:
        assert (sum(parts), parts[:-1]) == (amount, dues[:-1])
        assert 0 < parts[-1] <= dues[-1]
    else:
        assert amount > sum(dues) or amount <= sum(dues[:-1])
