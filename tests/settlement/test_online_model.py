"""Whatever happens to online payments, in any order, against the provider's own till."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time

from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, precondition, rule

from entremise.figures.operations import load_shipped
from entremise.history.models import Fact
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.payments import operations as payments
from entremise.payments.models import Intent
from entremise.people.models import Person
from entremise.settlement import operations
from entremise.settlement.models import Charge, Receipt, RefundFee
from entremise.settlement.queries.refunds import key_of
from tests.provider.kept import turn_out
from tests.provider.wire import Wrong
from tests.settlement.conftest import balance
from tests.settlement.town import FAULTS, START, ask, bill, chooses, due, pays
from tests.settlement.walks import InTown


class Payments(InTown):
    """Whatever clients, the treasurer, the network and the provider do: once all is quiet, the books say what its till
    says, and nobody has paid or got back anything twice.
    """

    def __init__(self) -> None:
        super().__init__()
        load_shipped()
        self.people = [Person.objects.create(family_name=name, known_since=START) for name in ("Marsan", "Aubry")]
        self.invoices = [bill(person, total) for person in self.people for total in (4900, 2000)]
        self.kept = [chooses(self.town, person) for person in self.people[1:]]  # The other pays on the page only.

    @rule(which=st.integers(0, 3))
    def ask(self, which: int) -> None:
        self.maybe(lambda: ask(self.town, self.invoices[which]))

    @rule(which=st.integers(0, 3), means=st.sampled_from(["visa", "chargeDeclined", "createDispute"]))
    def pay(self, which: int, means: str) -> None:
        intent = Intent.objects.filter(about_id=self.invoices[which].id).exclude(page="").order_by("-asked_at").first()
        if intent:
            self.maybe(lambda: self.town.fake.pay(intent.page, f"pm_card_{means}"))

    @rule(which=st.integers(0, 3), means=st.sampled_from(["visa", "createDispute"]))
    def buy(self, which: int, means: str) -> None:
        """All that a payment takes when nothing goes wrong."""
        if due(self.invoices[which]):
            self.maybe(lambda: pays(self.town, self.invoices[which], f"pm_card_{means}"))

    @precondition(lambda self: Intent.objects.filter(taken__gt=0).exists())
    @rule(which=st.integers(0, 3), amount=st.integers(1, 5000), bearer=st.sampled_from(["organisation", "client"]))
    def give_back(self, which: int, amount: int, bearer: str) -> None:
        taken = Intent.objects.filter(taken__gt=0).order_by("id")
        intent, act = taken[which % len(taken)], self.town.treasurer
        self.maybe(
            lambda: operations.give_back_online(act=act, intent=intent, amount=amount, bearer=bearer, reason="annulé")
        )

    @rule(which=st.integers(0, 3), amount=st.integers(1, 5000))
    def cash(self, which: int, amount: int) -> None:
        invoice, key = self.invoices[which], str(new_id())
        self.maybe(
            lambda: operations.receive_cash(
                act=self.town.treasurer, invoice=invoice, amount=amount, how="cash", on=START.date(), key=key
            )
        )

    @rule(
        fate=st.sampled_from(["", "generic_decline", "authentication_required", "dispute"]),
        faults=st.sampled_from(FAULTS),
    )
    def charge(self, fate: str, faults: tuple[str, ...]) -> None:
        """Whoever pays with what they keep is told, and charged on the day: then their bank thinks this of it."""
        turn_out(self.town.fake.till, self.kept[0].ref, fate)
        self.maybe(self.town.day)
        self.town.later(days=5)
        self.maybe(self.town.day)
        self.turn(faults)

    @rule()
    def change_their_mind(self) -> None:
        means, act = self.kept[0], self.town.client(self.people[1])
        means.refresh_from_db()
        change = operations.stop_charging if means.pays_since else payments.pay_with
        self.maybe(lambda: change(act=act, means=means))

    @rule(hours=st.sampled_from([1, 13, 30]))
    def time_passes(self, hours: int) -> None:
        self.town.later(hours=hours)

    @rule()
    def all_is_quiet(self) -> None:
        town, till = self.town, self.town.fake.till
        town.told()
        town.settle_down()
        town.told()
        town.settle_down()
        charges = {row["payment_intent"]: row for row in till.all("charge") if row["captured"]}
        lost = {row["payment_intent"]: row["amount"] for row in till.all("dispute") if row["status"] != "won"}
        kept = {ref: row["amount_captured"] - row["amount_refunded"] - lost.get(ref, 0) for ref, row in charges.items()}
        for intent in Intent.objects.all():
            booked = sum(one.amount for one in Receipt.objects.filter(key__startswith=f"intent:{intent.id}:"))
            assert booked == kept.get(intent.ref, 0)
            # One that got no answer for a day is a person's to look at: it may have been done.
            sums = Counter[str]()
            for one in intent.instructions.filter(verb="give_back"):
                sums[one.state] += one.amount
            returned = charges.get(intent.ref, {}).get("amount_refunded", 0)
            assert sums["done"] <= returned <= sums["done"] + sums["refused"]
            borne = [(one.bearer, one.amount, one.refund.state, key_of(one)) for one in all_fees(intent)]
            assert sum(amount for _, amount, state, _ in borne if state != "refused") <= intent.fee
            booked_fees = sum(-one.amount for one in Receipt.objects.filter(key__in=[key for *_, key in borne]))
            assert booked_fees == sum(
                amount for bearer, amount, state, _ in borne if (bearer, state) == ("client", "done")
            )
            assert booked_fees + returned <= intent.taken
            assert len(till.all("checkout.session", client_reference_id=str(intent.id))) <= 1
            assert sum(row["metadata"].get("reference") == str(intent.id) for row in till.all("payment_intent")) <= 1
        for charge in Charge.objects.filter(intent__isnull=False).select_related("intent"):
            told = Fact.objects.get(type="charge_told", thing_id=charge.id)
            assert charge.intent
            assert charge.intent.taken <= charge.intent.amount <= told.data["amount"]
            assert told.at < charge.intent.asked_at >= datetime.combine(charge.collect_on, time.min, UTC)
            assert charge.state != "asked"  # Its bank has said what became of it.
        assert -balance("708800") == sum(-one.amount for one in Receipt.objects.filter(how="fee"))
        assert balance("517000") == sum(one["net"] for one in till.all("balance_transaction"))
        open_holds = Intent.objects.filter(state__in=["asked", "needs_action", "failed", "processing", "authorised"])
        found = ledger.account(code="517000")
        pending = ledger.balance(account=found.id).pending_in if found else 0
        assert pending == sum(intent.amount for intent in open_holds)

    @invariant()
    def nobody_gets_back_more_than_they_gave(self) -> None:
        for charge in self.town.fake.till.all("charge"):
            assert 0 <= charge["amount_refunded"] <= charge["amount_captured"]

    def maybe(self, do: Callable[[], object]) -> None:
        with suppress(Refused, Wrong):
            do()


def all_fees(intent: Intent) -> list[RefundFee]:
    return list(RefundFee.objects.filter(refund__intent=intent).select_related("refund"))


class TestPayments(TestCase, Payments.TestCase):
    # The same walks each time; `derandomize=False` with more examples looks further.
    settings = hypothesis_settings(
        max_examples=25, stateful_step_count=25, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )
