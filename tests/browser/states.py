"""States of the small job that ten weeks of the example do not end in, each brought about as people do."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from allauth.mfa.models import Authenticator
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from entremise.agreements.models import Feedback, Party
from entremise.doors.clock.demo.bank import TAIL, entry, head
from entremise.doors.clock.demo.founding import Cast, made_up_iban
from entremise.figures.operations import override
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission, Offer, Request
from entremise.jobs.queries.thanking import DONE, OURS
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.kernel.act import Act, Door, Role
from entremise.kernel.ids import new_id
from entremise.payments import operations as payments
from entremise.payments.models import Intent, KeptMeans, Mandate, ProviderAccount
from entremise.payments.queries import lines_of
from entremise.payments.rules.provider import Standing
from entremise.people import operations as people
from entremise.people.models import Person, Supplier
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import Charge, Debit, Invoice, Payout, SupplierInvoice
from entremise.settlement.operations.sharing import share_out
from entremise.settlement.operations.statements import bring_in
from entremise.settlement.queries import open_invoices
from entremise.settlement.rules.vouchers import Given
from entremise.solidarity import operations as solidarity
from entremise.solidarity.models import Band, Fund

MISSION = ("agreement", "request__listing", "request__activity", "worker", "client", "proposal", "organisation")


def bring_about(cast: Cast, now: datetime) -> None:
    _end_a_season(cast, now)
    _owe_a_supplier(cast, now)
    _pause_an_offer(cast, now)
    _contest(cast, now)
    act = cast.treasury(now)
    fund, last_year = Fund.objects.all()[0], now.date().replace(year=now.year - 1)
    solidarity.give(act=act, fund=fund, kind="topup", amount=500, how="cheque", on=last_year, key="x")
    _bear_a_part(cast, now)
    settlement.reject_payout(
        act=act, payout=Payout.objects.filter(state="ordered").select_related("payslip__worker")[0]
    )
    _thank(cast, now)
    _prepare_transfers(cast, now)


def put_aside(cast: Cast, now: datetime, client: Person) -> None:
    """Deposits: one that is paid, one that is held on a card, and one that this client is asked for."""
    act, parties = cast.treasury(now), Party.objects.filter(role="client", agreement__promises__kind="price")
    rows = parties.select_related("agreement", "person").order_by("-id")
    theirs = [*rows.exclude(person=client)[:3], rows.filter(person=client)[0]]
    paid, held, by_card, _asked = (
        settlement.ask_deposit(act=act, agreement=one.agreement, client=whose, amount=5000, hold=number == 1)
        for number, one in enumerate(theirs)
        if (whose := one.person)
    )
    settlement.receive_deposit(act=act, deposit=paid, how="cash")
    back = "http://localhost/moi/"
    until = now + timedelta(days=7)
    standings = (
        Standing(ref="pi_hold", state="authorised", amount=5000, held_until=until),
        Standing(ref="pi_paid", state="captured", amount=5000, taken=5000),
    )
    for deposit, standing in zip((held, by_card), standings, strict=True):
        mine = cast.act(deposit.client, {Role.CLIENT}, now, Door.SITE)
        intent = settlement.pay_deposit(act=mine, deposit=deposit, provider="stripe", back=back)
        settlement.look_at_deposit(act=act, intent=intent, standing=standing, asked_at=now)


def cards_for_suppliers(cast: Cast, now: datetime) -> tuple[Person, Person]:
    """A supplier whom a card can pay, with an invoice that was paid so; returns a client who has not paid theirs, and
    a supplier who has no account with the provider.
    """
    unpaid = SupplierInvoice.objects.filter(payments=None).select_related("client", "supplier").order_by("-id")[0]
    ready = {"provider": "stripe", "state": "ready", "asked_at": now}
    ProviderAccount.objects.create(person=unpaid.supplier, **ready)
    paid = SupplierInvoice.objects.exclude(id=unpaid.id)[0]
    Intent.objects.create(
        person=paid.client,
        about="supplied",
        about_id=paid.id,
        role=Intent.Role.AGENT,
        provider="stripe",
        amount=paid.total,
        state="captured",
        ref="pi_2",
        taken=paid.total,
        asked_at=now,
        entry=new_id(),
    )
    without = Supplier.objects.exclude(person=unpaid.supplier).select_related("person")[0]
    return unpaid.client, without.person


def keep_means(now: datetime, one: Person) -> tuple[Person, Person]:
    """This client's card is past its month, and their account kept; another's card pays and they were told of it, and
    the page for their account is open.
    """
    paid = Invoice.objects.filter(receipts__how="transfer").exclude(client=one).select_related("client")[0]
    account = KeptMeans.Kind.SEPA_DEBIT
    rows = (
        (one, "card", "expired", {"brand": "visa", "last4": "0077", "expires_on": now.date()}),
        (one, account, "kept", {"last4": "2606", "reference": "RUM0001"}),
        (paid.client, account, "asked", {"url": "https://pay.example/cs_1"}),
        (paid.client, "card", "kept", {"brand": "visa", "last4": "4242", "pays_since": now}),
    )
    for person, kind, state, more in rows:
        dates = {"asked_at": now - timedelta(days=1), "kept_at": now}
        means = KeptMeans.objects.create(person=person, kind=kind, state=state, provider="stripe", **dates, **more)
    told = {"client": paid.client, "amount": 4200, "collect_on": now.date() + timedelta(days=5), "told_at": now}
    Charge.objects.create(means=means, invoice=paid, state="told", **told)
    return one, paid.client


def _thank(cast: Cast, now: datetime) -> None:
    """A client left coins at the counter for whoever came."""
    done = Mission.objects.filter(state__in=DONE, request__mode__in=OURS).select_related(*MISSION, "request")
    jobs.thank(act=cast.treasury(now), mission=done.order_by("-starts_at")[0], amount=200, how="cash", key="x")


def _bear_a_part(cast: Cast, now: datetime) -> None:
    """Somebody whose invoice we do not collect has a price of their own, which bore a euro of it."""
    act, mandated = cast.treasury(now), set(Mandate.objects.values_list("person", flat=True))
    owed = (one.invoice for one in open_invoices() if one.invoice.what == "work" and one.due > 100)
    invoice = next(one for one in owed if one.client_id not in mandated)
    place = solidarity.ask_place(act=act, person=invoice.client, band=Band.objects.get(step=1))
    assert place.award
    solidarity.pay_invoice(act=act, award=place.award, invoice=invoice, amount=100, key="borne")


def _prepare_transfers(cast: Cast, now: datetime) -> None:
    """A wage waits for a second person, in an organisation that wants two for anything; then it does so no more."""
    limit = partial(override, key="payments.second_person_above", unit="EUR", valid_from=now.date(), source="conseil")
    limit(act=cast.treasury(now), value=Decimal(0))
    other = cast.act(cast.coordinator, {Role.TREASURER}, now, Door.DESK)
    assert settlement.order_payouts(act=other, execution_on=now.date() + timedelta(days=9)).approval
    limit(act=cast.treasury(now), value=Decimal(10_000))


def _paid_by_card(client: Person, now: datetime) -> None:
    """An invoice of theirs, taken by a provider."""
    invoice = Invoice.objects.filter(client=client, what="work").order_by("-id")[0]
    Intent.objects.create(
        person=client,
        about="invoice",
        about_id=invoice.id,
        role=Intent.Role.OWN_SALE,
        provider="stripe",
        amount=invoice.total,
        state="captured",
        ref="pi_1",
        taken=invoice.total,
        fee=99,
        asked_at=now,
        entry=new_id(),
    )


def _end_a_season(cast: Cast, now: datetime) -> None:
    """A recurring job whose last agreed visit is near."""
    listed = Request.objects.filter(state="filled").exclude(listing__recurrence="")
    far = Mission.objects.filter(request__in=listed, starts_at__gt=now + timedelta(days=10))
    for mission in far.exclude(state="cancelled").select_related(*MISSION).order_by("-starts_at"):
        jobs.cancel_mission(act=cast.desk(now), mission=mission)


def _owe_a_supplier(cast: Cast, now: datetime) -> None:
    """A client calls a quoted visit off so late that a fee is due to the supplier."""
    client, supplier = cast.clients[0], Supplier.objects.select_related("person")[0].person
    then = now - timedelta(days=2)
    desk, own = cast.desk(then), partial(cast.act, at=then, door=Door.TEXT)
    wanted = jobs.post_request(
        act=desk,
        client=client,
        activity=cast.activities["jardin"],
        starts_at=now + timedelta(hours=6),
        minutes=120,
        mode=with_pricing("quote").code,
    )
    (proposal,) = jobs.propose(act=desk, request=wanted, workers=[supplier.id])
    quote = jobs.send_quote(act=own(supplier, {Role.SUPPLIER}), proposal=proposal, hourly=3200)
    jobs.accept_quote(act=own(client, {Role.CLIENT}), quote=quote)
    mission = Mission.objects.select_related(*MISSION).get(request=wanted)
    jobs.cancel_mission(act=cast.act(client, {Role.CLIENT}, now, Door.TEXT), mission=mission, fee=6400)


def _pause_an_offer(cast: Cast, now: datetime) -> None:
    offer = Offer.objects.filter(listing__state="open").select_related("listing", "person").order_by("-id")[0]
    jobs.pause_offer(act=cast.desk(now), offer=offer)


def _contest(cast: Cast, now: datetime) -> None:
    """Somebody wants taken back what is said of them."""
    said = Feedback.objects.filter(state="open", about__isnull=False).select_related("writer", "about", "agreement")[0]
    mission = Mission.objects.select_related(*MISSION).get(id=said.occasion)
    act = cast.act(said.about, {Role.WORKER}, now, Door.SITE)
    jobs.contest_feedback(act=act, mission=mission, feedback=said, words="Je n’étais pas chez elle ce jour-là.")


def collect(cast: Cast, now: datetime, client: Person) -> None:
    """Debits in every state, and a line of the bank that nobody knows. This client has a mandate, another's rests."""
    act = cast.treasury(now)
    others = {one.invoice.client_id: one.invoice.client for one in open_invoices() if one.invoice.what == "work"}
    paying = [client, *(one for one in others.values() if one != client)][:-1]  # One of them has no mandate.
    for number, person in enumerate(paying[:12]):
        iban, signed = made_up_iban(70_000 + number), now.date()
        payments.give_mandate(act=act, person=person, iban=iban, signed_on=signed, how="paper")
    back, on_its_way, near, again = (one.id for one in settlement.announce_debits(act=act)[:4])
    rows, soon = Debit.objects.select_related("invoice__client", "mandate"), now.date() + timedelta(days=9)
    settlement.collect_again(act=act, debit=settlement.drop_debit(act=act, debit=rows.get(id=again)))
    rows.filter(id=near).update(collect_on=soon + timedelta(days=30))
    rows.filter(id__in=[back, on_its_way]).update(collect_on=soon)
    settlement.order_debits(act=act)
    settlement.return_debit(act=act, debit=rows.get(id=back), on=now.date(), reason="AC04")
    rows.filter(id=near).update(collect_on=soon)
    unknown = entry(now.date(), "F1", 250, "DBIT", "", "TENUE DE COMPTE")
    owed = [one for one in open_invoices() if one.invoice.what == "work"][-1]
    said = (entry(now.date(), f"F{n}", 100, "CRDT", "M OU MME LENOIR", "MERCI") for n in (2, 3))
    content = "".join([head(now.date()), unknown, *said, TAIL])
    brought = bring_in(act=act, name="frais.xml", content=content.encode())
    line = next(one for one in lines_of(file=brought.file.id) if one.amount > 0)
    settlement.receive_by_hand(act=act, line=line, invoice=owed.invoice)  # The next such line is proposed by a rule.
    _paid_by_card(client, now)


def save(cast: Cast, now: datetime, client: Person) -> Person:
    """Money that people have with us: asked back, on its way; one account is empty. Returns who paid too much."""
    act, paid = cast.treasury(now), Invoice.objects.filter(receipts__amount__gt=0, kind="invoice", what="work")
    other, third = [one for one in cast.clients if one.id != client.id and paid.filter(client=one).exists()][:2]
    for person in (client, other):
        payments.set_bank_account(act=act, person=person, iban=made_up_iban(80_000))
        settlement.pay_in(act=act, person=person, amount=90_000, how="cash", key=f"save:{person.id}")
        settlement.withdraw(act=act, person=person, amount=500, how="transfer", key=f"first:{person.id}")
    settlement.order_withdrawals(act=act, execution_on=now.date() + timedelta(days=3))
    for person in (client, other):
        settlement.withdraw(act=act, person=person, amount=700, how="transfer", key=f"second:{person.id}")
    settlement.pay_in(act=act, person=third, amount=100, how="cash", key="third")
    settlement.withdraw(act=act, person=third, amount=100, how="cash", key="third")
    for number, person in enumerate((other, third)):
        invoice = paid.filter(client=person).select_related("client").order_by("issued_on")[0]
        settlement.credit(act=act, invoice=invoice, key=f"save {number}", reason="une heure de trop", amount=100)
    return other


def fall_behind(cast: Cast, now: datetime) -> None:
    """Of two late invoices, one is paid in instalments after a call, and a client said that it is a hard month."""
    act = cast.treasury(now)
    late = next(one.invoice for one in settled.late(on=now.date()) if one.may_send)
    settlement.agree_plan(
        act=act, client=late.client, invoices=[late], count=3, first_on=now.date() + timedelta(days=9), key="states"
    )
    settlement.pause_reminders(act=act, client=late.client, why="call", note="Paie en trois fois.")
    _pay_for_another(act, next(one.invoice for one in settled.late(on=now.date()) if one.may_send))
    _pay_by_voucher(act)


def _pay_for_another(act: Act, invoice: Invoice) -> None:
    """A CCAS undertook a part of this invoice, and is late with it."""
    body = people.add_person(act=act, family_name="CCAS de Valmarelle", kind="local_authority", phones=[])
    payer = settlement.describe_payer(act=act, person=body, kind="ccas", due_days=10)
    undertaken = settlement.undertake(
        act=act, payer=payer, beneficiary=invoice.client, how="percent", value=5000, starts_on=invoice.month
    )
    (share,) = share_out(act=act, invoice=invoice, parts=[(undertaken, invoice.total // 2)])
    day = act.at.date()
    said = entry(day, "F9", 100, "CRDT", "CCAS DE VALMARELLE", share.reference)
    bring_in(act=act, name="ccas.xml", content="".join([head(day), said, TAIL]).encode())


def _pay_by_voucher(act: Act) -> None:
    """Vouchers in the drawer and in two lists that left; one list was paid. A year ago something was paid too."""
    for one in reversed(open_invoices()):
        if settled.payable_by_voucher(invoice=one.invoice).amount > 900:
            break
    given = [Given("up", f"40215{number}", act.at.year, 100) for number in range(6)]
    taken = settlement.take_vouchers(act=act, invoice=one.invoice, vouchers=given, key="states")
    settlement.claim_vouchers(act=act, vouchers=taken[:2])
    old = [Given("up", "30215", act.at.year - 2, 100)]  # In time then, and forgotten in a drawer.
    then = replace(act, at=act.at.replace(year=act.at.year - 2, month=6, day=1))
    settlement.take_vouchers(act=then, invoice=one.invoice, vouchers=old, key="forgotten")
    paid = settlement.claim_vouchers(act=act, vouchers=taken[2:4])
    said = "".join(entry(act.at.date(), f"C{cents}", cents, "CRDT", "CRCESU", "CESU") for cents in (190, 195))
    content = "".join([head(act.at.date()), said, TAIL])
    first, _ = lines_of(file=bring_in(act=act, name="cesu.xml", content=content.encode()).file.id)
    settlement.pay_batch(act=act, batch=paid, line=first, fee=200 - first.amount)
    _gift_vouchers(act, one.invoice)
    before = act.at.date().replace(year=act.at.year - 1)
    settlement.receive_cash(act=act, invoice=one.invoice, amount=100, how="cash", on=before, key="last year")


def _gift_vouchers(act: Act, invoice: Invoice) -> None:
    """One that was spent, one for a service, one given back, and one that is over where that makes it income."""
    sell = partial(settlement.sell_gift_voucher, how="cash", secret_key=settings.SECRET_KEY)
    override(
        act=act,
        key="gift.lapsed_is_income",
        value=Decimal(1),
        unit="yes",
        source="CA",
        valid_from=act.at.date(),
    )
    _, code = sell(act=act, value=100, key="any", buyer="Claude et Dominique")
    settlement.spend_gift_voucher(act=act, invoice=invoice, code=code, key="any", secret_keys=[settings.SECRET_KEY])
    sell(act=act, value=3000, key="one", what="Ménage")
    back, _ = sell(act=act, value=1000, key="back")
    settlement.return_gift_voucher(act=act, voucher=back)
    sell(act=replace(act, at=act.at - timedelta(days=600)), value=2000, key="over")


def keep_two_keys(person: Person | None) -> None:
    """Two passkeys and no application: each may go, and an application be added."""
    account = person and person.account
    Authenticator.objects.filter(user=account).delete()
    for name in ("Clé bleue", "Clé verte"):
        data = {"name": name, "credential": _passkey(name.encode())}
        Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data=data)


def _passkey(name: bytes) -> dict[str, object]:
    """What a browser sends of a new key (WebAuthn, RegistrationResponseJSON); nobody can sign with it."""
    point = {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)}
    credential = AttestedCredentialData.create(Aaguid(bytes(16)), name, ES256(point))
    about = AuthenticatorData.create(bytes(32), AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, credential)
    client = {"type": "webauthn.create", "challenge": "", "origin": "http://localhost"}
    response = {
        "clientDataJSON": websafe_encode(json.dumps(client).encode()),
        "attestationObject": websafe_encode(AttestationObject.create("none", about, {})),
    }
    key = websafe_encode(name)
    return {"id": key, "rawId": key, "type": "public-key", "response": response, "clientExtensionResults": {}}
