"""Any sequence of what happens to invoices that are collected, against a plain model: nothing is collected twice or
beyond what was announced, and the books say what the model says."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, rule

from entremise.documents.models import Document
from entremise.figures.operations import load_shipped
from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.ledger import queries as ledger
from entremise.payments import operations as payments
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Debit, Invoice
from entremise.settlement.operations.booking import book
from entremise.settlement.operations.statements import bring_in
from entremise.settlement.rules.books_fr import credit_moves, invoice_moves
from entremise.tenancy.models import LegalIdentity
from tests.machine import Machine
from tests.payments.test_mandates import IBAN, OTHER
from tests.settlement.conftest import ENTRY, STATEMENT, balance
from tests.settlement.test_debits import STATUS, returned
from tests.settlement.test_payouts import euros

AT = datetime(2026, 12, 28, 9, 0, tzinfo=UTC)
DAY = date(2026, 12, 1)
which = st.integers(0, 2)
cents = st.integers(1, 3000)


@dataclass
class Owed:
    """What the model knows of an invoice, in cents."""

    invoice: Invoice
    total: int
    received: int = 0
    credited: int = 0
    state: str = ""  # Of its latest debit.
    announced: int = 0
    collecting: int = 0

    @property
    def due(self) -> int:
        return max(0, self.total - self.received - self.credited)


class Collecting(Machine):
    def __init__(self) -> None:
        super().__init__()
        load_shipped()
        LegalIdentity.objects.create(
            legal_name="D", siret="73282932000074", iban="FR7630006000011234567890189", creditor_id="FR72ZZZ123456"
        )
        people = [Person.objects.create(family_name=name, known_since=AT) for name in ("Marsan", "Bernard")]
        self.act = Act(by=Actor(people[0].id, STAFF), at=AT, door=Door.DESK)
        for person, iban in zip(people, (IBAN, OTHER), strict=True):
            payments.give_mandate(act=self.act, person=person, iban=iban, signed_on=DAY, how="paper")
        self.owed = [self.new(number, people[number % 2]) for number in range(3)]
        self.bank = self.notes = 0

    def new(self, number: int, person: Person, corrects: Invoice | None = None, total: int = 2450) -> Owed:
        moves = credit_moves if corrects else invoice_moves
        name = f"{'AV' if corrects else 'FA'}-2026-{number:04d}"
        document = Document.objects.create(kind="letter", number=name, template="letter", issued_at=AT, data={})
        entry = book(
            act=self.act, key=name, on=DAY, cause="invoice", cause_id=None, moves=moves(person.id, total, name)
        )
        invoice = Invoice.objects.create(
            number=name,
            kind=Invoice.Kind.CREDIT_NOTE if corrects else Invoice.Kind.INVOICE,
            corrects=corrects,
            client=person,
            month=DAY,
            issued_on=DAY,
            due_on=DAY,
            total=total,
            document=document,
            entry=entry,
            issued_at=AT,
        )
        return Owed(invoice, total)

    def read(self, way: str, amount: int, text: str) -> None:
        """A statement of one line, read twice."""
        said = returned(text, reason="AM04")[3] if way == "DBIT" else text
        entry = ENTRY.format(amount=euros(amount), way=way, ref=f"R{self.key()}", text=said)
        for _ in range(2):
            bring_in(act=self.act, name="s.xml", content=STATEMENT.format(entries=entry).encode())
        self.bank += amount if way == "CRDT" else -amount

    def debit(self, one: Owed) -> Debit:
        return Debit.objects.select_related("invoice__client", "mandate").filter(invoice=one.invoice).latest("id")

    @rule()
    def announce(self) -> None:
        new = [one for one in self.owed if one.due and one.state in ("", "paid", "again", "gone")]
        if not new:
            self.refused("nothing_to_collect", lambda: operations.announce_debits(act=self.act))
            return
        found = operations.announce_debits(act=self.act)
        assert {one.invoice_id for one in found} == {one.invoice.id for one in new}
        for one in new:
            one.state, one.announced = "announced", one.due

    @rule()
    def order(self) -> None:
        waiting = [one for one in self.owed if one.state == "announced"]
        if not waiting:
            self.refused("nothing_to_collect", lambda: operations.order_debits(act=self.act))
            return
        operations.order_debits(act=self.act)
        for one in waiting:
            one.collecting = min(one.announced, one.due)
            one.state = "ordered" if one.collecting else "gone"

    @rule(number=which)
    def drop(self, number: int) -> None:
        one = self.owed[number]
        if one.state == "announced":
            operations.drop_debit(act=self.act, debit=self.debit(one))
            one.state = "dropped"

    @rule(number=which, amount=cents)
    def pay_at_the_counter(self, number: int, amount: int) -> None:
        one = self.owed[number]
        coming = one.collecting if one.state == "ordered" else 0

        def pay() -> object:
            key = f"till {self.key()}"
            return operations.receive_cash(
                act=self.act, invoice=one.invoice, amount=amount, how="cheque", on=AT.date(), key=key
            )

        if amount > one.due:
            self.refused("amount_not_due", pay)
        elif amount > one.due - coming:
            self.refused("debit_on_its_way", pay)
        else:
            pay()
            one.received += amount

    @rule(number=which)
    def pay_by_transfer(self, number: int) -> None:
        one = self.owed[number]
        if one.due:
            self.read("CRDT", one.due, one.invoice.number)
            one.received += one.due

    @rule(number=which, amount=cents)
    def credit(self, number: int, amount: int) -> None:
        one = self.owed[number]
        if amount <= one.total - one.credited:
            self.notes += 1
            self.new(self.notes, one.invoice.client, one.invoice, amount)
            one.credited += amount

    @rule(number=which)
    def bank_collects(self, number: int) -> None:
        one = self.owed[number]
        if one.state == "ordered":
            self.read("CRDT", one.collecting, self.debit(one).reference)
            one.received, one.state = one.received + one.collecting, "paid"

    @rule(number=which)
    def bank_rejects(self, number: int) -> None:
        one = self.owed[number]
        if one.state == "ordered":
            debit = self.debit(one)
            said = STATUS.format(file=debit.batch, reference=debit.reference, reason="AM04").encode()
            assert [bring_in(act=self.act, name="p.xml", content=said).matched for _ in range(2)] == [1, 0]
            one.state = "rejected"

    @rule(number=which)
    def bank_takes_back(self, number: int) -> None:
        one = self.owed[number]
        latest = self.debit(one) if one.state == "paid" else None
        if latest and latest.state == "paid":
            self.read("DBIT", one.collecting, latest.reference)
            one.received, one.state = one.received - one.collecting, "returned"

    @rule(number=which)
    def a_person_says_again(self, number: int) -> None:
        one = self.owed[number]
        if one.state in ("dropped", "rejected", "returned"):
            debit = self.debit(one)
            operations.collect_again(act=self.act, debit=debit)
            operations.collect_again(act=self.act, debit=debit)
            one.state = "again"

    @invariant()
    def what_is_due_is_the_models(self) -> None:
        found = queries.dues(invoices=[one.invoice for one in self.owed])
        assert found == {one.invoice.id: one.due for one in self.owed}

    @invariant()
    def the_books_are_the_models(self) -> None:
        left = sum(one.total - one.received - one.credited for one in self.owed)
        assert (balance("411000"), balance("512000")) == (left, self.bank)
        account = ledger.account(code="512000")
        held = sum(one.collecting for one in self.owed if one.state == "ordered")
        assert (ledger.balance(account=account.id).pending_in if account else 0) == held

    @invariant()
    def nothing_is_collected_beyond_what_was_announced(self) -> None:
        assert all(one.collecting <= one.announced or one.state != "ordered" for one in self.owed)
        live = list(Debit.objects.filter(state__in=["announced", "ordered"]).values_list("invoice", flat=True))
        assert len(live) == len(set(live))


class TestCollecting(Collecting.TestCase, TestCase):
    settings = settings(max_examples=12, stateful_step_count=25, suppress_health_check=[HealthCheck.too_slow])
