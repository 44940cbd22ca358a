"""Any sequence of what happens to vouchers, against a plain model: no invoice is paid twice, no gift voucher pays more
than it holds, and what we wait for from the centre is what the books say.
"""

from collections import Counter
from datetime import UTC, date, datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, rule

from entremise.agreements.models import Agreement
from entremise.figures.operations import load_shipped
from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.ledger import queries as ledger
from entremise.payments.models import BankFile, BankLine
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import GiftVoucher, Invoice, InvoiceLine, Voucher, VoucherBatch
from entremise.settlement.operations.booking import book
from entremise.settlement.rules.books_fr import invoice_moves
from entremise.settlement.rules.vouchers import Given
from entremise.tenancy.models import LegalIdentity
from tests.machine import Machine
from tests.settlement.conftest import balance
from tests.settlement.town import bill

AT = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)
DAY = date(2026, 12, 4)
cents = st.integers(1, 3000)
which = st.integers(0, 9)


class Vouchers(Machine):
    def __init__(self) -> None:
        super().__init__()
        load_shipped()
        LegalIdentity.objects.create(legal_name="Vouchers", siret="73282932000074", sap_number="SAP732829320")
        person = Person.objects.create(family_name="Direction", known_since=AT)
        self.act = Act(by=Actor(person.id, STAFF), at=AT, door=Door.DESK)
        self.file = BankFile.objects.create(name="x", sha256="x", content=b"", at=AT)
        self.invoice = self.billed(Person.objects.create(family_name="A", known_since=AT), 6000)
        self.due, self.fees = 6000, 0
        self.vouchers: dict[str, Counter[str]] = {}  # State → number → cents.
        self.gifts: list[tuple[GiftVoucher, str]] = []
        self.left: list[int] = []
        self.ended: set[int] = set()

    def billed(self, client: Person, total: int) -> Invoice:
        invoice = bill(client, total)
        agreement = Agreement.objects.create(
            mode="placement_fr",
            number="AG-1",
            title="x",
            starts_on=DAY,
            ends_on=DAY,
            terms={"personal_service": True},
            drawn_up_at=AT,
        )
        InvoiceLine.objects.create(
            invoice=invoice, agreement=agreement, day=DAY, label="x", minutes=60, unit_price=total, amount=total
        )
        moves = invoice_moves(client.id, total, invoice.number)
        book(act=self.act, key=invoice.number, on=DAY, cause="invoice", cause_id=invoice.id, moves=moves)
        return invoice

    def of(self, state: str) -> Counter[str]:
        return self.vouchers.setdefault(state, Counter())

    def one(self, state: str, which: int) -> Voucher | None:
        numbers = sorted(self.of(state))
        if not numbers:
            return None
        number = numbers[which % len(numbers)]
        return Voucher.objects.select_related("invoice__client").get(number=number, state=state)

    @rule(amount=cents)
    def take(self, amount: int) -> None:
        number, key = self.key().replace(" ", "").upper(), self.key()
        given = [Given("up", number, 2026, amount)]
        if amount > self.due:
            code = "vouchers_too_much" if self.due else "vouchers_not_for_this"
            self.refused(
                code,
                lambda: operations.take_vouchers(act=self.act, invoice=self.invoice, vouchers=given, key=key),
            )
            return
        for _ in range(2):
            operations.take_vouchers(act=self.act, invoice=self.invoice, vouchers=given, key=key)
        self.of("held")[number] = amount
        self.due -= amount

    @rule(which=which)
    def hand_back(self, which: int) -> None:
        if voucher := self.one("held", which):
            operations.hand_back_voucher(act=self.act, voucher=voucher, reason="x")
            self.due += self.of("held").pop(voucher.number)

    @rule()
    def claim(self) -> None:
        held = list(Voucher.objects.filter(state="held"))
        if held:
            operations.claim_vouchers(act=self.act, vouchers=held)
            self.of("claimed").update(self.of("held"))
            self.of("held").clear()

    @rule(which=which)
    def refuse(self, which: int) -> None:
        if voucher := self.one("claimed", which):
            operations.refuse_voucher(act=self.act, voucher=voucher, reason="x")
            self.due += self.of("claimed").pop(voucher.number)

    @rule(share=st.integers(0, 3))
    def reimburse(self, share: int) -> None:
        batch = VoucherBatch.objects.filter(state="sent").order_by("made_at", "id").first()
        numbers = {one.number: one.amount for one in Voucher.objects.filter(batch=batch, state="claimed")}
        total = sum(numbers.values())
        fee = total * share // 100
        if batch is None or total - fee <= 0:
            return
        line = BankLine.objects.create(file=self.file, key=self.key(), booked_on=DAY, amount=total - fee)
        wrong = fee + 1
        self.refused("batch_differs", lambda: operations.pay_batch(act=self.act, batch=batch, line=line, fee=wrong))
        operations.pay_batch(act=self.act, batch=batch, line=line, fee=fee)
        self.fees += fee
        for number in numbers:
            self.of("claimed").pop(number)

    @rule(value=cents)
    def sell(self, value: int) -> None:
        self.gifts.append(
            operations.sell_gift_voucher(act=self.act, value=value, how="cash", key=self.key(), secret_key="s")
        )
        self.left.append(value)

    @rule(which=which)
    def spend(self, which: int) -> None:
        if not self.gifts:
            return
        at, key = which % len(self.gifts), self.key()
        code, paid = self.gifts[at][1], min(self.left[at], self.due)

        def spent() -> int:
            return operations.spend_gift_voucher(
                act=self.act, invoice=self.invoice, code=code, key=key, secret_keys=["s"]
            ).amount

        if not paid:
            self.refused("gift_empty" if not self.left[at] else "nothing_due", spent)
            return
        assert {spent(), spent()} == {paid}
        self.left[at] -= paid
        self.due -= paid

    @rule(which=which)
    def take_back(self, which: int) -> None:
        spent = queries.gifts_spent(invoice=self.invoice.id)
        if not spent:
            return
        receipt = spent[which % len(spent)]
        (at,) = (at for at, (gift, _) in enumerate(self.gifts) if str(gift.id) in receipt.key)
        if at in self.ended:
            self.refused("not_now", lambda: operations.take_back_gift(act=self.act, receipt=receipt))
            return
        operations.take_back_gift(act=self.act, receipt=receipt)
        self.left[at] += receipt.amount
        self.due += receipt.amount

    @rule(which=which)
    def give_back(self, which: int) -> None:
        if self.gifts and self.left[which % len(self.gifts)]:
            at = which % len(self.gifts)
            operations.return_gift_voucher(act=self.act, voucher=self.gifts[at][0])
            self.left[at] = 0
            self.ended.add(at)

    @invariant()
    def the_books_say_the_same(self) -> None:
        assert queries.dues(invoices=[self.invoice])[self.invoice.id] == self.due == balance("411000")
        assert balance("511500") == sum(self.of("held").values()) + sum(self.of("claimed").values())
        assert balance("419700") == -sum(self.left)
        assert balance("627000") == self.fees
        assert ledger.verify() == []


class TestVouchers(Vouchers.TestCase, TestCase):
    settings = settings(
        max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
