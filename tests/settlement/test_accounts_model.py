"""Any sequence of what happens to a person's account, against a plain model: it never holds less than nothing, nothing
leaves it twice, and the books, the statement and the model say the same.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, rule

from entremise.figures.operations import load_shipped
from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.ledger import queries as ledger
from entremise.payments.models import BankFile, BankLine
from entremise.payments.operations import set_bank_account
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Withdrawal
from entremise.settlement.operations.booking import book
from entremise.settlement.rules.books_fr import invoice_moves
from entremise.tenancy.models import LegalIdentity
from tests.machine import Machine
from tests.settlement.conftest import balance
from tests.settlement.town import bill

AT = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)
DAY = date(2026, 12, 4)
which = st.integers(0, 1)
cents = st.integers(1, 5000)
IBAN = "FR7630006000011234567890189"


@dataclass
class Client:
    """What one person has, owes and paid too much; what they asked back, by state. Cents."""

    person: Person
    free: int = 0
    invoices: list[Invoice] = field(default_factory=list)
    due: list[int] = field(default_factory=list)
    too_much: int = 0
    asked: list[Withdrawal] = field(default_factory=list)
    ordered: list[Withdrawal] = field(default_factory=list)

    @property
    def held(self) -> int:
        return sum(one.amount for one in [*self.asked, *self.ordered])


class Saving(Machine):
    def __init__(self) -> None:
        super().__init__()
        load_shipped()
        LegalIdentity.objects.create(legal_name="Accounts", siret="73282932000074", iban=IBAN)
        director = Person.objects.create(family_name="Direction", known_since=AT)
        self.act = Act(by=Actor(director.id, STAFF), at=AT, door=Door.DESK)
        self.file = BankFile.objects.create(name="x", sha256="x", content=b"", at=AT)
        self.clients = [Client(Person.objects.create(family_name=name, known_since=AT)) for name in "AB"]
        for client in self.clients:
            set_bank_account(act=self.act, person=client.person, iban=IBAN)
        self.till = self.bank = 0

    @rule(which=which, amount=cents)
    def pay_in(self, which: int, amount: int) -> None:
        client, key = self.clients[which], self.key()
        for _ in range(2):
            operations.pay_in(act=self.act, person=client.person, amount=amount, how="cash", key=key)
        client.free += amount
        self.till += amount

    @rule(which=which, total=cents)
    def owe(self, which: int, total: int) -> None:
        client = self.clients[which]
        invoice = bill(client.person, total)
        moves = invoice_moves(client.person.id, total, invoice.number)
        book(act=self.act, key=invoice.number, on=DAY, cause="invoice", cause_id=invoice.id, moves=moves)
        client.invoices.append(invoice)
        client.due.append(total)

    @rule(which=which, more=cents)
    def pay_too_much(self, which: int, more: int) -> None:
        client = self.clients[which]
        if not client.invoices:
            return
        amount = client.due[-1] + more
        line = BankLine.objects.create(file=self.file, key=self.key(), booked_on=DAY, amount=amount)
        operations.receive_by_hand(act=self.act, line=line, invoice=client.invoices[-1])
        client.due[-1] = 0
        client.too_much += more
        self.bank += amount

    @rule(which=which)
    def keep_what_was_too_much(self, which: int) -> None:
        client = self.clients[which]
        if not client.too_much:
            self.refused("nothing_overpaid", lambda: operations.keep_overpaid(act=self.act, person=client.person))
            return
        assert operations.keep_overpaid(act=self.act, person=client.person) == client.too_much
        client.free += client.too_much
        client.too_much = 0

    @rule(which=which)
    def spend(self, which: int) -> None:
        client = self.clients[which]
        if not client.invoices:
            return
        invoice, due, key = client.invoices[-1], client.due[-1], self.key()
        paid = min(due, client.free)
        if not paid:
            code = "account_empty" if due else "nothing_due"
            self.refused(code, lambda: operations.pay_from_account(act=self.act, invoice=invoice, key=key))
            return
        receipts = {operations.pay_from_account(act=self.act, invoice=invoice, key=key) for _ in range(2)}
        assert [one.amount for one in receipts] == [paid]
        client.free -= paid
        client.due[-1] -= paid

    @rule(which=which, amount=cents, coins=st.booleans())
    def ask_back(self, which: int, amount: int, coins: bool) -> None:
        client, key, how = self.clients[which], self.key(), "cash" if coins else "transfer"

        def ask() -> Withdrawal:
            return operations.withdraw(act=self.act, person=client.person, amount=amount, how=how, key=key)

        if amount > client.free:
            self.refused("account_too_low", ask)
            return
        if coins and amount > self.till:
            self.refused("not_enough", ask)
            return
        (asked,) = {ask(), ask()}
        client.free -= amount
        if coins:
            self.till -= amount
        else:
            client.asked.append(asked)

    @rule(which=which)
    def think_again(self, which: int) -> None:
        client = self.clients[which]
        if client.asked:
            one = client.asked.pop()
            operations.drop_withdrawal(act=self.act, withdrawal=one)
            self.refused("not_now", lambda: operations.drop_withdrawal(act=self.act, withdrawal=one))
            client.free += one.amount

    @rule()
    def make_the_file(self) -> None:
        asked = [one for client in self.clients for one in client.asked]
        if not asked:
            self.refused("nothing_to_pay", lambda: operations.order_withdrawals(act=self.act, execution_on=DAY))
            return
        made = operations.order_withdrawals(act=self.act, execution_on=DAY).file
        assert made
        assert (made.lines, made.total) == (len(asked), sum(one.amount for one in asked))
        for client in self.clients:
            client.ordered += Withdrawal.objects.filter(id__in=[one.id for one in client.asked])
            client.asked = []

    @rule(which=which, refuses=st.booleans())
    def the_bank_answers(self, which: int, refuses: bool) -> None:
        client = self.clients[which]
        if not client.ordered:
            return
        one = client.ordered.pop()
        if refuses:
            operations.reject_withdrawal(act=self.act, withdrawal=one)
            client.free += one.amount
            return
        line = BankLine.objects.create(
            file=self.file, key=self.key(), booked_on=DAY, amount=-one.amount, text=one.reference
        )
        assert operations.recognise_withdrawals(act=self.act, lines=[line, line]) == [one]
        self.bank -= one.amount

    @rule(which=which)
    def leave(self, which: int) -> None:
        client = self.clients[which]
        if client.free or client.held:
            code = "account_not_empty"
            self.refused(code, lambda: operations.close_account(act=self.act, person=client.person))

    @invariant()
    def nobody_has_less_than_nothing(self) -> None:
        for client in self.clients:
            assert queries.free_on_account(person=client.person.id) == client.free >= 0

    @invariant()
    def the_statement_is_the_models(self) -> None:
        for client in self.clients:
            seen = queries.statement(person=client.person.id)
            assert (seen.free, seen.held, seen.overpaid) == (client.free, client.held, client.too_much)
            assert seen.owes == sum(client.due)
            assert seen.balance == client.free + client.held + client.too_much - sum(client.due)

    @invariant()
    def the_books_are_the_models(self) -> None:
        assert (balance("530000"), balance("512000")) == (self.till, self.bank)
        assert -balance("419100") == sum(client.free + client.held for client in self.clients)
        assert ledger.verify() == []


class TestSaving(Saving.TestCase, TestCase):
    settings = settings(
        max_examples=12, stateful_step_count=25, suppress_health_check=[HealthCheck.too_slow], deadline=None
    )
