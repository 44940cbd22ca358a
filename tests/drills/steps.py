"""The steps that the drills run in processes of their own: python -m tests.drills STEP"""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import count
from time import sleep
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from entremise.agreements.models import Agreement
from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Purchase
from entremise.buying.operations import closing
from entremise.documents.models import Document
from entremise.doors.clock import letters, paying, together, watch
from entremise.doors.clock.prints import print_documents
from entremise.history import operations as history
from entremise.jobs import operations as jobs
from entremise.kernel.act import THE_CLOCK, Act, Actor, Door, Role
from entremise.kernel.clock import now
from entremise.kernel.ids import new_id
from entremise.kernel.time import Period
from entremise.ledger import operations as ledger
from entremise.ledger.rules import Line
from entremise.market.models import Proposal
from entremise.payments.adapters.provider import Provider
from entremise.payments.models import Instruction, Intent, ProviderAccount
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import Deposit, SupplierInvoice
from entremise.solidarity import operations as solidarity
from entremise.solidarity.models import Fund
from entremise.tenancy import scope, walls
from entremise.tenancy.models import Organisation
from tests.drills.crowd import HOUSEHOLDS, purchase_of, set_limit
from tests.drills.scenario import SLUG, a_month_of_work, found, offers

ACCOUNTS = ("acct_000001", "acct_000002")  # The first things that a fake provider makes have these names.


def last_month() -> Period:
    return Period.month_of(now().date().replace(day=1) - timedelta(days=1))


def build() -> None:
    call_command("migrate", verbosity=0)
    month = last_month()
    house = found(at=datetime.combine(month.first, time(7), UTC))
    a_month_of_work(house, month)
    offers(house, at=now())
    with scope.writing(Organisation.objects.get(slug=SLUG).id):
        solidarity.open_fund(act=treasurer(), name="Entraide", purpose="Aider à payer.", origin="public")
    deliver()


def settle() -> None:
    call_command("settle", f"--organisation={SLUG}", f"--month={last_month().label}")


def answer() -> None:
    """Everybody who was asked says yes, whatever was answered before: some win, the others are told."""
    organisation = Organisation.objects.get(slug=SLUG)
    with scope.reading(organisation.id):
        asked = list(Proposal.objects.filter(listing__starts_at__gte=now()).order_by("offered_at", "id"))
    for proposal in asked:
        with scope.writing(organisation.id):
            fresh = Proposal.objects.select_related("listing", "person").get(id=proposal.id)
            worker = Actor(proposal.person_id, frozenset({Role.WORKER}))
            jobs.answer(act=Act(by=worker, at=now(), door=Door.TEXT), proposal=fresh, yes=True)


def deliver() -> None:
    """Letters of the month that was settled. Each start is later than the lease of the one before."""
    later = timedelta(minutes=int(os.environ.get("DRILL_MINUTES", "0")), days=1)
    at = datetime.combine(now().date(), time(10), UTC) + later
    letters.now = watch.now = lambda: at
    organisation = Organisation.objects.get(slug=SLUG)
    duty = watch.Watch()
    print_documents(duty, organisation)
    letters.deliver(duty, organisation)


def small() -> None:
    """Two clients, two workers and their month: settled, printed, paid out; its days are over and sealed."""
    call_command("migrate", verbosity=0)
    month = last_month()
    house = found(at=datetime.combine(month.first, time(7), UTC), clients=2, workers=2)
    a_month_of_work(house, month)
    settle()
    deliver()
    later = now().date() + timedelta(days=3)
    with scope.writing(house.organisation.id):
        settlement.order_payouts(act=house.desk(now()), execution_on=later)
    with scope.writing(house.organisation.id):
        ledger.fold(today=later)
        ledger.seal()
        history.chain(limit=10_000)


def write() -> None:
    """Entries and facts, one after the other, until it is killed."""
    organisation = Organisation.objects.get(slug=SLUG)
    at = now() + timedelta(days=5)  # The days before are over.
    for number in count():
        with scope.writing(organisation.id):
            bank, sales = (ledger.open_account(code=code, name=code).id for code in ("512000", "706000"))
            ledger.post(
                key=f"drill:{number}", at=at, effective_on=at.date(), cause="drill", cause_id=None,
                lines=[Line(bank, sales, 100 + number)],
            )  # fmt: skip
            clerk = Act(by=THE_CLOCK, at=at, door=Door.CLOCK)
            history.record(act=clerk, type="call_logged", thing="call", thing_id=None, data={"number": number})
        if number == 20:
            sys.stdout.write("writing\n")
            sys.stdout.flush()


def older() -> None:
    """The tables as they were before days were sealed."""
    walls.take_down()
    MigrationExecutor(connection).migrate([("ledger", "0001_initial")])


def owe() -> None:
    """Beside the invoices of the month: some clients are asked for a deposit, some owe people on their own account,
    whom the provider knows already.
    """
    organisation, at = Organisation.objects.get(slug=SLUG), now()
    with scope.writing(organisation.id):
        clients = list(Person.objects.filter(memberships__role="client").order_by("id"))
        suppliers = Person.objects.filter(memberships__role="worker").order_by("id")[: len(ACCOUNTS)]
        for client in clients[4:6]:
            agreement = Agreement.objects.filter(parties__person=client).order_by("id")[0]
            settlement.ask_deposit(act=treasurer(), agreement=agreement, client=client, amount=2000, hold=True)
        for client, supplier, ref in zip(clients[6:], suppliers, ACCOUNTS, strict=True):
            ProviderAccount.objects.create(provider="stripe", person=supplier, ref=ref, state="ready", asked_at=at)
            number = f"S-{ref}"
            document = Document.objects.create(
                kind="supplier_invoice", number=number, person=client, template="invoice", data={}, issued_at=at
            )
            SupplierInvoice.objects.create(
                number=number, supplier=supplier, client=client, month=last_month().first, issued_on=at.date(),
                due_on=at.date(), total=5000, commission=0, document=document, issued_at=at,
            )  # fmt: skip


def pay() -> None:
    """Clients go to the provider's page: with 3 € for a fund beside their invoice, to have a deposit held, or to pay
    somebody on their own account.
    """
    organisation = _with_provider()
    with scope.reading(organisation.id):
        deposits = list(Deposit.objects.select_related("client", "agreement").order_by("id"))
        others = list(SupplierInvoice.objects.select_related("client", "supplier").order_by("id"))
        busy = {one.client_id for one in (*deposits, *others)}
        owed = [one.invoice for one in settled.open_invoices() if one.invoice.client_id not in busy]
        fund = Fund.objects.get()
    page = {"provider": "stripe", "back": "http://localhost/"}
    asked: list[tuple[UUID, Callable[..., Intent]]] = [
        *((one.client_id, partial(solidarity.pay_with_gift, invoice=one, fund=fund, amount=300)) for one in owed),
        *((one.client_id, partial(settlement.pay_deposit, deposit=one)) for one in deposits),
        *((one.client_id, partial(settlement.pay_supplier_online, invoice=one)) for one in others),
    ]
    for client, ask in asked:
        with scope.writing(organisation.id):
            ask(act=Act(by=Actor(client, frozenset({Role.CLIENT})), at=paying.now(), door=Door.SITE), **page)
    _carry_all(organisation)


def take() -> None:
    """What clients paid suppliers is passed on; of what is held for a deposit, 15 € are taken, once."""
    organisation = _with_provider()
    paying.look(watch.Watch(), organisation)
    with scope.reading(organisation.id):
        taken = Intent.objects.filter(instructions__verb="take").values("about_id")
        waiting = list(Deposit.objects.exclude(id__in=taken).select_related("client", "agreement"))
    for deposit in waiting:
        with scope.writing(organisation.id):
            settlement.take_deposit(act=treasurer(), deposit=deposit, amount=1500)
    _carry_all(organisation)
    paying.look(watch.Watch(), organisation)


def give_back() -> None:
    """Of everything that was taken a euro goes back, once each; from suppliers it is called back."""
    organisation = _with_provider()
    paying.look(watch.Watch(), organisation)
    with scope.reading(organisation.id):
        taken = list(Intent.objects.filter(taken__gt=0, instructions__verb="give_back").values_list("id", flat=True))
        waiting = list(Intent.objects.filter(taken__gt=0).exclude(id__in=taken).select_related("person"))
        others = SupplierInvoice.objects.in_bulk()
    for intent in waiting:
        with scope.writing(organisation.id):
            if intent.about == "supplied":
                settlement.refund_supplied(act=treasurer(), invoice=others[intent.about_id], amount=100)
            else:
                settlement.give_back_online(act=treasurer(), intent=intent, amount=100)
    _carry_all(organisation)
    paying.look(watch.Watch(), organisation)


def crowd() -> None:
    """A purchase that a thousand households are in, its time over."""
    call_command("migrate", verbosity=0)
    at = now()
    house = found(at=at, clients=0, workers=0)
    with scope.writing(house.organisation.id):
        purchase_of(HOUSEHOLDS, act=house.desk(at), closes=at + timedelta(days=1))


def close() -> None:
    """Somebody decides it as they see it, whatever was decided before; the clock writes down what is left of it, few
    households at a time.
    """
    closing.CHUNK = 50  # type: ignore[misc]  # So that there are many moments between two chunks.
    set_limit(closing.write_shares, closing.CHUNK)
    organisation, at = Organisation.objects.get(slug=SLUG), now() + timedelta(days=2)
    with scope.reading(organisation.id):
        seen = bought.preview(purchase=Purchase.objects.get()).digest
    with scope.writing(organisation.id):
        clerk = Act(by=Actor(new_id(), frozenset({Role.COORDINATOR})), at=at, door=Door.DESK)
        buying.close_purchase(act=clerk, purchase=Purchase.objects.get(), seen=seen)
    duty = watch.Watch()
    while together.close(duty, organisation):
        pass
    assert duty.failures == 0


def treasurer() -> Act:
    return Act(by=Actor(new_id(), frozenset({Role.TREASURER})), at=paying.now(), door=Door.DESK)


def _with_provider() -> Organisation:
    """The double that the drill serves. Each start is later than the lease of the one before. What comes between its
    answer and our commit takes long enough to be killed in.
    """
    settings.STRIPE, settings.STRIPE_ADDRESS = {SLUG: "sk_test_fake,whsec_fake"}, os.environ["DRILL_PROVIDER"]
    later = timedelta(minutes=int(os.environ.get("DRILL_MINUTES", "0")))
    paying.now = watch.now = lambda: now() + later
    do = paying._do

    def slowly(provider: Provider, one: Instruction) -> tuple[str, str]:
        answer = do(provider, one)
        sleep(0.05)
        return answer

    paying._do = slowly
    return Organisation.objects.get(slug=SLUG)


def _carry_all(organisation: Organisation) -> None:
    duty = watch.Watch()
    while paying.carry_out(duty, organisation):
        pass
    assert duty.failures == 0


STEPS = {
    "owe": owe,
    "pay": pay,
    "take": take,
    "give_back": give_back,
    "crowd": crowd,
    "close": close,
    "build": build,
    "small": small,
    "write": write,
    "older": older,
    "settle": settle,
    "answer": answer,
    "deliver": deliver,
}
